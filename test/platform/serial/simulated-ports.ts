import { EventEmitter } from 'node:events';
import type {
  LineSettings,
  OpenedPort,
  OwnSignals,
  PortInfo,
  SerialPorts,
} from '../../../src-main/ports/serial-ports.ts';
import type { Clock } from '../../../src-main/ports/clock.ts';

/** What happened at a port, in its order, with the time since it was opened. */
export type PortDeed = { readonly atMicros: number } & (
  | { readonly did: 'write'; readonly bytes: Buffer; readonly baud: number }
  | { readonly did: 'set'; readonly signals: OwnSignals }
  | { readonly did: 'update'; readonly baud: number }
);

/** What a port cannot do, or not yet. */
export interface PortFaults {
  noSignals?: boolean;
  noUpdate?: boolean;
  /** why the signals of the peer cannot be read */
  signals?: string;
  /** what is written waits until `takeAll` */
  isFull?: boolean;
}

/** A port that takes everything at once and tells what was done to it. */
export class SimulatedPort extends EventEmitter implements OpenedPort {
  isOpen = true;
  writableLength = 0;
  readonly deeds: PortDeed[] = [];
  /** Answers what was written, as the device at the port. */
  onWrite: (bytes: Buffer) => void = () => undefined;
  readonly #clock: Clock;
  readonly #openedAt: number;
  readonly #faults: PortFaults;
  #baud: number;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock, line: LineSettings, faults: PortFaults) {
    super();
    this.#clock = clock;
    this.#openedAt = clock.nowMicros();
    this.#baud = line.baud;
    this.#faults = faults;
  }

  get written(): Buffer {
    return Buffer.concat(this.deeds.flatMap((deed) => (deed.did === 'write' ? [deed.bytes] : [])));
  }

  write(bytes: Uint8Array, done: (error?: Error | null) => void = () => undefined): boolean {
    const copy = Buffer.from(bytes);
    this.deeds.push({ did: 'write', bytes: copy, baud: this.#baud, atMicros: this.#now() });
    if (this.#faults.isFull) {
      this.writableLength += bytes.length;
      this.#waiting.push(() => done(null));
      return false;
    }
    queueMicrotask(() => {
      done(null);
      if (this.isOpen) this.onWrite(copy);
    });
    return true;
  }

  /** The system takes what waited. */
  takeAll(): void {
    this.writableLength = 0;
    for (const run of this.#waiting.splice(0)) run();
  }

  say(bytes: Uint8Array): void {
    this.emit('data', Buffer.from(bytes));
  }

  set(signals: OwnSignals, done: (error: Error | null) => void): void {
    this.deeds.push({ did: 'set', signals, atMicros: this.#now() });
    queueMicrotask(() => done(this.#faults.noSignals ? new Error('Inappropriate ioctl for device') : null));
  }

  update({ baudRate }: { readonly baudRate: number }, done: (error: Error | null) => void): void {
    if (!this.#faults.noUpdate) this.#baud = baudRate;
    this.deeds.push({ did: 'update', baud: baudRate, atMicros: this.#now() });
    queueMicrotask(() => done(this.#faults.noUpdate ? new Error('No such speed') : null));
  }

  drain(done: (error: Error | null) => void): void {
    queueMicrotask(() => done(null));
  }

  flush(done: (error: Error | null) => void): void {
    done(null);
  }

  get(done: (error: Error | null) => void): void {
    done(new Error(this.#faults.signals ?? 'Inappropriate ioctl for device'));
  }

  pause(): void {
    // Nothing is kept back.
  }

  resume(): void {
    // Nothing was.
  }

  close(done: (error: Error | null) => void): void {
    this.isOpen = false;
    queueMicrotask(() => {
      done(null);
      this.emit('close');
    });
  }

  /** The device is pulled out. */
  pull(): void {
    this.isOpen = false;
    this.emit('close', new Error('gone'));
  }

  #now(): number {
    return this.#clock.nowMicros() - this.#openedAt;
  }
}

/** A machine into which a test plugs devices. */
export class SimulatedPorts implements SerialPorts {
  readonly faults: PortFaults = {};
  /** how often the machine was asked what is plugged in */
  lists = 0;
  /** every port that was opened, the newest last */
  readonly opened: SimulatedPort[] = [];
  /** Why opening fails; nothing while it does not. */
  refuses: string | undefined;
  onOpen: (port: SimulatedPort) => void = () => undefined;
  readonly #clock: Clock;
  readonly #plugged = new Map<string, PortInfo>();
  readonly #inUse = new Map<string, SimulatedPort>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get openCount(): number {
    return this.opened.filter((port) => port.isOpen).length;
  }

  get last(): SimulatedPort {
    const port = this.opened.at(-1);
    if (!port) throw new Error('no port was opened');
    return port;
  }

  plugIn(path: string, serialNumber?: string): void {
    this.#plugged.set(path, { path, vendorId: '0403', productId: '6001', serialNumber });
  }

  unplug(path: string): void {
    this.#plugged.delete(path);
    this.#inUse.get(path)?.pull();
    this.#inUse.delete(path);
  }

  /** It is pulled out, and what has it open is told nothing. */
  vanish(path: string): void {
    this.#plugged.delete(path);
  }

  open(path: string, line: LineSettings): Promise<OpenedPort> {
    if (!this.#plugged.has(path))
      return Promise.reject(new Error(`Error: No such file or directory, cannot open ${path}`));
    if (this.refuses !== undefined) return Promise.reject(new Error(this.refuses));
    if (this.#inUse.get(path)?.isOpen) return Promise.reject(new Error('Error Resource busy Cannot lock port'));
    const port = new SimulatedPort(this.#clock, line, this.faults);
    this.opened.push(port);
    this.#inUse.set(path, port);
    this.onOpen(port);
    return Promise.resolve(port);
  }

  list(): Promise<readonly PortInfo[]> {
    this.lists++;
    return Promise.resolve([...this.#plugged.values()]);
  }
}
