import type { TargetName } from '../targets/target.ts';

/** The device at the other end of a bridge. */
export interface FarEnd {
  /** Says a number to the bridge, or to the plain program. */
  send(n: number): void;
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
  /** a program with the same library, or the usual one of its protocol, and nothing around it, that sends back what it gets */
  readonly peer?: TargetName;
  /** @param peerPort of the plain program; undefined to speak with the bridge */
  open(peerPort: number | undefined): Promise<FarEnd>;
}
