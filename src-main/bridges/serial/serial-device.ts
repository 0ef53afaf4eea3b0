import { Buffer } from 'node:buffer';
import type { SerialSettings } from '../../contract/bridges/serial.ts';
import type { DeviceIdentity } from '../../contract/device-identity.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis, type Millis } from '../../contract/units.ts';
import { createFrameReader } from '../../core/framing/framing.ts';
import type { FrameFault, FrameReader } from '../../core/framing/frame-reader.ts';
import { EchoFilter } from '../../core/realtime/echo-filter.ts';
import { HeldPort } from '../../platform/serial/held-port.ts';
import { LinePace } from '../../platform/serial/line-pace.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { LineSettings, OpenedPort, SerialAccess } from '../../ports/serial-ports.ts';
import { MessageCodec } from './message-codec.ts';

export interface SerialNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly serial: SerialAccess;
}

/** What came and is no message, beside what framing finds. */
export type ArrivalFault = FrameFault | 'checksum' | 'first';

export interface SerialDeviceEvents {
  /** The device is there and may be spoken to. */
  readonly onReady: () => void;
  readonly onGone: () => void;
  /** @param message valid only during the call */
  readonly onMessage: (message: Uint8Array) => void;
  readonly onFault: (why: ArrivalFault) => void;
  /** The system takes more again. */
  readonly onDrain: () => void;
}

/** One device at a port, through all its comings and goings, as messages. */
export class SerialDevice {
  readonly #needs: SerialNeeds;
  readonly #events: SerialDeviceEvents;
  readonly #held: HeldPort;
  readonly #pace: LinePace;
  readonly #echoes: EchoFilter;
  #settings: SerialSettings;
  #codec: MessageCodec;
  #reader: FrameReader | undefined;
  #port: OpenedPort | undefined;
  #isReady = false;
  #isFirst = true;
  #isFull = false;
  #hasNoSignals = false;
  #cancelSilence: Cancel | undefined;
  #cancelSettling: Cancel | undefined;

  constructor(settings: SerialSettings, needs: SerialNeeds, events: SerialDeviceEvents) {
    this.#settings = settings;
    this.#needs = needs;
    this.#events = events;
    this.#codec = new MessageCodec(settings);
    this.#echoes = new EchoFilter(needs.clock);
    const line = lineOf(settings);
    this.#pace = new LinePace(line, needs.clock);
    this.#held = new HeldPort({
      place: { device: settings.port, line },
      ...needs.serial,
      clock: needs.clock,
      log: needs.log,
      onOpen: (port) => this.#begin(port),
      onLost: () => this.#end(),
    });
  }

  /** why nothing can pass, and what is done about it, as sentences; undefined while it can */
  get trouble(): string | undefined {
    const { trouble } = this.#held;
    if (trouble !== undefined) return `${trouble} Flyrail looks for it and takes it again by itself.`;
    return this.#isReady ? undefined : 'The device is given time to start.';
  }

  /** what it says of itself by USB */
  get identity(): DeviceIdentity | undefined {
    return this.#held.identity;
  }

  get path(): string | undefined {
    return this.#held.path;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  get behindMs(): Millis {
    return this.#pace.behindMs;
  }

  /** what the operator should know of it, as a sentence; empty for nothing */
  get notes(): string {
    return this.#hasNoSignals ? 'This port has no DTR and RTS to set.' : '';
  }

  /** Settles when it is known whether the device is there. */
  async start(): Promise<void> {
    await this.#held.start();
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#held.stop();
  }

  /** Reads and writes messages by other settings; those of the port stay. */
  change(settings: SerialSettings): void {
    this.#settings = settings;
    this.#codec = new MessageCodec(settings);
    this.#cancelSilence?.();
    if (this.#reader) this.#reader = this.#makeReader();
  }

  /** @returns the bytes for the line, or why there are none, as a clause */
  seal(message: Uint8Array): Uint8Array | string {
    const sealed = this.#codec.seal(message);
    return typeof sealed === 'string' ? sealed : sealed.stream;
  }

  write(stream: Uint8Array): void {
    const port = this.#port;
    if (!port) return;
    this.#pace.wrote(stream.length);
    if (this.#settings.echo) this.#expectEcho(stream);
    this.#isFull = !port.write(stream);
  }

  #begin(port: OpenedPort): void {
    this.#port = port;
    this.#isFirst = true;
    this.#isFull = false;
    this.#reader = this.#makeReader();
    port.on('data', (chunk) => {
      if (this.#port === port) this.#read(chunk);
    });
    port.on('drain', () => {
      if (this.#port !== port) return;
      this.#isFull = false;
      this.#events.onDrain();
    });
    const signals = signalsOf(this.#settings);
    if (!signals) return this.#settle();
    port.set(signals, (error) => {
      if (this.#port !== port) return;
      this.#hasNoSignals = error !== null;
      this.#settle();
    });
  }

  #settle(): void {
    const { settleMs } = this.#settings;
    if (settleMs === 0) return this.#ready();
    this.#cancelSettling = this.#needs.clock.after(millis(settleMs), () => this.#ready());
  }

  #ready(): void {
    this.#cancelSettling = undefined;
    this.#isReady = true;
    this.#events.onReady();
  }

  #end(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = undefined;
    this.#cancelSettling?.();
    this.#cancelSettling = undefined;
    if (!this.#port) return;
    this.#port = undefined;
    this.#reader = undefined;
    this.#isReady = false;
    this.#events.onGone();
  }

  #read(chunk: Uint8Array): void {
    this.#cancelSilence?.();
    this.#cancelSilence = undefined;
    this.#reader?.read(chunk);
    const { gapMs } = this.#settings;
    if (!hasPauses(this.#settings) || !this.#reader) return;
    this.#cancelSilence = this.#needs.clock.after(millis(gapMs), () => this.#reader?.pause());
  }

  #makeReader(): FrameReader {
    const limits = { bytesMax: this.#settings.longest, hasPauses: hasPauses(this.#settings) };
    return createFrameReader(this.#codec.framing, limits, {
      onFrame: (frame, headBytes) => this.#takeFrame(frame, headBytes),
      onFault: (why) => this.#events.onFault(why),
    });
  }

  #takeFrame(frame: Uint8Array, headBytes: number): boolean {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (isFirst && this.#settings.dropFirst) {
      this.#events.onFault('first');
      return true;
    }
    if (this.#settings.echo && this.#echoes.isEcho('', printOf(frame))) return true;
    const message = this.#codec.open(frame, headBytes);
    if (message) this.#events.onMessage(message);
    else this.#events.onFault('checksum');
    return message !== undefined;
  }

  /** What the device sends back is read as it will be then. */
  #expectEcho(stream: Uint8Array): void {
    const { longest } = this.#settings;
    const reader = createFrameReader(
      this.#codec.framing,
      { bytesMax: longest, hasPauses: true },
      {
        onFrame: (frame) => {
          this.#echoes.said('', printOf(frame));
          return true;
        },
        onFault: () => undefined,
      },
    );
    reader.read(stream);
    reader.pause();
  }
}

/** Settings that make it another line, or another device. */
export function lineOf({ baud, dataBits, parity, stopBits, flow, hangUp }: SerialSettings): LineSettings {
  return { baud, dataBits, parity, stopBits, flow, hangUp };
}

function hasPauses({ framing, gapMs }: SerialSettings): boolean {
  return gapMs > 0 && (framing === 'gap' || framing === 'fixed' || framing === 'length');
}

/** Nothing where the system's own choice holds. */
function signalsOf({ dtr, rts, flow }: SerialSettings): { dtr?: boolean; rts?: boolean } | undefined {
  const signals = {
    ...(dtr !== 'system' && { dtr: dtr === 'on' }),
    ...(rts !== 'system' && flow !== 'rtscts' && { rts: rts === 'on' }),
  };
  return Object.keys(signals).length > 0 ? signals : undefined;
}

function printOf(frame: Uint8Array): string {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('latin1');
}
