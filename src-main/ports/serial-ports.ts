import type { SerialLine } from '../contract/door.ts';
import type { Cancel } from '../contract/message-link.ts';

/** A line as it is spoken on; all of it is known. */
export type LineSettings = { readonly [K in Exclude<keyof SerialLine, 'dataBits'>]-?: NonNullable<SerialLine[K]> } & {
  readonly dataBits: 7 | 8;
  /** DTR falls when the port is closed, unless this is false: some boards start anew when it rises again */
  readonly hangUp?: boolean;
};

/** A port as the system lists it. Ids are hexadecimal; only what is plugged in by USB has them. */
export interface PortInfo {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly manufacturer?: string | undefined;
  /** what the system calls the device; on Linux with the product's name in it */
  readonly pnpId?: string | undefined;
  readonly friendlyName?: string | undefined;
}

/** A port that is open, as serialport has it. */
export interface OpenedPort {
  readonly isOpen: boolean;
  /** bytes that the system has not yet taken */
  readonly writableLength: number;
  on(event: 'data', run: (chunk: Uint8Array) => void): unknown;
  /** drain: there is room again after `write` said no. end: the line was hung up. */
  on(event: 'drain' | 'end', run: () => void): unknown;
  /** Closed, by us or by the device's going. */
  on(event: 'close', run: (reason?: Error | null) => void): unknown;
  on(event: 'error', run: (error: Error) => void): unknown;
  once(event: 'close', run: () => void): unknown;
  /** Leaves what comes in the system. */
  pause(): unknown;
  /** Reads, and drops what nobody listens for. */
  resume(): unknown;
  /** @returns false when it should wait for 'drain' */
  write(bytes: Uint8Array, done?: (error?: Error | null) => void): boolean;
  /** What was written is thrown away unless it has left. */
  close(done: (error: Error | null) => void): void;
  /** Throws away what the system holds, of both directions. */
  flush(done: (error: Error | null) => void): void;
  /** What the peer's side of the cable says; an error where there is no such cable. */
  get(done: (error: Error | null, signals?: { readonly dsr: boolean }) => void): void;
  /** Of each signal what is named here, and the system's own choice for those that are not. */
  set(signals: OwnSignals, done: (error: Error | null) => void): void;
  /** Speaks on at another speed. */
  update(line: { readonly baudRate: number }, done: (error: Error | null) => void): void;
  /** Runs when the system says that what was written has left; it does not know what a chip behind it still holds. */
  drain(done: (error: Error | null) => void): void;
}

/** What our side of the cable says. */
export interface OwnSignals {
  /** holds the line low */
  readonly brk?: boolean;
  readonly dtr?: boolean;
  readonly rts?: boolean;
}

/** The serial ports of a machine. */
export interface SerialPorts {
  /** Takes the port for us alone. @throws Error of the system */
  open(path: string, line: LineSettings): Promise<OpenedPort>;
  /** What is plugged in. @throws Error of the system where it cannot tell: that nothing is plugged in is something else */
  list(): Promise<readonly PortInfo[]>;
  /** What changes when a port comes or goes, and is read at no cost; absent where the system has no such thing. */
  names?(): Promise<string>;
}

/** Tells what is plugged in, to all of Flyrail at once: whoever waits for a device shares one look with all others. */
export interface PortWatch {
  /** Runs soon, and from then on every 500 ms, with what is plugged in, until it is cancelled. While nobody waits nobody
   *  looks, and however many wait, a look comes no sooner than 500 ms after the last.
   *  @param run `unlisted`: why the system could not tell; then `ports` are those of its last answer */
  wait(run: (ports: readonly PortInfo[], unlisted?: string) => void): Cancel;
}

/** The serial ports as all of Flyrail shares them. */
export interface SerialAccess {
  readonly ports: SerialPorts;
  readonly watch: PortWatch;
}
