import type { HidLayout } from '../contract/hid-layout.ts';
import type { Cancel } from '../contract/message-link.ts';

/** One part of a HID device as the system lists it: a device that is several in one is listed several times. */
export interface HidInfo {
  /** what it is opened by; another one after each replug on some systems */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  /** empty for none */
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly product: string;
  readonly usagePage: number;
  readonly usage: number;
  readonly interface: number;
  /** the socket that it is plugged into, in the system's words; empty where it cannot tell */
  readonly place: string;
}

export interface HidEvents {
  /** One input report, the report's number in byte 0 where the device numbers them; valid during the call. */
  readonly onReport: (bytes: Uint8Array) => void;
  /** It went, or does not answer any more. Told once. */
  readonly onLost: (reason: string) => void;
}

/** A device that is open. */
export interface OpenedHid {
  /** @param bytes byte 0 is the report's number, 0 where the device has none. Rejects with the system's Error */
  write(bytes: Uint8Array): Promise<void>;
  /** The same for a feature report. */
  sendFeature(bytes: Uint8Array): Promise<void>;
  /** Settles when it is closed; nothing is told from the call on. */
  close(): Promise<void>;
}

/** The HID devices of a machine. */
export interface HidPorts {
  /** @throws UnavailableError where the machine has no HID, in words for the operator */
  list(): Promise<readonly HidInfo[]>;
  /** Others may have it open too. @throws UnavailableError, a sentence that says what to do */
  open(path: string, events: HidEvents): Promise<OpenedHid>;
  /** How it describes its reports; undefined where the system does not tell. */
  describe(path: string): Promise<Uint8Array | undefined>;
}

/** Tells what is plugged in, to all who wait for a device. */
export interface HidWatch {
  /** Runs soon, and then every second until it is cancelled. While nobody waits nobody looks. */
  wait(run: (found: HidLook) => void): Cancel;
}

/** What a look found, or why it could not look, as a sentence. */
export type HidLook = { readonly infos: readonly HidInfo[] } | { readonly trouble: string };

/** A layout by the name of its file. */
export interface NamedLayout {
  readonly id: string;
  readonly layout: HidLayout;
  /** of the operator's folder, and not one that comes with Flyrail */
  readonly isOwn: boolean;
}

export interface HidLayouts {
  /** those of the operator first */
  readonly layouts: readonly NamedLayout[];
  /** files that could not be taken, a sentence each */
  readonly faults: readonly string[];
}

/** The HID devices as all of Flyrail shares them. */
export interface HidAccess {
  readonly ports: HidPorts;
  readonly watch: HidWatch;
  /** Reads them anew each time, so that a layout that was written is there with the next replug. Never rejects. */
  layouts(): Promise<HidLayouts>;
}
