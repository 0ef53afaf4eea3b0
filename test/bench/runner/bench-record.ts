import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scenarios } from '../scenarios/catalogue.ts';
import type { Machine } from './machine.ts';
import { reportOf, type BenchRecord } from './report.ts';
import type { ScenarioResult } from './result.ts';

const jsonPath = fileURLToPath(new URL('../../../docs/bench.json', import.meta.url));
const markdownPath = fileURLToPath(new URL('../../../docs/bench.md', import.meta.url));

/** Puts new results in the place of older ones of the same scenarios, in docs/bench.json and docs/bench.md. */
export function saveResults(machine: Machine, measured: readonly ScenarioResult[]): void {
  const known = existsSync(jsonPath) ? (JSON.parse(readFileSync(jsonPath, 'utf8')) as BenchRecord).scenarios : [];
  const results = mergeResults(known, measured);
  const record: BenchRecord = { machine, scenarios: results };
  writeFileSync(jsonPath, `${JSON.stringify(record, roundFigures, 1)}\n`);
  writeFileSync(markdownPath, reportOf(record));
}

/** @returns the newer of each scenario, in the order of the report */
export function mergeResults(
  known: readonly ScenarioResult[],
  measured: readonly ScenarioResult[],
): readonly ScenarioResult[] {
  return scenarios.flatMap(({ name }) => {
    const result = measured.find((each) => each.name === name) ?? known.find((each) => each.name === name);
    return result ? [result] : [];
  });
}

/** Five digits are more than a measurement holds. */
function roundFigures(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}
