import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  migrateShow,
  showMigrations,
  type ShowJson,
  type ShowMigration,
} from '../../src-main/contract/show-migrations.ts';
import { parseShow } from '../../src-main/contract/parse-show.ts';
import { emptyShow, showFormat } from '../../src-main/contract/show.ts';

const fixtures = join(import.meta.dirname, '../fixtures/show-migrations');

/** Steps as a later Flyrail might have them; format 1 and 2 are made up for this test. */
const invented: ShowMigration[] = [
  { from: 1, why: 'title became name', migrate: ({ title, ...rest }) => ({ ...rest, name: title }) },
  { from: 2, why: 'cues came', migrate: (show) => ({ ...show, cues: [] }) },
];

describe('migrations of the show format', () => {
  it('[SX1] has exactly one step for each older format, with a show before and after it', () => {
    expect(faultsOf(showMigrations, showFormat)).toEqual([]);
  });

  it('[SX1] is told by the rule above when a step, or its fixture, is missing, doubled or out of place', () => {
    expect(faultsOf(invented.slice(0, 1), 3)).toContain('no step from format 2');
    expect(faultsOf([...invented, ...invented.slice(0, 1)], 3)).toContain('2 steps from format 1');
    expect(faultsOf(invented, 2)).toContain('a step from format 2, which is not older');
    expect(faultsOf(invented.toReversed(), 3)).toContain('the steps are not in order');
    const later: ShowMigration = { from: 99, why: 'who knows', migrate: (show) => show };
    expect(faultsOf([later], 100)).toContain('no fixture format-99.before.json');
  });

  it('[SX2] carries a show through all steps between, and leaves the given one as it is', () => {
    const old = Object.freeze({ format: 1, title: 'Gala' });
    expect(migrateShow(old, { steps: invented, format: 3 })).toEqual({ format: 3, name: 'Gala', cues: [] });
    expect(migrateShow({ format: 2, name: 'Gala' }, { steps: invented, format: 3 })).toEqual({
      format: 3,
      name: 'Gala',
      cues: [],
    });
  });

  it('[SX3] refuses a show of a newer format and tells both numbers', () => {
    const newer = { ...emptyShow('a', 'A'), format: showFormat + 6 };
    expect(() => parseShow(newer)).toThrow(
      expect.objectContaining({ code: 'show-newer', details: { format: showFormat + 6, known: showFormat } }),
    );
    expect(() => parseShow(newer)).toThrow(
      new RegExp(`format ${showFormat + 6}, this Flyrail reads up to format ${showFormat}`),
    );
  });

  it('[SX3] refuses a show without a format, and one for which a step is missing', () => {
    for (const format of [undefined, null, 0, -1, 1.5, '1', NaN]) {
      expect(() => parseShow({ ...emptyShow('a', 'A'), format })).toThrow(
        expect.objectContaining({ code: 'bad-show' }),
      );
    }
    expect(() => migrateShow({ format: 1 }, { steps: [], format: 2 })).toThrow(
      expect.objectContaining({ code: 'bad-show' }),
    );
  });
});

/** The rule for the list of steps; for each step it also runs the fixture that must be there. */
function faultsOf(steps: readonly ShowMigration[], format: number): string[] {
  const faults: string[] = [];
  for (let from = 1; from < format; from++) {
    const count = steps.filter((step) => step.from === from).length;
    if (count === 0) faults.push(`no step from format ${from}`);
    if (count > 1) faults.push(`${count} steps from format ${from}`);
  }
  for (const { from } of steps) if (from >= format) faults.push(`a step from format ${from}, which is not older`);
  if (steps.some((step, index) => step.from < (steps[index - 1]?.from ?? 0))) faults.push('the steps are not in order');
  return [...faults, ...steps.flatMap(fixtureFaults)];
}

function fixtureFaults(step: ShowMigration): string[] {
  const [before, after] = ['before', 'after'].map((state) => `format-${step.from}.${state}.json`);
  const missing = [before, after].filter((name) => !existsSync(join(fixtures, name ?? '')));
  if (missing.length > 0) return missing.map((name) => `no fixture ${name}`);
  const [given, wanted] = [before, after].map(
    (name) => JSON.parse(readFileSync(join(fixtures, name ?? ''), 'utf8')) as ShowJson,
  );
  const done = migrateShow(given ?? {}, { steps: [step], format: step.from + 1 });
  return JSON.stringify(done) === JSON.stringify(wanted) ? [] : [`format ${step.from}: not as in the fixture`];
}
