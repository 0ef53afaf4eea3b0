import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { showLimits, type Mapping } from '../../../src-main/contract/show.ts';
import { f64, integer, nullValue, text, type Signal } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { mappingHopsMax, mappingPassesMax } from '../../../src-main/core/mapping/mapping-session.ts';
import { Bench, gate, mapping, toLevel } from './mapping-bench.ts';

const seed = 20261121;

describe('a mapping', () => {
  it('[MP20] sends what its steps make of its source to its target, says why, and how long it took', () => {
    const bench = new Bench();
    expect(bench.load(mapping(3, '/desk/fader/*', '/sacn/1/{1}', toLevel))).toEqual([]);
    const arrivedAt = bench.clock.nowMicros();
    bench.clock.advance(2);
    const signal: Signal = { kind: 'param', address: parseAddress('/desk/fader/7'), value: f64(0.5) };
    bench.send(signal, { because: 'cue 1', hops: 1, arrivedAt });
    expect(bench.published).toEqual([
      {
        signal: { kind: 'param', address: '/sacn/1/7', value: integer(128) },
        cause: { because: 'set 3', hops: 2, arrivedAt, movedAt: arrivedAt, mappingId: 'm3', spent: { passes: 1 } },
      },
    ]);
    expect(bench.live).toEqual([
      {
        mappingId: 'm3',
        source: f64(0.5),
        target: integer(128),
        refused: null,
        sourceAddress: '/desk/fader/7',
        targetAddress: '/sacn/1/7',
        kind: 'param',
        at: bench.clock.nowMicros() / 1000,
        count: 1,
        latencyMicros: micros(2000),
      },
    ]);
  });

  it('[MP23] passes any value type untouched when no step is on', () => {
    const bench = new Bench();
    bench.load(mapping(1, '/in/**', '/copy/{1}'));
    const values = [
      text('go'),
      nullValue,
      { type: 'i64', value: 2n ** 62n } as const,
      { type: 'map', value: [['x', f64(1)]] } as const,
    ];
    for (const value of values) bench.set('/in/a', value);
    expect(bench.published.map(({ signal }) => signal.value)).toEqual(values);
  });

  it('[MP24] sends nothing and counts when a number is not finite or no address comes out, and shows that it got it', () => {
    const bench = new Bench();
    bench.load(mapping(1, '/in/*', '/out/x{1}'));
    bench.set('/in/1', f64(Number.NaN));
    bench.set(`/in/${'y'.repeat(1019)}`, f64(1));
    expect(bench.take()).toEqual([]);
    expect(bench.engine.counts()).toEqual({
      sent: 0,
      refusedNotFinite: 1,
      refusedAddress: 1,
      refusedHops: 0,
      refusedByRouter: 0,
    });
    expect(bench.live.map(({ target, targetAddress }) => [target, targetAddress])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('[MP25] remembers each source address by itself in a pattern', () => {
    const bench = new Bench();
    bench.load(mapping(1, '/in/*', '/out/{1}', gate));
    for (const [address, value] of [
      ['a', 0.6],
      ['b', 0.4],
      ['a', 0.4],
    ] as const)
      bench.set(`/in/${address}`, f64(value));
    expect(bench.take()).toEqual(['/out/a 1', '/out/b 0', '/out/a 1']);
  });
});

describe('several mappings', () => {
  it('[MP26] chain, and the last to send to a target wins', () => {
    const bench = new Bench();
    bench.load(
      mapping(1, '/a', '/b'),
      mapping(2, '/b', '/c'),
      mapping(3, '/a', '/lamp', toLevel),
      mapping(4, '/a', '/lamp'),
    );
    bench.set('/a', f64(1));
    expect(bench.take()).toEqual(['/b 1', '/c 1', '/lamp 255', '/lamp 1']);
    expect(bench.at('/lamp')).toBe(1);
  });

  it('[MP27] that form a loop do not run and are reported; the others run, and so do these when one is switched off', () => {
    const bench = new Bench();
    const loop = [
      mapping(1, '/a', '/b'),
      mapping(2, '/b', '/a'),
      mapping(3, '/a', '/c'),
      mapping(4, '/x/**', '/x/1'),
    ] as const;
    const reason = 'Sets 1 and 2 feed each other. Neither runs until one of them changes.';
    expect(bench.load(...loop)).toEqual([
      { mappingId: 'm1', code: 'mapping-loop', reason },
      { mappingId: 'm2', code: 'mapping-loop', reason },
      {
        mappingId: 'm4',
        code: 'mapping-loop',
        reason: 'Set 4 feeds itself: its target is part of its source. Change one of the two.',
      },
    ]);
    bench.set('/a', f64(1));
    expect(bench.take()).toEqual(['/c 1']);
    expect(bench.load(loop[0], { ...loop[1], enabled: false }, loop[2])).toEqual([]);
    expect(bench.take()).toEqual(['/b 1']);
  });

  it('[MP29] with a text that cannot be understood are reported, and the others run', () => {
    const bench = new Bench();
    const problems = bench.load(mapping(1, '/a/**b', '/c'), mapping(2, '/a', '/c/{1}'), mapping(3, '/a', '/ok'));
    expect(problems.map(({ mappingId, code }) => [mappingId, code])).toEqual([
      ['m1', 'bad-pattern'],
      ['m2', 'mapping-bad-template'],
    ]);
    bench.set('/a', f64(1));
    expect(bench.take()).toEqual(['/ok 1']);
  });

  it(`[MP31] stop a signal that has been through ${mappingHopsMax} of them`, () => {
    const bench = new Bench();
    bench.load(...Array.from({ length: mappingHopsMax + 3 }, (_, i) => mapping(i + 1, `/${i}`, `/${i + 1}`)));
    bench.set('/0', f64(1));
    expect(bench.take()).toHaveLength(mappingHopsMax);
    expect(bench.engine.counts()).toMatchObject({ sent: mappingHopsMax, refusedHops: 1 });
  });

  it('[MP32] never go on for ever, whatever they are', () => {
    const source = fc.constantFrom('/a', '/b', '/c', '/*', '/**', '/a/*', '/*/b');
    const target = fc.constantFrom('/a', '/b', '/c', '/a/{1}', '/{1}/b', '/{1}', '/c/a');
    const property = fc.property(fc.array(fc.tuple(source, target), { maxLength: 8 }), (pairs) => {
      const bench = new Bench();
      bench.load(...pairs.map(([from, to], i) => mapping(i + 1, from, to)));
      for (const address of ['/a', '/b', '/a/b', '/c']) bench.set(address, f64(1));
      expect(bench.engine.counts().refusedHops).toBe(0);
      expect(bench.published.length).toBeLessThan(1000);
    });
    fc.assert(property, { seed, numRuns: 2000 });
  });
});

describe('a signal that becomes too many', () => {
  const doubling = (steps: number): Mapping[] =>
    Array.from({ length: steps * 2 }, (_, i) => mapping(i + 1, `/${i >> 1}`, `/${(i >> 1) + 1}`));

  it('[MP48] is stopped, said, and costs little from then on', () => {
    const bench = new Bench();
    expect(bench.load(...doubling(20), mapping(99, '/other', '/lamp'))).toEqual([]);
    bench.set('/0', f64(1));
    expect(bench.take().length).toBeLessThanOrEqual(mappingPassesMax);
    expect(bench.problemsTold).toBeGreaterThan(0);
    const problems = bench.engine.problems();
    expect(problems[0]).toMatchObject({
      code: 'mapping-flood',
      reason: expect.stringContaining('16\u202f384') as string,
    });
    for (let i = 0; i < 20; i++) bench.set('/0', f64(i));
    bench.take();
    bench.set('/0', f64(0.5));
    expect(bench.take().length).toBeLessThan(mappingPassesMax);
    bench.set('/other', f64(0.3));
    expect(bench.take()).toEqual(['/lamp 0.3']);
    expect(bench.load(...doubling(3))).toEqual([]);
    bench.set('/0', f64(1));
    expect(bench.take()).toHaveLength(2 + 4 + 8);
  });

  it('[MP48] follows its source again as soon as a set has changed', () => {
    const bench = new Bench();
    const chain = doubling(16).filter(({ number }) => number % 2 === 1);
    const end = mapping(99, '/16', '/lamp');
    bench.load(...chain, end);
    bench.set('/0', f64(0.2));
    bench.clock.advance(1);
    bench.load(...doubling(16), end);
    bench.set('/0', f64(1));
    bench.load(...chain, end);
    expect(bench.engine.problems()).toEqual([]);
    expect(bench.at('/lamp')).toBe(1);
  });

  it('[MP48] may feed every set of the largest show', () => {
    const bench = new Bench();
    bench.load(...Array.from({ length: showLimits.mappings }, (_, i) => mapping(i + 1, '/master', `/lamp/${i}`)));
    bench.set('/master', f64(1));
    expect(bench.take()).toHaveLength(showLimits.mappings);
    expect(bench.engine.problems()).toEqual([]);
  });
});
