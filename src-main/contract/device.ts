import type { Millis } from './units.ts';

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
  /** when the next try comes, if one is waiting */
  readonly retryAt: Millis | null;
}

/** The MIDI ports of the machine that runs the engine, by the names that stay over replugging. */
export interface MidiPortList {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** why there are none, as a sentence; null where there is MIDI */
  readonly problem: string | null;
}

/** One address of one network card of the machine that runs the engine. */
export interface NetworkCard {
  readonly name: string;
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly loopback: boolean;
}
