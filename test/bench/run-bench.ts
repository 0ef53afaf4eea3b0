import { messageOf } from '../../src-main/contract/errors.ts';
import { saveResults } from './runner/bench-record.ts';
import { benchUsage, parseBenchFlags, type BenchFlags } from './runner/bench-flags.ts';
import { describeMachine } from './runner/machine.ts';
import { goalLines, reportOf } from './runner/report.ts';
import { failuresOf, type ScenarioResult } from './runner/result.ts';
import { runScenario } from './runner/run-scenario.ts';

// `npm run bench`: measures the built product beside its peers. docs/bench.md tells what for.

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const args = process.argv.slice(2);
if (args.includes('--help')) say(benchUsage);
else process.exitCode = await run(flagsOf(args));

function flagsOf(words: readonly string[]): BenchFlags {
  try {
    return parseBenchFlags(words);
  } catch (error) {
    process.stderr.write(`bench: ${messageOf(error)}\n\n${benchUsage}`);
    process.exit(2);
  }
}

/** Whoever interrupts a run means its servers too. A second signal ends it as it stands. */
function untilSignal(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort(signal));
  return ending.signal;
}

/** @returns the exit code: 1 when it was interrupted, or a scenario failed */
async function run(flags: BenchFlags): Promise<number> {
  const interrupted = untilSignal();
  try {
    return (await measure(flags, interrupted)) ? 0 : 1;
  } catch (error) {
    if (!interrupted.aborted) throw error;
    process.stderr.write(`bench: interrupted by ${String(interrupted.reason)}; its servers are stopped.\n`);
    return 1;
  }
}

/** @returns whether everything could be measured; what could not holds up nothing else */
async function measure(
  { scenarios, rounds, isQuick, saves, only }: BenchFlags,
  interrupted: AbortSignal,
): Promise<boolean> {
  const machine = describeMachine();
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    try {
      results.push(await runScenario(scenario, { rounds, isQuick, only, say, interrupted }));
      if (saves) saveResults(machine, results);
    } catch (error) {
      if (interrupted.aborted) throw error;
      process.stderr.write(`bench: ${scenario.name} could not be measured: ${messageOf(error)}\n`);
    }
  }
  say(`\n${reportOf({ machine, scenarios: results })}`);
  for (const line of goalLines(results)) say(line);
  const failures = results.flatMap((result) => failuresOf(result).map((failure) => `${result.name} ${failure}`));
  for (const failure of failures) process.stderr.write(`bench: could not be measured: ${failure}\n`);
  return failures.length === 0 && results.length === scenarios.length;
}
