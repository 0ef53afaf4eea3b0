import { scenarioNamed, scenarios } from '../scenarios/catalogue.ts';
import type { Scenario } from './scenario.ts';

export const benchUsage = `npm run bench -- [quick] [SCENARIO ...] [--rounds N] [--save]

  quick        one round, one second each, fewer cases; docs/ is left as it is
  SCENARIO     only these; without any, all but soak, and docs/bench.json and docs/bench.md are written
  --rounds N   rounds of all targets in turn (5)
  --save       writes what named scenarios measured into docs/ too, beside what stands there

Scenarios: ${scenarios.map(({ name }) => name).join(', ')}.
`;

export interface BenchFlags {
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly saves: boolean;
}

/** @throws Error with one sentence that says what was expected */
export function parseBenchFlags(args: readonly string[]): BenchFlags {
  let rounds: number | undefined;
  let saves = false;
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '--save') saves = true;
    else if (word === '--rounds') rounds = countOf(args[++i]);
    else words.push(word);
  }
  const isQuick = words.includes('quick');
  const named = words.filter((word) => word !== 'quick').map(scenarioNamed);
  if (isQuick && saves) throw new Error('A quick run is too short to be kept; leave --save or quick out.');
  const chosen = named.length > 0 ? named : scenarios.filter(({ onlyByName }) => !onlyByName);
  return {
    scenarios: chosen,
    rounds: rounds ?? (isQuick ? 1 : 5),
    isQuick,
    saves: saves || (!isQuick && named.length === 0),
  };
}

function countOf(text = ''): number {
  if (!/^[1-9]\d?$/.test(text)) throw new Error(`--rounds ${text}: expected a number from 1 to 99.`);
  return Number(text);
}
