import type { TargetName } from '../targets/target.ts';

/** The device at the other end of a bridge. */
export interface FarEnd {
  /** Says a number to the bridge, or to the plain program. */
  send(n: number): void;
  /** Of a device that says its numbers by a clock of its own: when it was the time of this one, on `performance.now()`. Nothing is
   *  sent to it, and what is measured is how far from there it is told. */
  dueAt?(n: number): number;
  /** runs with each number that comes back */
  onNumber: (n: number) => void;
  close(): Promise<void> | void;
}

/** A kind of bridge that `bridge-overhead` measures. Further ones are a file here and a line in `catalogue.ts`. */
export interface OverheadKind {
  readonly kind: string;
  /** as a show has it, but for id, number and name */
  readonly bridge: { readonly kind: string; readonly settings: Readonly<Record<string, unknown>> };
  /** full addresses of what comes from the device, and of what goes there; absent: it goes one way only */
  readonly addresses: { readonly in?: string; readonly out?: string };
  /** 1000 without */
  readonly perSecond?: number;
  /** numbers are levels of DMX: they begin anew after 255 */
  readonly isLevel?: boolean;
  /** where values are 0 to 1, the number that stands for 1 */
  readonly scale?: number;
  /** clients say numbers as events, where only the newest value of a param is promised to arrive */
  readonly asEvents?: boolean;
  /** a switch that is set on first, by its address */
  readonly startsBy?: string;
  /** what is not measured, and what else is to be known, in sentences */
  readonly note?: string;
  /** a program with the same library, or the usual one of its protocol, and nothing around it, that sends back what it gets */
  readonly peer?: TargetName;
  /** @param peerPort of the plain program; undefined to speak with the bridge */
  open(peerPort: number | undefined): Promise<FarEnd>;
}
