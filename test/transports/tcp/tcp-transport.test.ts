import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { frameFor } from '../../../src-main/core/protocol/framing.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import type { Connection, Listening } from '../../../src-main/ports/transport.ts';
import { StreamConnection } from '../../../src-main/transports/stream-connection.ts';
import {
  createTcpTransport,
  type TcpTransport,
  type TcpTransportOptions,
} from '../../../src-main/transports/tcp/tcp-transport.ts';
import { describeClasp } from '../../conformance/clasp-over-transport.ts';
import { describeBackPressure, describeTransport, type TransportCase } from '../../conformance/transport.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';

function make(options: Partial<TcpTransportOptions> = {}): TcpTransport {
  return createTcpTransport({ host: '127.0.0.1', port: 0, clock: createSystemClock(), log: silentLog, ...options });
}

const makeCase = (): TransportCase => ({
  transport: make(),
  closeWords: 'closed by the peer',
  stall: (connection) => {
    connection.pauseReading();
    return () => connection.resumeReading();
  },
});
describeTransport('tcp', makeCase);
describeBackPressure('tcp', makeCase);

describeClasp('tcp', () => ({
  transport: make(),
  cut: (connection) => {
    if (!(connection instanceof StreamConnection)) throw new Error('not a stream');
    connection.terminate('cut');
  },
}));

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Door {
  readonly transport: TcpTransport;
  readonly listening: Listening;
  readonly accepted: Connection[];
  /** a peer that is not ours */
  dial(): Promise<Socket>;
}

async function open(options: Partial<TcpTransportOptions> = {}): Promise<Door> {
  const transport = make(options);
  const accepted: Connection[] = [];
  const listening = await transport.listen((connection) => {
    connection.onFrame(() => undefined);
    accepted.push(connection);
  });
  ends.push(listening.stop);
  const dial = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(listening.url).port), '127.0.0.1', () => resolve(socket));
      socket.once('error', reject);
      ends.push(() => socket.destroy());
    });
  return { transport, listening, accepted, dial };
}

/** The frames that a peer gets until it is closed. */
function untilEnd(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}

describe('a TCP door', () => {
  it('[TP24] tells a peer that speaks something else, counts it and closes', async () => {
    const door = await open();
    const socket = await door.dial();
    const got = untilEnd(socket);
    socket.write('GET / HTTP/1.1\r\nHost: desk\r\n\r\n');
    const { message } = decodeFrame((await got).subarray(4));
    expect(message).toMatchObject({ type: messageType.error, code: 100 });
    expect(door.transport.refused()).toEqual({ frame: 1 });
  });

  it('[TP18] is an error with host and port when the port is in use, and can be opened again once stopped', async () => {
    const door = await open();
    const port = Number(new URL(door.listening.url).port);
    await expect(make({ port }).listen(() => undefined)).rejects.toMatchObject({
      code: 'port-in-use',
      details: { port },
    });
    await door.listening.stop();
    const again = await make({ port }).listen(() => undefined);
    await again.stop();
  });

  it('[TP17] takes no more connections than it may', async () => {
    const door = await open({ limits: { connectionsMax: 2 } });
    await door.dial();
    await door.dial();
    await untilEnd(await door.dial());
    expect(door.accepted.length).toBe(2);
  });

  it.each(['tcp://127.0.0.1', 'ws://127.0.0.1:7330', 'tcp://127.0.0.1:7330/clasp', '7330'])(
    '[TP6] refuses to dial %s and says what it expects',
    async (url) => {
      await expect(make().dial(url)).rejects.toMatchObject({
        code: 'cannot-open-port',
        message: expect.stringContaining('expected tcp://host:port') as string,
      });
    },
  );
});

describe('half-open peers', () => {
  const ping = frameFor('length32', encodeFrame({ type: messageType.ping }));
  const pong = frameFor('length32', encodeFrame({ type: messageType.pong }));

  it('[TP16] who answered a PING and then falls silent for two intervals is dropped', async () => {
    const clock = new SimulatedClock();
    const door = await open({ clock });
    const socket = await door.dial();
    const got: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => got.push(chunk));
    await until('the connection', () => door.accepted.length === 1);
    let closed = '';
    let frames = 0;
    door.accepted[0]?.onClose((reason) => (closed = reason));
    door.accepted[0]?.onFrame(() => frames++);
    clock.advance(30_000);
    await until('a PING', () => Buffer.concat(got).equals(ping));
    socket.write(pong);
    await until('the PONG', () => frames === 1);
    clock.advance(30_000);
    clock.advance(30_000);
    expect(closed).toBe('');
    clock.advance(30_000);
    await until('the end', () => closed !== '');
    expect(closed).toBe('silent for two ping intervals');
  });

  it('[TP25] who never answered one may be an old client, and stays', async () => {
    const clock = new SimulatedClock();
    const door = await open({ clock });
    await door.dial();
    await until('the connection', () => door.accepted.length === 1);
    let closed = '';
    door.accepted[0]?.onClose((reason) => (closed = reason));
    for (let i = 0; i < 10; i++) clock.advance(30_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe('');
  });
});
