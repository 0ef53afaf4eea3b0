import type { DeviceIdentity } from './device-identity.ts';
import { millis, type Millis } from './units.ts';

/** How long a refused signal keeps its device asking for a look. */
export const refusalShown = millis(10_000);

/** How a bridge stands, as shape and word: see UI.md, States.
 *  off: switched off. connecting: trying. connected: works. late: nothing heard for longer than expected.
 *  trouble: works in part, wants a look. broken: does not work, tries again by itself. */
export type DeviceState = 'off' | 'connecting' | 'connected' | 'late' | 'trouble' | 'broken';

export interface DeviceStatus {
  readonly bridgeId: string;
  readonly state: DeviceState;
  /** one short sentence: why it stands so, and what Flyrail does about it */
  readonly reason: string;
  /** where it listens or sends, as an operator writes it: `0.0.0.0:8000`, `U 1-4 on eth0` */
  readonly url: string;
  /** who the device says it is, while it is there */
  readonly device?: DeviceIdentity;
  /** the last time something was heard or sent */
  readonly seenAt: Millis | null;
  /** messages per second over the last second */
  readonly inPerSecond: number;
  readonly outPerSecond: number;
  /** since the bridge was started */
  readonly inTotal: number;
  readonly outTotal: number;
  readonly refusedTotal: number;
  /** the newest signal of which nothing could be sent, for 10 s; why as a clause: `the value is no level` */
  readonly refused?: { readonly address: string; readonly why: string };
  /** how many values wait until somebody says whether a device that came back is sent them: see `onReturn` */
  readonly asks?: number;
  /** how evenly frames leave, of an output that sends them at a constant rate: the intervals between the last 512 of them */
  readonly frames?: FramePaceReading;
  /** when the next try comes, if one is waiting */
  readonly retryAt: Millis | null;
}

export interface FramePaceReading {
  readonly rateHz: number;
  /** of the time from one frame to the next */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** by how much all but the worst hundredth miss the usual interval */
  readonly jitterMs: number;
}

/** One serial port of the machine that runs the engine. */
export interface SerialPortEntry {
  /** where it is now: `/dev/ttyUSB0`, `COM3` */
  readonly path: string;
  /** what a bridge is told to find it by: `usb=0403:6001:EN123456` where it has a serial number, else its path */
  readonly device: string;
  /** what it says it is, as operators read it; empty for nothing */
  readonly words: string;
  /** hexadecimal, of what is plugged in by USB */
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
  /** the program that has it open, as far as the system tells; null for none that is known */
  readonly usedBy: { readonly pid: number; readonly program: string } | null;
}

/** What a form offers ports of: see `control` in field-words.ts. */
export const portKinds = ['serial-port', 'midi-input', 'midi-output', 'hid-device'] as const;
export type PortKind = (typeof portKinds)[number];

/** A port of the machine that runs the engine. */
export interface DevicePort {
  /** what a setting holds that means it: stays with the device where it says who it is */
  readonly value: string;
  readonly label: string;
}

/** What there is to choose from. */
export interface PortList {
  readonly ports: readonly DevicePort[];
  /** why the machine cannot tell, as a sentence; null where it can, though nothing may be plugged in */
  readonly problem: string | null;
}

/** One address of one network card of the machine that runs the engine. */
export interface NetworkCard {
  readonly name: string;
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  /** `255.255.255.0`: which addresses are on its network; undefined where the system tells none */
  readonly netmask?: string | undefined;
  readonly loopback: boolean;
}
