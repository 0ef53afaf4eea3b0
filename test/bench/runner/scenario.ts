import type { RunningTarget, TargetName, TargetSettings } from '../targets/target.ts';

/** What one scenario is run with, such as a number of subscribers; also its name in the tables. */
export type Case = Readonly<Record<string, number | string>>;

/** What one run gave; the unit stands last in each name. */
export type Figures = Readonly<Record<string, number>>;

/** Handed to a scenario in the load process. */
export interface Bench {
  readonly target: Omit<RunningTarget, 'stop' | 'fate'>;
  readonly seconds: number;
}

/** One way to measure. It is loaded twice: in the runner, which reads what it wants, and in the load process, which runs
 *  `measure`. */
export interface Scenario {
  readonly name: string;
  /** one sentence that says what is done and counted */
  readonly title: string;
  readonly targets: readonly TargetName[];
  readonly cases: readonly Case[];
  /** what would take a target minutes and tell nothing more */
  readonly leavesOut?: (target: TargetName, one: Case) => boolean;
  /** in a short run, instead of `cases` */
  readonly quickCases: readonly Case[];
  /** the two or three figures that tell most, first in the tables */
  readonly shows: readonly string[];
  /** how long each measurement takes, without warming up */
  readonly seconds: number;
  /** instead of what is asked for, where a scenario has its own measure of certainty */
  readonly rounds?: number;
  /** the servers are started afresh for every measurement, not once for all of them */
  readonly startsAfresh?: boolean;
  readonly settings?: TargetSettings;
  /** what a reader of its figures has to know, in sentences */
  readonly notes?: readonly string[];
  /** not run unless it is named */
  readonly onlyByName?: boolean;
  measure(bench: Bench, one: Case): Promise<Figures>;
}
