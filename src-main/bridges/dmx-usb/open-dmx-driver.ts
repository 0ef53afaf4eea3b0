import type { Cancel } from '../../contract/message-link.ts';
import { messageOf } from '../../contract/errors.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { OwnSignals } from '../../ports/serial-ports.ts';
import type { DmxDriver, DmxDriverOptions } from './dmx-driver.ts';

/** As DMX512 is spoken. [E1.11 8] */
export const dmxLine = { baud: 250_000, dataBits: 8, parity: 'none', stopBits: 2, flow: 'none' } as const;
/** A start bit, eight bits of data, two stop bits, of 4 µs each. [E1.11 table 6] */
const slotMicros = 44;
/** What transmitters should make at least is 92 and 12 µs. [E1.11 table 6] */
const usualBreakMicros = 176;
const usualMarkMicros = 16;
/** A zero byte holds the line low for its start bit and eight of data. */
const lowBitsOfZero = 9;
const bitsOfByte = 11;
/** Cables with an RS-485 chip drive the line while RTS is off. */
const signals: OwnSignals = { dtr: true, rts: false };

/** A bare FTDI cable: this program makes the break, the mark after it and the frame. The system decides how exact that is; no
 *  time is ever shorter than it should be, and no frame begins before the one before it has left. */
export class OpenDmxDriver implements DmxDriver {
  /** A bare cable cannot be asked. */
  readonly identity = {};
  readonly words = 'Open DMX';
  readonly #options: DmxDriverOptions;
  #breakBy: 'line' | 'baud';
  #isSending = false;
  #isStopped = false;
  /** start code and levels of the frame that goes next */
  #next: Buffer | undefined;
  #endWait: (() => void) | undefined;

  constructor(options: DmxDriverOptions) {
    this.#options = options;
    this.#breakBy = options.settings.breakBy === 'baud' ? 'baud' : 'line';
    // Nothing is to be heard; what comes all the same must not pile up.
    options.port.resume();
  }

  get notes(): string {
    const isInstead = this.#breakBy === 'baud' && this.#options.settings.breakBy === 'auto';
    return isInstead ? 'The port knows no line break: a slow zero byte takes its place.' : '';
  }

  begin(): void {
    // A port without these signals has none to set.
    this.#options.port.set(signals, () => {
      if (!this.#isStopped) this.#options.events.onReady();
    });
  }

  send(_output: number, levels: Readonly<Uint8Array>): void {
    if (this.#isStopped) return;
    const frame = Buffer.alloc(1 + levels.length);
    frame.set(levels, 1);
    this.#next = frame;
    if (!this.#isSending) void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#endWait?.();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    this.#isSending = true;
    try {
      for (let frame = this.#take(); frame; frame = this.#take()) await this.#put(frame);
    } catch (error) {
      if (!this.#hasStopped()) this.#options.events.onWrong(`takes no frames: ${messageOf(error)}`);
    }
    this.#isSending = false;
  }

  #take(): Buffer | undefined {
    const next = this.#isStopped ? undefined : this.#next;
    this.#next = undefined;
    return next;
  }

  async #put(frame: Buffer): Promise<void> {
    const { clock, port, events } = this.#options;
    await this.#makeBreak();
    if (this.#hasStopped()) return;
    const begunAt = clock.nowMicros();
    events.onSent(0);
    await done((settle) => port.write(frame, settle));
    await done((settle) => port.drain(settle));
    // What the system calls sent may still be in the chip.
    await this.#waitUntil(micros(begunAt + frame.length * slotMicros));
  }

  async #makeBreak(): Promise<void> {
    const { settings } = this.#options;
    if (this.#breakBy === 'line') {
      try {
        await this.#holdLine();
        return;
      } catch (error) {
        if (settings.breakBy !== 'auto' || this.#hasStopped()) throw error;
        this.#breakBy = 'baud';
      }
    }
    await this.#sendSlowZero();
  }

  async #holdLine(): Promise<void> {
    const { port, settings } = this.#options;
    await done((settle) => port.set({ ...signals, brk: true }, settle));
    await this.#wait(settings.breakMicros ?? usualBreakMicros);
    await done((settle) => port.set({ ...signals, brk: false }, settle));
    await this.#wait(settings.markMicros ?? usualMarkMicros);
  }

  async #sendSlowZero(): Promise<void> {
    const { port, settings, clock } = this.#options;
    const baudRate = Math.floor((lowBitsOfZero * 1_000_000) / (settings.breakMicros ?? usualBreakMicros));
    await done((settle) => port.update({ baudRate }, settle));
    const begunAt = clock.nowMicros();
    await done((settle) => port.write(Buffer.alloc(1), settle));
    await done((settle) => port.drain(settle));
    await this.#waitUntil(micros(begunAt + (bitsOfByte * 1_000_000) / baudRate));
    await done((settle) => port.update({ baudRate: dmxLine.baud }, settle));
    await this.#wait(settings.markMicros ?? usualMarkMicros);
  }

  #wait(timeMicros: number): Promise<void> {
    return this.#waitUntil(micros(this.#options.clock.nowMicros() + timeMicros));
  }

  #waitUntil(deadline: Micros): Promise<void> {
    if (this.#isStopped || this.#options.clock.nowMicros() >= deadline) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel: Cancel = this.#options.clock.at(deadline, () => this.#endWait?.());
      this.#endWait = () => {
        this.#endWait = undefined;
        cancel();
        resolve();
      };
    });
  }

  /** Asked anew after every wait. */
  #hasStopped(): boolean {
    return this.#isStopped;
  }
}

function done(run: (settle: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    run((error) => (error ? reject(error) : resolve()));
  });
}
