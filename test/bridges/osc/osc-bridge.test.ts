import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { toBuffer } from 'osc-min';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OscBridge } from '../../../src-main/bridges/osc/osc-bridge.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { OscBridge as OscBridgeSettings } from '../../../src-main/contract/show.ts';
import { f32, f64, text, type Signal } from '../../../src-main/contract/signal.ts';
import { describeBridge, RecordingHost } from '../../conformance/bridge.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { listNetworkCards } from '../../../src-main/platform/network-interfaces.ts';
import type { Clock } from '../../../src-main/ports/clock.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { oscSettings } from '../bridge-settings.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** who listens, and says nothing */
let quiet: Device;
beforeAll(async () => {
  quiet = await Device.open();
});
afterAll(() => quiet.close());

let takenPort = 0;
describeBridge('OscBridge', {
  prefix: '/osc',
  make: (clock) => new OscBridge(oscSettings({ listenPort: takenPort, targets: to(quiet.port) }), needsOf(clock)),
  breakWorld: async () => {
    const device = await Device.open();
    takenPort = device.port;
    return async () => {
      takenPort = 0;
      await device.close();
    };
  },
  remakes: [oscSettings({ targets: to(10) }), oscSettings({ prefix: '/desk' })],
  sends: param('/osc/fader', f32(0.5)),
  refuses: param('/osc/fader', text('a\0b')),
});

describe('OSC bridge', () => {
  it('[OS1] puts its prefix before what comes in, and takes it off what goes out', async () => {
    const { bridge, host, device } = await connect();
    device.send(toBuffer({ address: '/ch/1/fader', args: [{ type: 'float', value: 0.25 }] }));
    await until('the message', () => host.published.length === 1);
    expect(host.published).toEqual([param('/osc/ch/1/fader', f32(0.25))]);
    expect(bridge.status()).toMatchObject({ inTotal: 1, refusedTotal: 0 });
    expect(bridge.status().seenAt).toBeGreaterThan(0);
    bridge.apply([
      param('/osc/ch/2', f64(1)),
      param('/other/ch/2', f64(1)),
      param('/oscar', f64(1)),
      param('/osc', f64(1)),
    ]);
    await until('the datagram', () => device.received.length === 1);
    expect(device.received).toEqual([Buffer.from('/ch/2\0\0\0,f\0\0\x3f\x80\0\0', 'latin1')]);
    expect(bridge.status()).toMatchObject({ outTotal: 1, refusedTotal: 3 });
  });

  it('[OS1] sends params, events, streams and gestures alike, the samples of a stream as floats, and no timeline', async () => {
    const { bridge, device } = await connect();
    const address = parseAddress('/osc/a');
    bridge.apply([
      { kind: 'event', address, value: f32(1) },
      { kind: 'stream', address, value: { type: 'null' }, samples: [1, 2] },
      { kind: 'gesture', address, value: f32(1), gestureId: 1, phase: 'start' },
      { kind: 'timeline', address, value: f32(1) },
    ]);
    await until('three datagrams', () => device.received.length === 3);
    expect(device.received.map((bytes) => bytes.toString('latin1', 4, 8))).toEqual([',f\0\0', ',ff\0', ',f\0\0']);
    expect(bridge.status().refusedTotal).toBe(1);
  });

  it('[OS5] hands on what a bundle holds with its time, in one piece, and the rest at once', async () => {
    const { host, device, clock } = await connect();
    const at = clock.nowMicros() + 2_000_000;
    const elements = ['/one', '/two'].map((address) => ({ address, args: [{ type: 'integer', value: 1 } as const] }));
    device.send(toBuffer({ timetag: new Date(at / 1000), elements }));
    device.send(toBuffer({ timetag: [0, 1], elements }));
    await until('the messages', () => host.published.length === 2);
    const batch = ['/osc/one', '/osc/two'].map((address) => param(address, { type: 'i32', value: 1 }));
    expect(host.timed).toEqual([{ batch, at }]);
    expect(host.batches).toEqual([batch]);
  });

  it('[OS22] counts bundles that come too late or are too many, and does at once what is timed far ahead', async () => {
    const { bridge, host, device, clock } = await connect();
    const send = (aheadMs: number) =>
      device.send(
        toBuffer({ timetag: new Date(clock.nowMicros() / 1000 + aheadMs), elements: [{ address: '/a', args: [1] }] }),
      );
    host.timedBecomes = 'late';
    send(-5000);
    await until('the late one', () => bridge.status().refusedTotal === 1);
    expect(bridge.status().reason).toContain('too late for this show');
    host.timedBecomes = 'full';
    send(5000);
    await until('one too many', () => bridge.status().refusedTotal === 2);
    expect(bridge.status().reason).toContain('more bundles than can wait');
    send(10_001);
    await until('the far one', () => host.published.length === 1);
    expect(bridge.status()).toMatchObject({ refusedTotal: 3, inTotal: 3 });
    expect(bridge.status().reason).toContain('check the clock of the sender');
  });

  it('[OS6] refuses what has no place here, counts it, and takes the next message', async () => {
    const { bridge, host, device } = await connect();
    for (const address of [`/${'x'.repeat(2000)}`, `/${'a/'.repeat(64)}`]) device.send(toBuffer({ address }));
    device.send(Buffer.from('not OSC'));
    device.send(toBuffer({ address: '/good', args: [1] }));
    await until('the good message', () => host.published.length === 1);
    expect(host.published).toEqual([param('/osc/good', f32(1))]);
    expect(bridge.status()).toMatchObject({ state: 'connected', inTotal: 1, refusedTotal: 3 });
  });

  it('[OS8] sends nothing when its direction is in, and says so', async () => {
    const { bridge, host, device } = await connect({ direction: 'in' });
    bridge.apply([param('/osc/a', f32(1))]);
    device.send(toBuffer({ address: '/x' }));
    await until('the message', () => host.published.length === 1);
    expect(bridge.status()).toMatchObject({ outTotal: 0, refusedTotal: 1 });
    expect(device.received).toEqual([]);
  });

  it('[OS8] publishes nothing when its direction is out, and counts what comes', async () => {
    const { bridge, host, device } = await connect({ direction: 'out' });
    bridge.apply([param('/osc/a', f32(1))]);
    await until('the datagram', () => device.received.length === 1);
    device.answer(toBuffer({ address: '/x' }));
    await until('the refusal', () => bridge.status().refusedTotal === 1);
    expect(host.published).toEqual([]);
  });

  it('[OS9] says in words which port is taken', async () => {
    const device = await Device.open();
    closers.push(() => device.close());
    const clock = new SimulatedClock();
    const taken = new OscBridge(oscSettings({ listenPort: device.port }), needsOf(clock));
    await expect(taken.start(new RecordingHost())).rejects.toMatchObject({
      code: 'port-in-use',
      message: `UDP port ${device.port} is used by another program, or another bridge. Close it there, or choose another port.`,
    });
    expect(clock.waiting).toBe(0);
  });

  it('[OS9] finds machines by name and keeps asking', async () => {
    const { bridge, device, clock } = await connect({}, 'localhost');
    expect(clock.waiting).toBe(1);
    bridge.apply([param('/osc/a', f32(1))]);
    await until('the datagram', () => device.received.length === 1);
    await bridge.stop();
    expect(clock.waiting).toBe(0);
  });

  it('[OS10] is in trouble while messages do not leave, and counts them', async () => {
    const { bridge } = await connect({ targets: to(0) });
    bridge.apply([param('/osc/a', f32(1))]);
    expect(bridge.status()).toMatchObject({ state: 'trouble', outTotal: 0, refusedTotal: 1 });
    expect(bridge.status().reason).toMatch(/^Sending to 127.0.0.1:0 failed: /);
  });

  it('[OS10] refuses what is too long for one datagram', async () => {
    const { bridge } = await connect();
    bridge.apply([param('/osc/a', { type: 'bytes', value: new Uint8Array(65_500) })]);
    expect(bridge.status()).toMatchObject({ state: 'connected', outTotal: 0, refusedTotal: 1 });
  });
});

/** The needs of a bridge that knows this time alone. */
function needsOf(clock: Clock) {
  return { clock, log: silentLog, random: createSystemRandom(), networkCards: () => listNetworkCards() };
}

function to(port: number, host = '127.0.0.1') {
  return [{ host, port }];
}

function param(address: string, value: Signal['value']): Signal {
  return { kind: 'param', address: parseAddress(address), value };
}

/** A started bridge with a device at its other end. */
async function connect(some: Partial<OscBridgeSettings['settings']> = {}, host = '127.0.0.1') {
  const device = await Device.open();
  const clock = new SimulatedClock();
  const hall = new RecordingHost();
  const bridge = new OscBridge(oscSettings({ targets: to(device.port, host), ...some }), needsOf(clock));
  await bridge.start(hall);
  device.peerPort = Number(/^[^ ]*:(\d+)/.exec(bridge.status().url)?.[1]);
  closers.push(
    () => bridge.stop(),
    () => device.close(),
  );
  return { bridge, host: hall, device, clock };
}

class Device {
  readonly received: Buffer[] = [];
  peerPort = 0;
  readonly #socket: Socket;
  #lastPort = 0;

  static async open(): Promise<Device> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Device(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes, from) => {
      this.received.push(bytes);
      this.#lastPort = from.port;
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(bytes: Uint8Array | DataView): void {
    this.#socket.send(bytes, this.peerPort, '127.0.0.1');
  }

  /** To the port that last sent something. */
  answer(bytes: DataView): void {
    this.#socket.send(bytes, this.#lastPort, '127.0.0.1');
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}
