import type { DmxUsbBridge } from '../../contract/bridges/dmx-usb.ts';
import type { DeviceIdentity } from '../../contract/device-identity.ts';
import type { OpenedPort } from '../../ports/serial-ports.ts';
import type { Clock } from '../../ports/clock.ts';

/** How one kind of interface is spoken to, from the opening of its port to its loss. */
export interface DmxDriver {
  /** Finds out what is there; then `onReady` or `onWrong` runs, once. */
  begin(): void;
  /** Sends a frame, unless the one before has not left: then it may be left out, or wait until a newer one takes its place.
   *  Never throws.
   *  @param output 0, or 1 for the second of an interface that has two
   *  @param levels of slot 1 and those after it; copied */
  send(output: number, levels: Readonly<Uint8Array>): void;
  /** Takes over those settings that change while it runs; without it they mean nothing to the interface. */
  change?(settings: DmxDriverOptions['settings']): void;
  /** Sends no more, and no timer of it is left. The port is not its to close. */
  stop(): void;
  /** what it says of itself to who speaks with it */
  readonly identity: DeviceIdentity;
  /** model and number: `ultraDMX Micro 1004` */
  readonly words: string;
  /** what the operator should know of it, as sentences; empty for nothing */
  readonly notes: string;
}

export interface DmxDriverOptions {
  readonly port: OpenedPort;
  readonly clock: Clock;
  readonly settings: DmxUsbBridge['settings'];
  readonly events: DriverEvents;
}

export interface DriverEvents {
  /** It is what was looked for: it can be sent to, or is listened to. */
  readonly onReady: () => void;
  /** It is something else. @param reason a sentence */
  readonly onWrong: (reason: string) => void;
  /** A frame is handed to the line. @param output as of `send` */
  readonly onSent: (output: number) => void;
  /** A frame came. @param levels of slot 1 and those after it, valid during the call */
  readonly onFrame: (levels: Readonly<Uint8Array>) => void;
  /** Of a frame that came before some levels are others now. @param slots 1..512 */
  readonly onChanges: (changes: readonly SlotLevel[]) => void;
}

export interface SlotLevel {
  readonly slot: number;
  readonly level: number;
}
