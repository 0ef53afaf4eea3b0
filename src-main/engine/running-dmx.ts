import type { ShowDocument } from '../contract/show.ts';
import { DmxControl, type DmxControlOptions } from './dmx-control.ts';
import { FixturePlayer, type FixturePlayerOptions } from './fixture-player.ts';

/** What of DMX runs beside the bridges: the desk that finishes their levels, and the fixtures. */
export interface RunningDmx {
  readonly control: DmxControl;
  /** Another document is on the table, or another edit of it. To be called before its bridges run. */
  load(before: ShowDocument | undefined, next: ShowDocument): void;
  stop(): void;
}

export function createRunningDmx(options: DmxControlOptions & FixturePlayerOptions): RunningDmx {
  const control = new DmxControl(options);
  const fixtures = new FixturePlayer(options);
  return {
    control,
    load: (before, next) => {
      control.load(before, next);
      fixtures.load(next);
    },
    stop: () => {
      fixtures.stop();
      control.stop();
    },
  };
}
