import { messageOf } from '../../src-main/contract/errors.ts';
import { saveResults } from './runner/bench-record.ts';
import { benchUsage, parseBenchFlags, type BenchFlags } from './runner/bench-flags.ts';
import { describeMachine } from './runner/machine.ts';
import { goalLines, reportOf } from './runner/report.ts';
import type { ScenarioResult } from './runner/result.ts';
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

/** @returns the exit code: 1 when it was interrupted */
async function run(flags: BenchFlags): Promise<number> {
  const interrupted = untilSignal();
  try {
    await measure(flags, interrupted);
    return 0;
  } catch (error) {
    if (!interrupted.aborted) throw error;
    process.stderr.write(`bench: interrupted by ${String(interrupted.reason)}; its servers are stopped.\n`);
    return 1;
  }
}

async function measure({ scenarios, rounds, isQuick, saves }: BenchFlags, interrupted: AbortSignal): Promise<void> {
  const machine = describeMachine();
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    results.push(await runScenario(scenario, { rounds, isQuick, say, interrupted }));
    // What was measured so far is kept, should a later scenario fail.
    if (saves) saveResults(machine, results);
  }
  say(`\n${reportOf({ machine, scenarios: results })}`);
  for (const line of goalLines(results)) say(line);
}
