import { symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Millis } from '../../../src-main/contract/units.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import type { Connection, Listening } from '../../../src-main/ports/transport.ts';
import { farewell } from '../../../src-main/transports/serial/farewell.ts';
import { serialFault } from '../../../src-main/platform/serial/open-fault.ts';
import type { PortInfo } from '../../../src-main/platform/serial/port-identity.ts';
import { systemPorts } from '../../../src-main/platform/serial/serial-ports.ts';
import {
  createSerialTransport,
  type SerialTransport,
  type SerialTransportOptions,
} from '../../../src-main/transports/serial/serial-transport.ts';
import { hasProgram, notInstalled } from '../../integration/find-program.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { skipUnless } from '../../skip-unless.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { until } from '../../until.ts';
import { createMockPorts, type MockPorts } from '../../platform/serial/mock-ports.ts';
import { openPtyLine } from './pty-line.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Door {
  readonly transport: SerialTransport;
  readonly listening: Listening;
  readonly sessions: { readonly connection: Connection; readonly frames: Buffer[]; closed: string }[];
}

async function open(options: Partial<SerialTransportOptions> & { readonly device: string }): Promise<Door> {
  const limits = { retryEveryMs: 20 as Millis, dialTimeoutMs: 300 as Millis, probeEveryMs: 50 as Millis };
  const transport = createSerialTransport({ clock: createSystemClock(), log: silentLog, limits, ...options });
  const sessions: Door['sessions'] = [];
  const listening = await transport.listen((connection) => {
    const session = { connection, frames: [] as Buffer[], closed: '' };
    sessions.push(session);
    connection.onFrame((frame) => session.frames.push(Buffer.from(bytesOfFrame(frame))));
    connection.onClose((reason) => (session.closed = reason));
  });
  ends.push(() => listening.stop());
  return { transport, listening, sessions };
}

const hello = (name = 'box', id?: bigint): Uint8Array =>
  encodeFrame(
    { type: messageType.hello, version: 1, name, features: ['param'] },
    id === undefined ? {} : { timestamp: id },
  ).slice();
const ping = encodeFrame({ type: messageType.ping }).slice();
const pong = encodeFrame({ type: messageType.pong }).slice();

async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a serial port that is not there', () => {
  skipUnless(hasProgram('socat'), notInstalled('socat', 'socat'));

  it('[TP66] is waited for, and says so, and is a way in once it is plugged in', async () => {
    const path = join(temporaryFolder(), 'ttyUSB0');
    const door = await open({ device: path });
    expect(door.listening.url).toBe(`serial://${path}?baud=115200`);
    expect(door.listening.waitingFor?.()).toBe(`${path} is not there: plug it in.`);
    const { ends: ptys } = await openPtyLine();
    symlinkSync(ptys[0], path);
    await until('the port', () => door.listening.waitingFor?.() === undefined);
    const client = await door.transport.dial(`serial://${ptys[1]}?baud=115200`);
    client.send(hello());
    await until('the session', () => door.sessions.length === 1);
  });

  it('[TP66] is told from one that is in use, and from what is no port; dialling says so at once', async () => {
    const { ends: ptys } = await openPtyLine();
    await open({ device: ptys[0] });
    const second = await open({ device: ptys[0] });
    const words = `${ptys[0]} is in use by another program: end that program.`;
    expect(second.listening.waitingFor?.()).toBe(words);
    await expect(second.transport.dial(`serial://${ptys[0]}`)).rejects.toMatchObject({
      code: 'port-in-use',
      message: words,
    });
    await expect(second.transport.dial('serial:///dev/nowhere')).rejects.toMatchObject({
      code: 'cannot-open-port',
      message: '/dev/nowhere is not there: plug it in.',
    });
    expect((await open({ device: '/dev/null' })).listening.waitingFor?.()).toBe('/dev/null is no serial port.');
    expect(serialFault('/dev/ttyUSB0', new Error('Error: Permission denied, cannot open /dev/ttyUSB0')).message).toBe(
      '/dev/ttyUSB0 may not be opened by this user: add it to the group dialout.',
    );
  });

  it('[TP67] is found again by what it is when it comes back under another name', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'ttyUSB0');
    const line = await openPtyLine();
    symlinkSync(line.ends[0], path);
    let listed: PortInfo[] = [{ path: line.ends[0], vendorId: '0403', productId: '6001', serialNumber: 'A1' }];
    let asked = 0;
    const list = async (): Promise<readonly PortInfo[]> => {
      asked++;
      return listed;
    };
    const door = await open({ device: path, ports: { open: systemPorts.open, list } });
    const first = await door.transport.dial(`serial://${line.ends[1]}`);
    first.send(hello());
    await until('the session', () => door.sessions.length === 1 && asked > 0);
    await line.unplug();
    unlinkSync(path);
    await until('the end of the session', () => (door.sessions[0]?.closed ?? '') !== '');
    await until('the door to wait', () => door.listening.waitingFor?.() !== undefined);
    const again = await openPtyLine();
    listed = [{ path: again.ends[0], vendorId: '0403', productId: '6001', serialNumber: 'A1' }];
    await until('the box', () => door.listening.waitingFor?.() === undefined);
    const second = await door.transport.dial(`serial://${again.ends[1]}`);
    second.send(hello());
    await until('the new session', () => door.sessions.length === 2);
  });

  it('[TP68] is named by its USB name', async () => {
    const { ends: ptys } = await openPtyLine();
    let listed: PortInfo[] = [];
    const ports = { open: systemPorts.open, list: async () => listed };
    const door = await open({ device: 'usb=0403:6001:A1', ports });
    expect(door.listening.url).toBe('serial://usb/0403:6001:A1?baud=115200');
    expect(door.listening.waitingFor?.()).toBe('No USB device 0403:6001:A1 is plugged in.');
    listed = [{ path: ptys[0], vendorId: '0403', productId: '6001', serialNumber: 'A1' }];
    await until('the box', () => door.listening.waitingFor?.() === undefined);
  });
});

describe('a serial line', () => {
  async function plugged(): Promise<
    Door & { readonly ports: MockPorts; readonly clock: SimulatedClock; say(...frames: Uint8Array[]): Promise<void> }
  > {
    const [ports, clock] = [createMockPorts('/dev/ttyUSB0'), new SimulatedClock()];
    const door = await open({ device: '/dev/ttyUSB0', ports, clock, limits: { retryEveryMs: 1000 as Millis } });
    ends.pop();
    ends.push(async () => {
      const stopped = door.listening.stop();
      await nextTurns();
      clock.advance(1000);
      await stopped;
    });
    const say = async (...frames: Uint8Array[]): Promise<void> => {
      ports.binding().emitData(Buffer.concat(frames));
      await nextTurns();
    };
    return { ...door, ports, clock, say };
  }

  it('[TP60] begins a session with HELLO, and ends it with a farewell; the next one comes on the same port', async () => {
    const { sessions, say } = await plugged();
    await say(hello());
    await say(ping, farewell, hello('another'));
    expect(sessions.map(({ frames, closed }) => [frames.length, closed])).toEqual([
      [2, 'closed by the peer'],
      [1, ''],
    ]);
  });

  it('[TP61] begins anew with a HELLO of a box that was reset; the same request once more is left to the session', async () => {
    const { sessions, say } = await plugged();
    await say(hello('box'));
    await say(hello('box'));
    await say(hello('box', 7n));
    await say(hello('box', 7n), hello('box', 8n));
    expect(sessions.map(({ frames, closed }) => [frames.length, closed])).toEqual([
      [1, 'the peer began anew'],
      [1, 'the peer began anew'],
      [2, 'the peer began anew'],
      [1, ''],
    ]);
  });

  it('[TP62] answers a PING, and tells who has no session that there is none, but never a farewell', async () => {
    const { transport, ports, say } = await plugged();
    await say(ping);
    expect(ports.received()).toEqual(Buffer.from(pong));
    await say(pong, farewell);
    expect(ports.received()).toEqual(Buffer.concat([pong, farewell]));
    expect(transport.refused()).toEqual({ skippedBytes: 0, stranger: 1 });
  });

  it('[TP63] takes a break and other noise for what it is, and counts it', async () => {
    const { transport, sessions, say } = await plugged();
    await say(Buffer.of(0, 0, 0xff), hello(), Buffer.of(0), ping);
    expect([sessions[0]?.frames.length, transport.refused().skippedBytes]).toEqual([2, 4]);
  });

  it('[TP71] ends a session when the cable says that the peer closed its port', async () => {
    const { sessions, ports, clock, say } = await plugged();
    const signals = { cts: true, dsr: true, dcd: true };
    ports.binding().get = () => Promise.resolve(signals);
    await say(hello());
    clock.advance(1000);
    await nextTurns();
    expect(sessions[0]?.closed).toBe('');
    signals.dsr = false;
    clock.advance(1000);
    await nextTurns();
    expect(sessions[0]?.closed).toBe('the peer closed its port');
    await say(hello());
    expect(sessions.length).toBe(2);
  });

  it('[TP71] leaves a cable of three wires alone, which says nothing', async () => {
    const { sessions, clock, say } = await plugged();
    await say(hello());
    for (let i = 0; i < 5; i++) {
      clock.advance(1000);
      await nextTurns();
    }
    expect(sessions[0]?.closed).toBe('');
  });

  it.each(['read', 'write'] as const)(
    '[TP71] loses its port to a %s error, and takes it again by itself',
    async (operation) => {
      const { listening, sessions, ports, clock, say } = await plugged();
      await say(hello());
      const binding = ports.binding();
      const fault = new Error(`${operation} EIO`);
      if (operation === 'read') binding.pendingRead?.(fault);
      else {
        binding.write = () => Promise.reject(fault);
        sessions[0]?.connection.send(ping);
      }
      await nextTurns();
      expect(sessions[0]?.closed).toBe(`${operation} EIO`);
      expect(listening.waitingFor?.()).toBe(`/dev/ttyUSB0 was lost: ${operation} EIO`);
      clock.advance(1000);
      await nextTurns();
      expect(listening.waitingFor?.()).toBe(undefined);
      await say(hello());
      expect(sessions.length).toBe(2);
    },
  );

  it('[TP71] opens its port with the flow control that was asked for, for itself alone', async () => {
    const ports = createMockPorts('/dev/ttyUSB0');
    await open({ device: '/dev/ttyUSB0', ports, line: { baud: 31_250, flow: 'rtscts', parity: 'even' } });
    expect(ports.binding().openOptions).toMatchObject({ baudRate: 31_250, rtscts: true, parity: 'even', lock: true });
    const second = await open({ device: '/dev/ttyUSB0', ports });
    expect(second.listening.waitingFor?.()).toContain('in use by another program');
  });

  it('[TP16] drops who answered a PING and then falls silent for two intervals', async () => {
    const { sessions, clock, say } = await plugged();
    await say(hello(), pong);
    for (let i = 0; i < 3; i++) {
      clock.advance(10_000);
      await nextTurns();
    }
    expect(sessions[0]?.closed).toBe('silent for two ping intervals');
  });

  it('[TP74] is dialled by a farewell and a PING, and refused when nobody answers', async () => {
    const [ports, clock] = [createMockPorts('/dev/ttyUSB0'), new SimulatedClock()];
    const transport = createSerialTransport({ device: '/dev/null', ports, clock, log: silentLog });
    const silent = transport.dial('serial:///dev/ttyUSB0').catch((error: unknown) => error);
    await nextTurns();
    expect(ports.received()).toEqual(Buffer.concat([farewell, ping]));
    for (let i = 0; i < 40; i++) {
      clock.advance(100);
      await nextTurns();
    }
    expect(await silent).toMatchObject({
      code: 'cannot-open-port',
      message: 'serial:///dev/ttyUSB0 does not answer: nobody answered.',
    });
    const dialled = transport.dial('serial:///dev/ttyUSB0');
    await nextTurns();
    // What is left of an older session, the answer, and one to a second question.
    ports.binding().emitData(Buffer.concat([hello('old'), pong, pong, hello('new')]));
    const connection = await dialled;
    const frames: Buffer[] = [];
    connection.onFrame((frame) => frames.push(Buffer.from(bytesOfFrame(frame))));
    await nextTurns();
    expect(frames).toEqual([Buffer.from(hello('new'))]);
  });
});
