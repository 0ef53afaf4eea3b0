import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { createRouter } from '../../../src-main/core/router/router.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import type { OpenedPort } from '../../../src-main/platform/serial/serial-ports.ts';
import { createSerialTransport } from '../../../src-main/transports/serial/serial-transport.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

/** A port that sends at its rate, behind a system that takes 4 KB at once, as systems do. */
class RatedPort extends Duplex implements OpenedPort {
  isOpen = true;
  readonly arrived: { readonly atMs: number; readonly message: Message }[] = [];
  readonly #clock: SimulatedClock;
  readonly #byteMs: number;
  #freeAtMs = 0;

  constructor(clock: SimulatedClock, baud: number) {
    super();
    this.#clock = clock;
    this.#byteMs = 10_000 / baud;
  }

  get nowMs(): number {
    return this.#clock.nowMicros() / 1000;
  }

  override _read(): void {
    // What comes is pushed.
  }

  override _write(bytes: Buffer, _encoding: string, taken: () => void): void {
    this.#freeAtMs = Math.max(this.nowMs, this.#freeAtMs) + bytes.length * this.#byteMs;
    this.arrived.push({ atMs: this.#freeAtMs, message: decodeFrame(bytes).message });
    const overMs = this.#freeAtMs - this.nowMs - 4096 * this.#byteMs;
    if (overMs <= 0) taken();
    else this.#clock.after(millis(overMs), taken);
  }

  say(message: Message): void {
    this.push(Buffer.from(encodeFrame(message)));
  }

  close(done: (error: Error | null) => void): void {
    this.isOpen = false;
    done(null);
    this.emit('close');
  }

  flush(done: (error: Error | null) => void): void {
    done(null);
  }

  get(done: (error: Error | null) => void): void {
    done(new Error('Inappropriate ioctl for device'));
  }
}

const fader = parseAddress('/desk/fader');

it.each([9600, 115_200])(
  '[TP70] a fader over a line of %i baud lags a little and ends where it was left',
  async (baud) => {
    const clock = new SimulatedClock();
    const router = createRouter({
      clock,
      random: createSystemRandom(),
      log: silentLog,
      defer: setImmediate,
      name: 'rig',
    });
    const [slow, fast] = [new RatedPort(clock, baud), new RatedPort(clock, 4_000_000)];
    const open = (port: RatedPort, rate: number) =>
      createSerialTransport({
        device: '/dev/ttyUSB0',
        line: { baud: rate },
        ports: { open: () => Promise.resolve(port), list: () => Promise.resolve([]) },
        clock,
        log: silentLog,
      }).listen((connection) => router.accept(connection));
    await Promise.all([open(slow, baud), open(fast, 4_000_000)]);
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    for (const [port, name] of [
      [slow, 'box'],
      [fast, 'desk'],
    ] as const)
      port.say({ type: messageType.hello, version: 1, name, features: ['param'] });
    slow.say({ type: messageType.subscribe, id: 1, pattern: '/desk/**', types: 0 });
    await turns();
    // 1000 moves a second: ten times what 115200 baud carries, a hundred times what 9600 does.
    const movedAtMs: number[] = [];
    for (let moment = 0; moment < 400; moment++) {
      for (let n = 0; n < 5; n++) {
        movedAtMs.push(slow.nowMs);
        fast.say({ type: messageType.set, address: fader, value: WireValue.of(f64(movedAtMs.length - 1)) });
      }
      await turns();
      clock.advance(5);
    }
    for (let moment = 0; moment < 200; moment++) {
      await turns();
      clock.advance(5);
    }
    const heard = slow.arrived.flatMap(({ atMs, message }) => {
      const value = message.type === messageType.set ? message.value.value : undefined;
      return value?.type === 'f64' ? [{ atMs, n: value.value }] : [];
    });
    const lagsMs = heard.map(({ atMs, n }) => atMs - (movedAtMs[n] ?? 0));
    expect(heard.at(-1)?.n).toBe(movedAtMs.length - 1);
    expect(heard.length).toBeGreaterThan((2 * baud) / 10 / 80);
    expect(heard.length).toBeLessThan(movedAtMs.length);
    expect(heard.map(({ n }) => n)).toEqual(heard.map(({ n }) => n).toSorted((a, b) => a - b));
    expect(Math.max(...lagsMs)).toBeLessThan(350);
  },
);
