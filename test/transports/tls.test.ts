import { connect as connectPlain, createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  makeAuthority,
  makeServerCertificate,
  type CertificatePair,
} from '../../src-main/platform/certificate-maker.ts';
import type { Millis } from '../../src-main/contract/units.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import type { Transport } from '../../src-main/ports/transport.ts';
import { createTcpTransport } from '../../src-main/transports/tcp/tcp-transport.ts';
import type { TlsIdentity } from '../../src-main/transports/tls.ts';
import { createWebSocketTransport } from '../../src-main/transports/websocket/websocket-transport.ts';
import { describeClasp } from '../conformance/clasp-over-transport.ts';
import { describeBackPressure, describeTransport, type TransportCase } from '../conformance/transport.ts';
import { silentLog } from '../silent-log.ts';
import { until } from '../until.ts';

const now = Date.now();
const year = 365 * 86_400_000;
const authority = await makeAuthority('Flyrail test', now);
const other = await makeAuthority('Somebody else', now);
const here = await makeServerCertificate(authority, ['127.0.0.1', 'localhost'], now);

interface Makes {
  readonly identity?: TlsIdentity;
  readonly authorities?: readonly string[];
  readonly handshakeTimeoutMs?: Millis;
}
const base = { host: '127.0.0.1', port: 0, clock: createSystemClock(), log: silentLog };
const makers: Readonly<Record<'tls' | 'wss', (some?: Makes) => Transport>> = {
  tls: ({ identity = here, authorities = [authority.cert], handshakeTimeoutMs } = {}) =>
    createTcpTransport({
      ...base,
      identity,
      authorities,
      ...(handshakeTimeoutMs && { limits: { handshakeTimeoutMs, dialTimeoutMs: handshakeTimeoutMs } }),
    }),
  wss: ({ identity = here, authorities = [authority.cert], handshakeTimeoutMs } = {}) =>
    createWebSocketTransport({
      ...base,
      identity,
      authorities,
      isAllowedOrigin: () => false,
      onRefused: () => undefined,
      ...(handshakeTimeoutMs && { limits: { upgradeTimeoutMs: handshakeTimeoutMs } }),
    }),
};

for (const kind of ['tls', 'wss'] as const) {
  const make = (): TransportCase => ({
    transport: makers[kind](),
    ...(kind === 'tls' && { closeWords: 'closed by the peer' }),
    stall: (connection) => {
      connection.pauseReading();
      return () => connection.resumeReading();
    },
  });
  describeTransport(kind, make);
  describeBackPressure(kind, make);
  describeClasp(kind, () => ({ transport: makers[kind](), cut: (connection) => connection.close('cut') }));
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function open(kind: 'tls' | 'wss', some: Makes = {}): Promise<string> {
  const { url, stop } = await makers[kind](some).listen((connection) => connection.onFrame(() => undefined));
  stops.push(stop);
  return url;
}

describe.each(['tls', 'wss'] as const)('who dials %s', (kind) => {
  it.each<[string, () => Promise<Makes>, string]>([
    [
      'the certificate is for another machine',
      async () => ({ identity: await server(['10.0.0.5']) }),
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['the certificate has ended', async () => ({ identity: await server(['127.0.0.1'], now - 2 * year) }), 'expired'],
    [
      'the certificate is not yet valid',
      async () => ({ identity: await server(['127.0.0.1'], now + year) }),
      'not yet valid',
    ],
    ['nobody that is trusted has signed it', async () => ({ authorities: [other.cert] }), 'certificate'],
    ['no authority is trusted beside the well-known ones', async () => ({ authorities: [] }), 'certificate'],
  ])('[CT7] does not connect when %s', async (_what, some, words) => {
    const url = await open(kind, await some());
    const { authorities } = await some();
    const failed = makers[kind]({ ...(authorities && { authorities }) }).dial(url);
    await expect(failed).rejects.toMatchObject({ code: 'cannot-open-port' });
    expect(await failed.catch((error: unknown) => reasonsOf(error))).toContain(words);
  });

  it('[CT7] does not connect to what speaks no TLS, and TLS does not connect to what does', async () => {
    const plain = createTcpTransport(base);
    const { url, stop } = await plain.listen((connection) => connection.onFrame(() => undefined));
    stops.push(stop);
    const { host } = new URL(url);
    await expect(makers[kind]().dial(`${kind}://${host}`)).rejects.toMatchObject({ code: 'cannot-open-port' });
  });

  it('[TP36] is dropped when the handshake is not finished in time', async () => {
    const { hostname, port } = new URL(await open(kind, { handshakeTimeoutMs: 50 as Millis }));
    const socket = connectPlain(Number(port), hostname);
    socket.on('error', () => undefined).resume();
    await new Promise((resolve) => socket.once('close', resolve));
  });

  it('[TP7] does not keep the port from stopping while the handshake hangs', async () => {
    const { url, stop } = await makers[kind]().listen((connection) => connection.onFrame(() => undefined));
    const { hostname, port } = new URL(url);
    const socket = connectPlain(Number(port), hostname).on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    // Connections are taken in order: behind this one the server knows the first.
    const behind = await makers[kind]().dial(url);
    const gone = new Promise((resolve) => socket.resume().once('close', resolve));
    const begun = performance.now();
    await stop();
    expect(performance.now() - begun).toBeLessThan(2000);
    await gone;
    behind.close();
  });

  it('[TP41] is not kept waiting for ever by what takes the connection and says nothing', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => silent.close(() => resolve())));
    const { port } = silent.address() as AddressInfo;
    const closed = new Promise((resolve) =>
      silent.once('connection', (socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .once('close', resolve),
      ),
    );
    const dialled = makers[kind]({ handshakeTimeoutMs: 50 as Millis }).dial(`${kind}://127.0.0.1:${port}`);
    await expect(dialled).rejects.toMatchObject({ code: 'cannot-open-port' });
    await closed;
  });

  it('[CT7] is refused below TLS 1.2', async () => {
    const { hostname, port } = new URL(await open(kind));
    const outcome = await new Promise<string>((resolve) => {
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
      const socket = connect({ host: hostname, port: Number(port), ca: authority.cert, ...old }, () => {
        resolve(`connected with ${socket.getProtocol()}`);
        socket.destroy();
      });
      socket.once('error', (error: Error) => resolve(error.message));
    });
    expect(outcome).toMatch(/protocol version|no protocols available|unsupported protocol/);
  });
});

it('[TP24] a peer over TLS that is told of its fault and stays is dropped as soon as one over TCP', async () => {
  let isClosed = false;
  const { url, stop } = await makers.tls().listen((connection) => {
    connection.onFrame(() => undefined);
    connection.onClose(() => (isClosed = true));
  });
  stops.push(stop);
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ca: authority.cert });
  socket.on('error', () => undefined).pause();
  stops.push(async () => void socket.destroy());
  socket.write(Buffer.alloc(4, 0xff));
  await until('the end', () => isClosed, 5000);
});

function server(names: readonly string[], at = now): Promise<CertificatePair> {
  return makeServerCertificate(authority, names, at);
}

/** The message, and the codes and messages of what caused it. */
function reasonsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return `${error.message} ${code} ${error.cause === undefined ? '' : reasonsOf(error.cause)}`;
}
