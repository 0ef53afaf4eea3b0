import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach } from 'vitest';
import { signatureHeaders, type Found, type Registered } from '../../src-main/contract/rendezvous.ts';
import { micros } from '../../src-main/contract/units.ts';
import { signedBytes } from '../../src-main/core/discovery/signed-request.ts';
import {
  openRendezvousGateway,
  type RendezvousGateway,
  type RendezvousGatewayOptions,
} from '../../src-main/gateways/rendezvous/rendezvous-gateway.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { silentLog } from '../silent-log.ts';

const open = new Set<RendezvousGateway>();
afterEach(async () => {
  await Promise.all([...open].map((server) => server.stop()));
  open.clear();
});

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** parsed; undefined for what is no JSON */
  readonly json: AnyAnswer;
}

/** Whatever the call that is tested gives. */
type AnyAnswer = Registered & {
  readonly error: { readonly code: string; readonly message: string; readonly serverTime: number };
} & readonly Found[];

/** A server on a free port that stops after the test. */
export async function startRendezvous(options: Partial<RendezvousGatewayOptions> = {}) {
  const clock = options.clock ?? createSystemClock();
  const random = createSystemRandom();
  const server = await openRendezvousGateway({ host: '127.0.0.1', port: 0, clock, random, log: silentLog, ...options });
  open.add(server);
  const api = `${server.url}/api/v1`;
  return {
    server,
    clock,
    api,
    ask: (method: string, path: string, more: RequestInit = {}) => ask(`${api}${path}`, { method, ...more }),
    register: (body: unknown, more: RequestInit = {}) =>
      ask(`${api}/register`, { method: 'POST', body: JSON.stringify(body), ...more }),
  };
}

async function ask(url: string, request: RequestInit): Promise<Answer> {
  const answer = await fetch(url, request);
  const text = await answer.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: answer.status, headers: answer.headers, text, json: json as AnyAnswer };
}

/** A new key that signs headers. */
export function makeOwner() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x!;
  return {
    key,
    headers: (method: string, target: string, time: number, body = ''): Record<string, string> => {
      const bytes = signedBytes({ method, target, time: micros(time) }, new TextEncoder().encode(body));
      return {
        [signatureHeaders.key]: key,
        [signatureHeaders.time]: String(time),
        [signatureHeaders.signature]: sign(null, bytes, privateKey).toString('base64url'),
      };
    },
  };
}
