import { fuzzSessions } from './fuzz-sessions.ts';
import { makeCuts } from './make-cuts.ts';
import { makeScenario } from './make-scenario.ts';
import type { Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';
import { simulate, type Fault } from './simulate.ts';

export interface SeedRun {
  readonly from: number;
  readonly seeds: number;
  /** simulated networks, links that are cut all the time, hostile sessions, or more than one of them */
  readonly kinds: readonly RunKind[];
  /** of one fuzzed seed */
  readonly framesPerSeed: number;
  /** whether every observation is printed */
  readonly isTraced: boolean;
}

export type RunKind = keyof typeof makers | 'fuzz';

export interface SeedRunOptions {
  readonly print: (line: string) => void;
  readonly nowMs: () => number;
  /** `simulate`, unless a test says otherwise */
  readonly play?: typeof simulate;
}

const makers = { simulation: makeScenario, cuts: makeCuts } as const;
/** No frame takes as long by far; what does is quadratic, or hangs. */
const slowestFrameMsMax = 2000;
const progressEvery = 100;
/** As many are enough to look at. */
const failedMax = 5;

/** Runs seed after seed, until a few have failed, and says of each that did how it can be run again.
 *  @returns how many seeds failed */
export async function runSeeds(run: SeedRun, { print, nowMs, play = simulate }: SeedRunOptions): Promise<number> {
  const startedMs = nowMs();
  let failed = 0;
  let seed = run.from;
  for (; seed < run.from + run.seeds && failed < failedMax; seed++) {
    const lines = [
      ...(run.kinds.includes('simulation')
        ? await simulateSeed('simulation', { ...run, from: seed }, { print, play })
        : []),
      ...(run.kinds.includes('cuts') ? await simulateSeed('cuts', { ...run, from: seed }, { print, play }) : []),
      ...(run.kinds.includes('fuzz') ? fuzzSeed(seed, run, nowMs) : []),
    ];
    if (lines.length > 0) failed++;
    for (const line of lines) print(line);
    const done = seed - run.from + 1;
    if (done % progressEvery === 0) print(`${done} seeds, ${failed} failed, ${seconds(nowMs() - startedMs)}`);
  }
  print(
    `${seed - run.from} seeds from ${run.from} (${run.kinds.join(', ')}): ${failed} failed, ${seconds(nowMs() - startedMs)}`,
  );
  return failed;
}

async function simulateSeed(
  kind: keyof typeof makers,
  { from: seed, isTraced }: SeedRun,
  { print, play }: Required<Pick<SeedRunOptions, 'print' | 'play'>>,
): Promise<readonly string[]> {
  const scenario = makers[kind](seed);
  const { faults } = await play(scenario, {
    onLine: isTraced ? (line, atMs) => print(`${atMs.toFixed(2)} ${line}`) : undefined,
  });
  const [first] = faults;
  if (!first) return [];
  const fails = async (smaller: Scenario): Promise<boolean> =>
    (await play(smaller)).faults.some(({ invariant }) => invariant === first.invariant);
  const { actors, steps } = await shrink(scenario, fails);
  return [
    `seed ${seed} fails; run it again with: npm run simulate -- --only ${kind} --from ${seed} --seeds 1 --trace`,
    ...faults.map(lineOf),
    `  the fault needs ${steps.length} of ${scenario.steps.length} steps:`,
    ...steps.map(({ atMs, who, does }) => `    ${atMs} ms: actor ${who}: ${does}`),
    `  among: ${JSON.stringify(actors)}`,
  ];
}

function fuzzSeed(seed: number, { framesPerSeed }: SeedRun, nowMs: () => number): readonly string[] {
  const { faults, slowestFrameMs } = fuzzSessions(seed, { frames: framesPerSeed, nowMs });
  const slow = slowestFrameMs > slowestFrameMsMax ? [`a frame took ${Math.round(slowestFrameMs)} ms`] : [];
  const all = [...faults, ...slow];
  if (all.length === 0) return [];
  const again = `npm run simulate -- --only fuzz --from ${seed} --seeds 1 --frames ${framesPerSeed}`;
  return [`seed ${seed} fails; run it again with: ${again}`, ...all.map((text) => `  ${text}`)];
}

function lineOf({ invariant, text, atMs }: Fault): string {
  return `  ${invariant}, at ${atMs.toFixed(2)} ms: ${text}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
