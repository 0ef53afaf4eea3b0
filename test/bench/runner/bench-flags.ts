import { scenarioNamed, scenarios } from '../scenarios/catalogue.ts';
import { hasWords } from './result.ts';
import type { Scenario } from './scenario.ts';

export const benchUsage = `npm run bench -- [quick] [SCENARIO ...] [--only WORD,...] [--rounds N] [--save]

  quick        one round, one second each, fewer cases; docs/ is left as it is
  SCENARIO     only these; without any, all but soak, and docs/bench.json and docs/bench.md are written
  --only WORDS of the cases those that have all of these words, such as --only mqtt,out; docs/ is left as it is
  --rounds N   rounds of all targets in turn (5)
  --save       writes what named scenarios measured into docs/ too, beside what stands there

Scenarios: ${scenarios.map(({ name }) => name).join(', ')}.
`;

export interface BenchFlags {
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly saves: boolean;
  /** words of cases; empty for all cases */
  readonly only: readonly string[];
}

/** @throws Error with one sentence that says what was expected */
export function parseBenchFlags(args: readonly string[]): BenchFlags {
  let rounds: number | undefined;
  let saves = false;
  let only: readonly string[] = [];
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '--save') saves = true;
    else if (word === '--rounds') rounds = countOf(args[++i]);
    else if (word === '--only') only = (args[++i] ?? '').split(',').filter(Boolean);
    else words.push(word);
  }
  const isQuick = words.includes('quick');
  const named = words.filter((word) => word !== 'quick').map(scenarioNamed);
  if (isQuick && saves) throw new Error('A quick run is too short to be kept; leave --save or quick out.');
  if (only.length > 0 && saves) throw new Error('A part of the cases is not to be kept; leave --save or --only out.');
  const chosen = named.length > 0 ? named : scenarios.filter(({ onlyByName }) => !onlyByName);
  const wanted = chosen.filter(({ cases }) => cases.some((one) => hasWords(one, only)));
  if (wanted.length === 0) throw new Error(`--only ${only.join()}: expected words of a case of these scenarios.`);
  return {
    scenarios: wanted,
    rounds: rounds ?? (isQuick ? 1 : 5),
    isQuick,
    saves: saves || (!isQuick && named.length === 0 && only.length === 0),
    only,
  };
}

function countOf(text = ''): number {
  if (!/^[1-9]\d?$/.test(text)) throw new Error(`--rounds ${text}: expected a number from 1 to 99.`);
  return Number(text);
}
