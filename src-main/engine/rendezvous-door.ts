import { hostname } from 'node:os';
import type { OpenDoor } from '../contract/door.ts';
import { UnavailableError } from '../contract/errors.ts';
import type { RegistrationInput } from '../contract/rendezvous.ts';
import { RendezvousClient, type RendezvousState } from '../core/discovery/rendezvous-client.ts';
import {
  openRendezvousGateway,
  type RendezvousFigures,
  type RendezvousGateway,
} from '../gateways/rendezvous/rendezvous-gateway.ts';
import { addressToward } from '../platform/address-toward.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { createHttpCaller } from '../platform/http-caller.ts';
import { openSigningKey } from '../platform/signing-key.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Closers } from './closers.ts';

/** At which rendezvous server the router makes itself known. */
export interface RegisterSettings {
  /** http or https */
  readonly url: string;
  readonly tags: readonly string[];
}

export interface RendezvousOptions {
  /** where a rendezvous server runs inside; undefined: none does */
  readonly rendezvousPort?: number | undefined;
  /** whether that takes signed requests only */
  readonly rendezvousRequireSigned?: boolean | undefined;
  readonly register?: readonly RegisterSettings[] | undefined;
}

interface Around {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** where the server inside listens */
  readonly host: string;
  readonly folder: Pick<DataPaths, 'rendezvousKey'>;
  /** those that are open now */
  readonly open: () => readonly OpenDoor[];
  readonly closers: Pick<Closers, 'add'>;
}

export interface RendezvousDoor {
  /** of the server inside */
  readonly url: string | undefined;
  readonly figures: () => RendezvousFigures | undefined;
  /** where the router makes itself known, and whether it is */
  readonly registrations: () => readonly RendezvousState[];
}

/** All kinds of signals, by the names that HELLO has for them. */
const features = ['param', 'event', 'stream', 'timeline', 'gesture'];

/** The rendezvous server inside, and the router's own entries at others.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' | 'cannot-read-file' | 'cannot-write-file' */
export async function openRendezvousDoor(options: RendezvousOptions & Around): Promise<RendezvousDoor> {
  const { closers, register = [] } = options;
  const server = await openServer(options);
  if (server) closers.add(server.stop);
  const clients = register.length === 0 ? [] : await registerAt(register, options);
  if (clients.length > 0) closers.add(() => Promise.all(clients.map((client) => client.stop())));
  return {
    url: server?.url,
    figures: () => server?.figures(),
    registrations: () => clients.map((client) => client.state()),
  };
}

async function openServer(options: RendezvousOptions & Around): Promise<RendezvousGateway | undefined> {
  const { rendezvousPort: port, rendezvousRequireSigned: requireSigned = false, host, clock, random, log } = options;
  if (port === undefined) return undefined;
  return openRendezvousGateway({ host, port, clock, random, log, requireSigned });
}

async function registerAt(servers: readonly RegisterSettings[], around: Around): Promise<RendezvousClient[]> {
  const { clock, random, log, folder } = around;
  const signer = await openSigningKey(folder.rendezvousKey);
  const http = createHttpCaller();
  return servers.map(({ url, tags }) => {
    const registration = () => describeRouter(around, { url, tags });
    const onState = createStateLog(log);
    return new RendezvousClient({ http, clock, random, signer, url, registration, onState });
  });
}

/** A change is told once, not every try. */
function createStateLog(log: Log): (state: RendezvousState) => void {
  let last: RendezvousState['state'] | undefined;
  return ({ url, state, reason }) => {
    if (state === last) return;
    last = state;
    if (state === 'failing') log.warn('not registered at the rendezvous server', { url, reason });
    else log.info('registered at the rendezvous server', { url });
  };
}

/** Where a way in is open on all addresses, others are told the one from which this machine reaches the server; where it is open
 *  to this machine alone, they are not told of it.
 *  @throws UnavailableError 'cannot-open-port', as a rejection, when nothing is left */
async function describeRouter({ open }: Pick<Around, 'open'>, to: RegisterSettings): Promise<RegistrationInput> {
  const own = await addressToward(new URL(to.url).hostname.replace(/^\[|\]$/g, ''));
  const isElsewhere = own !== undefined && !isLoopbackUrl(`udp://${own}`) && own !== '::1';
  const endpoints: Record<string, string> = {};
  const doors = open();
  for (const { kind, url, host: bound } of doors) {
    if (bound === undefined) continue;
    const told = isWildcard(bound) && own !== undefined ? withHost(url, own) : url;
    if (isElsewhere && isLoopbackUrl(told)) continue;
    const name = kind === 'websocket' ? 'ws' : kind;
    const free = [name, ...doors.map((_, number) => `${name}-${number + 2}`)].find((each) => !(each in endpoints));
    if (free !== undefined) endpoints[free] = told;
  }
  if (Object.keys(endpoints).length === 0)
    throw new UnavailableError('cannot-open-port', 'No way in is open to other machines: --host says for whom.');
  const name = `Flyrail on ${hostname()}`;
  return { name, features, endpoints, tags: [...to.tags], metadata: { software: 'Flyrail' } };
}

function isLoopbackUrl(url: string): boolean {
  return /^[a-z]+:\/\/(127\.|\[::1\]|localhost\b)/.test(url);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function withHost(url: string, address: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return url.replace(/^([a-z]+:\/\/)(\[[^\]]*\]|[^:/]+)/, `$1${host}`);
}
