import type { HidControl } from './hid-control.ts';

/** A control that moved while somebody looked. */
export interface LearnedControl {
  /** where it is, and what it seems to be; its name is that of the layout, else made of its place */
  readonly control: HidControl;
  /** the number that its bits are now */
  readonly raw: number;
  /** whether a layout has it already */
  readonly known: boolean;
  /** how often it changed */
  readonly changes: number;
}

/** What was pressed and moved at a device since it was looked at first, newest first. */
export interface LearnedControls {
  readonly heard: readonly LearnedControl[];
  /** reports since then */
  readonly reports: number;
  /** true in the first second: what moves by itself is found out, and nothing should be touched */
  readonly resting: boolean;
  /** why nothing can be heard, as a sentence */
  readonly problem: string | null;
}
