import { messageOf } from '../../../src-main/contract/errors.ts';
import { targets } from '../targets/catalogue.ts';
import type { RunningTarget, Target } from '../targets/target.ts';
import { CalmRounds } from './calm-round.ts';
import { measureCase } from './case-rounds.ts';
import { LoadProcess } from './load-process.ts';
import { NewStarts } from './new-starts.ts';
import { caseLabel, hasWords, type ScenarioResult, type Series } from './result.ts';
import type { Case, Figures, Scenario } from './scenario.ts';

export interface RunOptions {
  readonly rounds: number;
  readonly isQuick: boolean;
  /** of the cases only those that have all of these among their values */
  readonly only: readonly string[];
  /** one line of progress */
  readonly say: (line: string) => void;
  /** ends the run: what is measured is thrown away, and all servers are stopped */
  readonly interrupted: AbortSignal;
}

/** Runs all cases of a scenario, all targets in turn within each round: A B C, A B C, … What Flyrail or the load fails with, or a
 *  peer again and again, stands in the place of that series' rounds.
 *  @throws the reason of `interrupted`; no server is left then */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioResult> {
  const seconds = options.isQuick ? Math.min(1, scenario.seconds) : scenario.seconds;
  const wanted = scenario.targets.map(targetNamed);
  const installed = wanted.filter((target) => target.version() !== undefined);
  const missing = wanted.filter((target) => !installed.includes(target)).map(({ name }) => name);
  for (const name of missing) options.say(`${scenario.name}: ${name} is not installed and left out`);

  const calm = new CalmRounds({ seconds });
  const stage = new Stage({ ...options, scenario, seconds });
  try {
    const series: Series[] = [];
    for (const one of casesOf(scenario, options)) {
      const measured = await measureCase({
        one,
        targets: installed.filter(({ name }) => !scenario.leavesOut?.(name, one)),
        rounds: scenario.rounds ?? options.rounds,
        measure: (target) => calm.measure(() => stage.measure(target, one)),
        onFailure: (target, cause) => stage.recover(target, cause),
      });
      series.push(...measured);
      const failed = measured.filter(({ failure }) => failure !== undefined).map(({ target }) => target);
      options.say(
        `${scenario.name} ${caseLabel(one)}: ${failed.length > 0 ? `FAILED: ${failed.join(', ')}` : 'measured'}`,
      );
    }
    const { name, title, shows, notes = [] } = scenario;
    const measured = new Date().toISOString().slice(0, 10);
    return { name, title, shows, ...(notes.length > 0 && { notes }), measured, seconds, series, missing };
  } finally {
    await stage.close();
  }
}

interface StageOptions extends Pick<RunOptions, 'say' | 'interrupted'> {
  readonly scenario: Scenario;
  readonly seconds: number;
}

/** The servers of one scenario and the load process. */
class Stage {
  readonly #scenario: Scenario;
  readonly #seconds: number;
  readonly #newStarts: NewStarts;
  readonly #interrupted: AbortSignal;
  readonly #say: (line: string) => void;
  #load = new LoadProcess();
  readonly #running = new Map<Target, RunningTarget>();

  constructor({ scenario, seconds, say, interrupted }: StageOptions) {
    this.#scenario = scenario;
    this.#seconds = seconds;
    this.#say = say;
    this.#newStarts = new NewStarts({ say: (words) => say(`${scenario.name}: ${words}`), interrupted });
    this.#interrupted = interrupted;
    interrupted.addEventListener('abort', this.#abandon);
  }

  measure(target: Target, one: Case): Promise<Figures> {
    const once = (): Promise<Figures> => this.#once(target, one);
    // Nothing that Flyrail does is passed over.
    if (target.name.startsWith('flyrail') || target.name === 'none') return once();
    return this.#newStarts.measure(once, () => this.#stop(target));
  }

  /** After a failure: whatever state its server and the load are in, the next measurement has new ones.
   *  @throws the reason of an interruption */
  async recover(target: Target, cause: unknown): Promise<void> {
    this.#interrupted.throwIfAborted();
    this.#say(`${this.#scenario.name}: ${messageOf(cause)}`);
    this.#load.stop();
    this.#load = new LoadProcess();
    await this.#stop(target);
  }

  async #once(target: Target, one: Case): Promise<Figures> {
    this.#interrupted.throwIfAborted();
    const running = await this.#start(target);
    this.#interrupted.throwIfAborted();
    // The process cannot be sent its way to stop.
    const { stop, fate, ...told } = running;
    const bench = { target: told, seconds: this.#seconds };
    const figures = await this.#load.measure({ scenario: this.#scenario.name, bench, one }).catch((cause: unknown) => {
      throw new Error(`${target.name}, ${caseLabel(one)}: ${messageOf(cause)}; ${fate()}`, { cause });
    });
    if (this.#scenario.startsAfresh) await this.#stop(target);
    return figures;
  }

  async close(): Promise<void> {
    this.#interrupted.removeEventListener('abort', this.#abandon);
    this.#load.stop();
    const ends = await Promise.allSettled([...this.#running.keys()].map((target) => this.#stop(target)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  readonly #abandon = (): void => this.#load.stop();

  async #start(target: Target): Promise<RunningTarget> {
    const known = this.#running.get(target);
    if (known) return known;
    const running = await target.start(this.#scenario.settings ?? {});
    this.#running.set(target, running);
    return running;
  }

  async #stop(target: Target): Promise<void> {
    await this.#running.get(target)?.stop();
    this.#running.delete(target);
  }
}

function casesOf(scenario: Scenario, { isQuick, only }: RunOptions): readonly Case[] {
  const cases = isQuick && only.length === 0 ? scenario.quickCases : scenario.cases;
  return cases.filter((one) => hasWords(one, only));
}

function targetNamed(name: Target['name']): Target {
  const target = targets.find((each) => each.name === name);
  if (!target) throw new Error(`There is no target ${name}.`);
  return target;
}
