import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappingSchema, type Mapping } from '../../../src-main/contract/show.ts';
import {
  checkMappings,
  createMappingCheck,
  type CheckedMappings,
} from '../../../src-main/core/mapping/check-mappings.ts';

function mapping(number: number, source: string, address: string): Mapping {
  return mappingSchema.parse({
    id: `m${number}`,
    number,
    source: { pattern: source },
    target: { address },
    transforms: [],
  });
}

function reasons(...mappings: Mapping[]): string[] {
  return checkMappings(mappings).problems.map(({ reason }) => reason);
}

describe('checkMappings', () => {
  it('[MP28] says in the words of an operator who feeds whom, naming at most four of a long circle', () => {
    expect(reasons(mapping(4, '/x/**', '/x/1'))).toEqual([
      'Set 4 feeds itself: its target is part of its source. Change one of the two.',
    ]);
    expect(reasons(mapping(1, '/1', '/2'), mapping(2, '/2', '/1'))[0]).toBe(
      'Sets 1 and 2 feed each other. Neither runs until one of them changes.',
    );
    expect(reasons(mapping(1, '/1', '/2'), mapping(2, '/2', '/3'), mapping(3, '/3', '/1'))[0]).toBe(
      'Sets 1, 2 and 3 feed each other in a circle. None runs until one of them changes.',
    );
    expect(reasons(...Array.from({ length: 7 }, (_, i) => mapping(i + 1, `/${i}`, `/${(i + 1) % 7}`)))[0]).toBe(
      'Sets 1, 2, 3, 4 and 3 more feed each other in a circle. None runs until one of them changes.',
    );
  });

  it('[MP33] leaves out mappings that are off: they neither run, nor close a loop, nor have problems', () => {
    const off = [mapping(1, '/a', '/b'), mapping(2, 'no slash', '/a')].map((each) => ({ ...each, enabled: false }));
    const back = mapping(3, '/b', '/a');
    const checked = checkMappings([...off, back]);
    expect(checked.sound.map((each) => each.mapping)).toEqual([back]);
    expect(checked.problems).toEqual([]);
  });

  it('[MP30] refuses wildcards that are too many to check, while plain addresses are checked and run', () => {
    const slow = Array.from({ length: 4000 }, (_, i) => mapping(i + 1, `/*${i}*/a/*`, `/x${i}{1}y/b/{3}`));
    const { sound, problems } = checkMappings([...slow, mapping(9001, '/plain', '/lamp'), mapping(9002, '/me', '/me')]);
    expect(problems).toHaveLength(4001);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['mapping-loop']));
    expect(sound.map((each) => each.mapping.number)).toEqual([9001]);
  }, 30_000);
});

/** Without the functions inside, which are made anew each time. */
function plain({ sound, problems }: CheckedMappings) {
  return { sound: sound.map(({ mapping, source, target }) => ({ mapping, source, reach: target.reach })), problems };
}

describe('createMappingCheck', () => {
  it('[MP44] gives after any edits what a first look gives', () => {
    const address = fc.constantFrom('/a', '/b', '/c', '/d', '/*', '/to/**', 'no slash');
    const change = fc.record({
      at: fc.nat(5),
      source: address,
      target: fc.oneof(address, fc.constantFrom('/{1}', '/{2}', '/to/{1}')),
      enabled: fc.boolean(),
      number: fc.integer({ min: 1, max: 9 }),
      name: fc.string({ maxLength: 3 }),
      isKept: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const check = createMappingCheck();
        let mappings: readonly Mapping[] = Array.from({ length: 6 }, (_, i) => mapping(i + 1, `/${i}`, `/to/${i}`));
        for (const { at, source, target, isKept, ...rest } of changes) {
          const changed = mappings.with(at, { ...mapping(at + 1, source, target), ...rest });
          expect(plain(check(changed))).toEqual(plain(checkMappings(changed)));
          if (isKept) mappings = changed;
          expect(plain(check(mappings))).toEqual(plain(checkMappings(mappings)));
        }
      }),
    );
  });

  it('[MP44] looks at no list twice, also where edits were refused between', () => {
    const check = createMappingCheck();
    const looped = [mapping(1, '/a', '/b'), mapping(2, '/b', '/a')];
    const wider = [...looped, mapping(3, '/c', '/d')];
    const [first, second] = [check(looped), check(wider)];
    expect([check(looped), check(wider)].map((each, i) => each === [first, second][i])).toEqual([true, true]);
    expect(plain(check([...wider]))).toEqual(plain(second));
  });

  it('[MP44] keeps what it knows of mappings that an edit did not touch', () => {
    const check = createMappingCheck();
    const mappings = [mapping(1, '/a', '/b'), mapping(2, '/c', '/d')];
    const [, kept] = check(mappings).sound;
    const renamed = mappings.with(0, { ...mapping(1, '/a', '/b'), name: 'Front' });
    expect(check(renamed).sound[1]).toBe(kept);
  });
});
