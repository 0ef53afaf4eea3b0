import type { RadioState, Sighting } from './radio.ts';

/** What a radio that runs in another process is told. Links are numbered: those that were asked for by the asker, upwards from 1;
 *  those that centrals began by the radio, downwards from -1. */
export type ToRadio =
  | { readonly do: 'scan'; readonly isOn: boolean }
  | { readonly do: 'advertise'; readonly name: string | undefined }
  | { readonly do: 'connect'; readonly link: number; readonly id: string }
  | { readonly do: 'send'; readonly link: number; readonly message: Uint8Array; readonly isAsked: boolean }
  | { readonly do: 'disconnect'; readonly link: number }
  | { readonly do: 'close' };

/** What it says. `messageBytes` comes before the message for which it holds. */
export type FromRadio =
  | { readonly is: 'state'; readonly state: RadioState }
  | { readonly is: 'sighting'; readonly sighting: Sighting }
  | { readonly is: 'link'; readonly link: number; readonly peer: string; readonly messageBytes: number }
  | { readonly is: 'sent'; readonly link: number; readonly messageBytes: number }
  | { readonly is: 'received'; readonly link: number; readonly message: Uint8Array }
  | { readonly is: 'ended'; readonly link: number; readonly reason: string }
  | { readonly is: 'closed' };

/** The process, as its other end sees it. */
export interface RadioProcess {
  tell(message: ToRadio): void;
  onMessage(run: (message: FromRadio) => void): void;
  /** Runs once, when the process has ended for whatever reason. */
  onGone(run: (reason: string) => void): void;
  /** Ends it at once. */
  end(): Promise<void>;
}
