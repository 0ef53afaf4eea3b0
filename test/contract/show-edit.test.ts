import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src-main/contract/show.ts';
import { AppError } from '../../src-main/contract/errors.ts';
import { applyEdit, editableLists, editSchema, type Edit, type EditStep } from '../../src-main/contract/show-edit.ts';
import {
  bridgeSchema,
  emptyShow,
  groupSchema,
  mappingSchema,
  showLimits,
  showSchema,
  signalRuleSchema,
  type ShowDocument,
} from '../../src-main/contract/show.ts';

const seed = 20261121;
const start = emptyShow('s1', 'Winterreise');
const edit = (...steps: EditStep[]): Edit => ({ label: 'edit', steps });
const mapping = (id: string, number: number) =>
  mappingSchema.parse({ id, number, source: { pattern: '/a' }, target: { address: '/b' }, transforms: [] });
const put = (id: string, number: number, at?: number): EditStep => ({
  do: 'put',
  list: 'mappings',
  item: mapping(id, number),
  ...(at === undefined ? {} : { at }),
});
const ids = (document: ShowDocument): string[] => document.mappings.map(({ id }) => id);
const three = applyEdit(start, edit(put('a', 1), put('b', 2), put('c', 3))).document;

const someId = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const number = fc.integer({ min: 1, max: 12 });
const index = fc.integer({ min: 0, max: 8 });
const place = fc.option(index, { nil: undefined }).map((at) => (at === undefined ? {} : { at }));
const osc = {
  direction: 'in',
  listenHost: '0.0.0.0',
  listenPort: 1,
  targets: [{ host: 'h', port: 1 }],
  prefix: '/osc',
};
const anyStep: fc.Arbitrary<EditStep> = fc.oneof(
  fc
    .tuple(someId, number, place)
    .map(([id, n, at]) => ({ do: 'put' as const, list: 'mappings' as const, item: mapping(id, n), ...at })),
  fc.tuple(someId, fc.boolean(), place).map(([id, folded, at]) => ({
    do: 'put' as const,
    list: 'groups' as const,
    item: groupSchema.parse({ id, name: id, folded }),
    ...at,
  })),
  fc.tuple(someId, number, place).map(([id, n, at]) => ({
    do: 'put' as const,
    list: 'bridges' as const,
    item: bridgeSchema.parse({ kind: 'osc', id, number: n, name: id, settings: osc }),
    ...at,
  })),
  fc.tuple(someId, fc.constantFrom('/a', '/b', '/c/**'), place).map(([id, pattern, at]) => ({
    do: 'put' as const,
    list: 'signalRules' as const,
    item: signalRuleSchema.parse({ id, pattern }),
    ...at,
  })),
  fc.record({ do: fc.constant('remove' as const), list: fc.constantFrom(...editableLists), id: someId }),
  fc.record({ do: fc.constant('move' as const), list: fc.constantFrom(...editableLists), id: someId, to: index }),
  fc.record({ do: fc.constant('rename' as const), name: fc.string({ minLength: 1, maxLength: 20 }) }),
  fc
    .record({ autosaveSeconds: fc.nat(3600), backupsKeep: fc.nat(1000) })
    .map((settings) => ({ do: 'settings' as const, settings: settingsSchema.parse(settings) })),
);

describe('applyEdit', () => {
  it('[SE10] gives with every edit an inverse that restores the document exactly, in edits of any sequence', () => {
    let applied = 0;
    const property = fc.property(
      fc.array(fc.array(anyStep, { minLength: 1, maxLength: 5 }), { maxLength: 25 }),
      (edits) => {
        let now: ShowDocument = start;
        const undo: { before: ShowDocument; inverse: Edit }[] = [];
        for (const steps of edits) {
          const outcome = tryApply(now, edit(...steps));
          if (!outcome) continue;
          applied++;
          undo.push({ before: now, inverse: outcome.inverse });
          now = outcome.document;
          expect(showSchema.parse(now)).toEqual(now);
        }
        for (const { before, inverse } of undo.reverse()) {
          const redo = applyEdit(now, editSchema.parse(structuredClone(inverse)));
          expect(redo.document).toEqual(before);
          expect(applyEdit(redo.document, redo.inverse).document).toEqual(now);
          now = redo.document;
        }
        expect(now).toEqual(start);
      },
    );
    fc.assert(property, { seed, numRuns: 1000 });
    expect(applied).toBeGreaterThan(1500);
  });

  it('[SE11] never touches the document it is given, also when a later step is refused', () => {
    const property = fc.property(fc.array(anyStep, { minLength: 1, maxLength: 8 }), (steps) => {
      const document = freeze(structuredClone(three));
      tryApply(document, edit(...steps, { do: 'remove', list: 'mappings', id: 'nobody' }));
      tryApply(document, edit(...steps));
      expect(document).toEqual(three);
    });
    fc.assert(property, { seed, numRuns: 1000 });
  });

  it('[SE12] puts a known id where it stands, a new one at its place, or at the end', () => {
    expect(ids(applyEdit(three, edit(put('b', 7, 0))).document)).toEqual(['a', 'b', 'c']);
    expect(ids(applyEdit(three, edit(put('d', 4, 1))).document)).toEqual(['a', 'd', 'b', 'c']);
    expect(ids(applyEdit(three, edit(put('d', 4))).document)).toEqual(['a', 'b', 'c', 'd']);
    expect(ids(applyEdit(three, edit(put('d', 4, 99))).document)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('[SE13] moves an item to its new index among the others', () => {
    const moved = (id: string, to: number): string[] =>
      ids(applyEdit(three, edit({ do: 'move', list: 'mappings', id, to })).document);
    expect([moved('a', 2), moved('c', 0), moved('b', 99), moved('b', 1)]).toEqual([
      ['b', 'c', 'a'],
      ['c', 'a', 'b'],
      ['a', 'c', 'b'],
      ['a', 'b', 'c'],
    ]);
  });

  it('[SE14] lets numbers be swapped in one edit, and refuses two alike at its end', () => {
    expect(applyEdit(three, edit(put('a', 2), put('b', 1))).document.mappings.map((each) => each.number)).toEqual([
      2, 1, 3,
    ]);
    expect(() => applyEdit(three, edit(put('a', 2)))).toThrow(expect.objectContaining({ code: 'duplicate-number' }));
  });

  it('[SE15] refuses to remove or move what is not there', () => {
    for (const step of [{ do: 'remove' }, { do: 'move', to: 0 }] as const) {
      const refused = edit({ ...step, list: 'mappings', id: 'x' });
      expect(() => applyEdit(three, refused)).toThrow(expect.objectContaining({ code: 'unknown-id' }));
    }
  });

  it('[SE16] refuses one more than a list may hold, and still replaces in a full one', () => {
    const groups = Array.from({ length: showLimits.groups }, (_, i) => groupSchema.parse({ id: `g${i}`, name: 'g' }));
    const full = { ...start, groups };
    const more = groupSchema.parse({ id: 'more', name: 'more' });
    expect(() => applyEdit(full, edit({ do: 'put', list: 'groups', item: more }))).toThrow(
      expect.objectContaining({ code: 'bad-arguments' }),
    );
    const renamed = { ...more, id: 'g0' };
    expect(applyEdit(full, edit({ do: 'put', list: 'groups', item: renamed })).document.groups[0]).toEqual(renamed);
  });

  it('[SF72] adds, changes and takes out rules of signals, and refuses a second one for a pattern', () => {
    const rule = (id: string, pattern: string, strategy: 'max' | 'min'): EditStep => ({
      do: 'put',
      list: 'signalRules',
      item: signalRuleSchema.parse({ id, pattern, strategy }),
    });
    const { document, inverse } = applyEdit(start, edit(rule('a', '/a', 'max'), rule('b', '/b', 'min')));
    const told = ({ signalRules }: ShowDocument) => signalRules.map(({ pattern, strategy }) => [pattern, strategy]);
    expect(told(document)).toEqual([
      ['/a', 'max'],
      ['/b', 'min'],
    ]);
    expect(applyEdit(document, inverse).document).toEqual(start);
    expect(told(applyEdit(document, edit(rule('a', '/c', 'min'))).document)[0]).toEqual(['/c', 'min']);
    expect(() => applyEdit(document, edit(rule('a', '/b', 'max')))).toThrow(
      expect.objectContaining({ code: 'duplicate-pattern', details: { pattern: '/b' } }),
    );
    // Two that change places do so in one edit.
    const swapped = applyEdit(document, edit(rule('a', '/b', 'max'), rule('b', '/a', 'min'))).document;
    expect(told(swapped)).toEqual([
      ['/b', 'max'],
      ['/a', 'min'],
    ]);
    expect(() => applyEdit(document, edit({ do: 'remove', list: 'signalRules', id: 'x' }))).toThrow(
      'The show has no x among its rules. Nothing was changed.',
    );
  });

  it('[SE17] keeps label and gesture in the inverse, so that undo can say and join them', () => {
    const { inverse } = applyEdit(three, { label: 'bend set 3', steps: [put('a', 9)], gesture: 'drag-1' });
    expect(inverse).toMatchObject({ label: 'bend set 3', gesture: 'drag-1' });
    expect(applyEdit(three, edit(put('a', 9))).inverse).not.toHaveProperty('gesture');
  });
});

describe('the edit schema', () => {
  it('[SE18] refuses steps without list, unknown lists, unknown keys, and edits without steps', () => {
    const bad: unknown[] = [
      { do: 'put', list: 'cues', item: { id: 'a' } },
      { do: 'put', list: 'groups', item: mapping('a', 1) },
      { do: 'remove', list: 'mappings' },
      { do: 'move', list: 'mappings', id: 'a', to: -1 },
      { do: 'rename', name: '' },
      { do: 'rename', name: 'x', extra: 1 },
      { do: 'explode' },
    ];
    for (const step of bad) expect(editSchema.safeParse({ label: 'x', steps: [step] }).success).toBe(false);
    expect(editSchema.safeParse({ label: 'x', steps: [] }).success).toBe(false);
    expect(editSchema.safeParse({ label: '', steps: [put('a', 1)] }).success).toBe(false);
    expect(editSchema.parse({ label: 'x', steps: [put('a', 1, 2)] })).toEqual({ label: 'x', steps: [put('a', 1, 2)] });
  });
});

/** @returns undefined when the edit is refused, which must be by an error of ours */
function tryApply(document: ShowDocument, given: Edit): ReturnType<typeof applyEdit> | undefined {
  try {
    return applyEdit(document, given);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return undefined;
  }
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
}
