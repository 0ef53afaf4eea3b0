import type { Cancel } from '../../contract/message-link.ts';

/** How the adapter is. 'failed': its library ended, and is started again. */
export type RadioState = 'starting' | 'on' | 'off' | 'absent' | 'unauthorized' | 'failed';

/** One Bluetooth adapter. What it cannot do is told by its state, and never thrown. Scanning, advertising and links end when
 *  it leaves 'on'; whoever wants them again asks again. */
interface Radio {
  /** Told at once, then at every change. */
  onState(run: (state: RadioState) => void): Cancel;
  /** Ends links and all else; nothing is told afterwards. */
  close(): Promise<void>;
}

/** Finds peripherals that offer the CLASP service, and connects to them. */
export interface CentralRadio extends Radio {
  /** The same one is told again and again while it is in range. One scan at a time. */
  scan(found: (sighting: Sighting) => void): Cancel;
  /** Connects, agrees on the MTU, finds the characteristics and asks for notifications.
   *  @param id of a sighting
   *  @throws UnavailableError 'cannot-open-port' when that failed, or was given up by `givenUp` */
  connect(id: string, attempt: { readonly givenUp: AbortSignal; readonly accept: AcceptLink }): Promise<void>;
}

/** Shows the CLASP service to centrals. */
export interface PeripheralRadio extends Radio {
  /** @param name as it is shown, cut to what fits; a link begins when a central asks for notifications */
  advertise(name: string, accept: AcceptLink): Cancel;
}

/** A peripheral that was heard. */
export interface Sighting {
  /** of this radio; on some systems not the address */
  readonly id: string;
  /** `aa:bb:cc:dd:ee:ff`, or empty where the system hides it */
  readonly address: string;
  /** as it calls itself, empty without */
  readonly name: string;
  /** in dBm: -40 is near, -90 is far */
  readonly rssi: number;
}

/** Called in the turn in which the link is made. */
export type AcceptLink = (link: RadioLink) => void;

/** One peer. Messages are what one write or notification carries; they come in order, and some may be lost. */
export interface RadioLink {
  /** its name or its address, for people */
  readonly peer: string;
  /** the largest message now, 20 to 514 bytes; it may grow */
  readonly messageBytes: number;
  /** Settles when the radio has room for the next one; at most one at a time.
   *  @param isAsked the peer is to confirm that it came, where the direction has that (writes with response)
   *  @throws as a rejection, when the link has ended */
  send(message: Uint8Array, isAsked: boolean): Promise<void>;
  /** One listener; what came before it is kept. */
  onMessage(run: (message: Uint8Array) => void): void;
  /** Runs once, also when it had ended before. */
  onEnd(run: (reason: string) => void): void;
  disconnect(): void;
}
