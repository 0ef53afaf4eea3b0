import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, parseAddress, type Pattern } from '../../../src-main/contract/address.ts';
import type { LiveMapping, MappingProblem } from '../../../src-main/contract/engine-api.ts';
import { mappingSchema, showLimits, type Mapping } from '../../../src-main/contract/show.ts';
import { f64, integer, nullValue, text, toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { createMappingEngine, type MappingEngine } from '../../../src-main/core/mapping/mapping-engine.ts';
import {
  mappingHopsMax,
  mappingPassesMax,
  type MappingCause,
  type MappingDelivery,
} from '../../../src-main/core/mapping/mapping-session.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { isRefusal } from '../../../src-main/core/router/param-write.ts';
import type { Refusal } from '../../../src-main/core/router/refusal.ts';
import { ValueTable } from '../../../src-main/core/router/value-table.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { silentLog } from '../../silent-log.ts';

const seed = 20261121;

interface Published {
  readonly signal: Signal;
  readonly cause: MappingCause;
}

/** A router of the smallest kind: keeps params, delivers to all, also the echo, in the order of publishing. */
class Bench {
  readonly clock = new SimulatedClock();
  readonly published: Published[] = [];
  readonly live: LiveMapping[] = [];
  readonly subscribed: Pattern[] = [];
  readonly params = new ValueTable(routerLimits);
  readonly engine: MappingEngine;
  problemsTold = 0;
  readonly #turns: (() => void)[] = [];
  #listeners: { pattern: Pattern; run: (batch: readonly MappingDelivery[]) => void }[] = [];

  constructor() {
    this.engine = createMappingEngine({
      session: {
        publish: ([signal], cause) => (signal ? this.#publish(signal, cause) : undefined),
        subscribe: (pattern, run) => {
          this.subscribed.push(pattern);
          const listener = { pattern, run };
          this.#listeners.push(listener);
          return () => {
            this.#listeners = this.#listeners.filter((other) => other !== listener);
          };
        },
      },
      name: 'mappings',
      params: this.params,
      clock: this.clock,
      log: silentLog,
      defer: (run) => void this.#turns.push(run),
      onLive: (live) => this.live.push(live),
      onProblem: () => this.problemsTold++,
      describe: ({ code }) => `refused ${code}`,
    });
  }

  get listening(): Pattern[] {
    return this.#listeners.map(({ pattern }) => pattern);
  }

  /** Runs the turns that are planned, and those they plan. @returns how many */
  turns(): number {
    let count = 0;
    for (let run = this.#turns.shift(); run; run = this.#turns.shift(), count++) run();
    return count;
  }

  load(...mappings: Mapping[]): readonly MappingProblem[] {
    return this.engine.load(mappings);
  }

  send(signal: Signal, cause?: MappingCause): void {
    const delivery: MappingDelivery = { signal, at: this.clock.nowMicros(), ...(cause ? { cause } : {}) };
    for (const { pattern, run } of this.#listeners) if (matches(pattern, signal.address)) run([delivery]);
  }

  /** A client sets a param. */
  set(address: string, value: Value, more: { writer?: string; lock?: boolean } = {}): Refusal | undefined {
    const signal: Signal = { kind: 'param', address: parseAddress(address), value };
    const refusal = this.#store(signal, more.writer ?? 'client', more.lock);
    if (!refusal) this.send(signal);
    return refusal;
  }

  at(address: string): unknown {
    const record = this.params.get(address);
    return record && toJson(record.value.value);
  }

  /** What was published since the last look, as `address value`. */
  take(): string[] {
    return this.published.splice(0).map(({ signal }) => `${signal.address} ${JSON.stringify(toJson(signal.value))}`);
  }

  #publish(signal: Signal, cause: MappingCause): Refusal | undefined {
    const refusal = signal.kind === 'param' ? this.#store(signal, 'mappings') : undefined;
    if (refusal) return refusal;
    this.published.push({ signal, cause });
    this.send(signal, cause);
    return undefined;
  }

  #store({ address, value }: Signal, writer: string, lock = false): Refusal | undefined {
    const at = this.clock.nowMicros();
    const record = this.params.write({ address, value: WireValue.of(value), writer, at, ...(lock && { lock }) });
    return isRefusal(record) ? record : undefined;
  }
}

function mapping(number: number, source: string, address: string, rest: Record<string, unknown> = {}): Mapping {
  const { target, ...others } = { target: {}, transforms: [], ...rest };
  return mappingSchema.parse({
    id: `m${number}`,
    number,
    source: { pattern: source },
    target: { address, ...target },
    ...others,
  });
}

const toLevel = {
  transforms: [{ type: 'scale', inMin: 0, inMax: 1, outMin: 0, outMax: 255 }],
  target: { as: 'integer' },
};
const gate = { transforms: [{ type: 'threshold', at: 0.5, hysteresis: 0.2, below: 0, above: 1 }] };

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
        cause: { because: 'set 3', hops: 2, arrivedAt, mappingId: 'm3', spent: { passes: 1 } },
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

describe('a locked target', () => {
  it('[MP47] is shown as refused, and follows again when the lock ends', () => {
    const bench = new Bench();
    bench.load(mapping(1, '/fader', '/lamp'));
    bench.set('/lamp', f64(0.5), { writer: 'phone', lock: true });
    bench.clock.advance(1);
    bench.set('/fader', f64(0.8));
    bench.set('/fader', f64(1));
    expect(bench.live.at(-1)).toMatchObject({ source: f64(1), target: f64(0.5), refused: 'refused 401' });
    expect(bench.engine.counts()).toMatchObject({ sent: 0, refusedByRouter: 2 });
    bench.params.releaseLocks('phone', ['/lamp']);
    expect(bench.take()).toEqual(['/lamp 1']);
    expect(bench.live.at(-1)).toMatchObject({ target: f64(1), refused: null });
  });

  it('[MP47] keeps what its holder set after the fader had moved', () => {
    const bench = new Bench();
    bench.load(mapping(1, '/fader', '/lamp'));
    bench.set('/lamp', f64(0.5), { writer: 'phone', lock: true });
    bench.set('/fader', f64(1));
    bench.clock.advance(1);
    bench.set('/lamp', f64(0.6), { writer: 'phone' });
    bench.params.releaseLocks('phone', ['/lamp']);
    expect(bench.take()).toEqual([]);
    expect(bench.at('/lamp')).toBe(0.6);
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
    expect(problems[0]).toMatchObject({ code: 'mapping-flood', reason: expect.stringContaining('16384') as string });
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

  it('[MP48] may feed every set of the largest show', () => {
    const bench = new Bench();
    bench.load(...Array.from({ length: showLimits.mappings }, (_, i) => mapping(i + 1, '/master', `/lamp/${i}`)));
    bench.set('/master', f64(1));
    expect(bench.take()).toHaveLength(showLimits.mappings);
    expect(bench.engine.problems()).toEqual([]);
  });
});

describe('an edit', () => {
  it('[MP40] subscribes once for each distinct source and lets go of those no longer used', () => {
    const bench = new Bench();
    const [one, two, three] = [mapping(1, '/a', '/x'), mapping(2, '/a', '/y'), mapping(3, '/b', '/z')];
    bench.load(one, two, three);
    expect(bench.subscribed).toEqual(['/a', '/b']);
    bench.load(two, mapping(4, '/c', '/z'));
    expect(bench.listening).toEqual(['/a', '/c']);
    expect(bench.subscribed).toEqual(['/a', '/b', '/c']);
    bench.engine.stop();
    expect(bench.listening).toEqual([]);
  });

  it('[MP41] leaves what a threshold remembers alone unless source or steps change', () => {
    const bench = new Bench();
    const event = (value: number): void =>
      bench.send({ kind: 'event', address: parseAddress('/in'), value: f64(value) });
    const first = mapping(1, '/in', '/out', gate);
    bench.load(first);
    event(0.6);
    bench.load({ ...first, name: 'other', number: 8 }, mapping(2, '/b', '/c'));
    event(0.4);
    bench.load({ ...first, target: { ...first.target, address: '/moved' } });
    event(0.4);
    expect(bench.take()).toEqual(['/out 1', '/out 1', '/moved 1']);
    bench.load(mapping(1, '/in', '/out', { transforms: [{ ...gate.transforms[0], above: 2 }] }));
    event(0.4);
    expect(bench.take()).toEqual(['/out 0']);
  });

  it('[MP42] applies the params that are there to what is new, changed or switched on, and only to that', () => {
    const bench = new Bench();
    bench.set('/fader', f64(0.5));
    const lamp = mapping(1, '/fader', '/lamp');
    bench.load(lamp);
    expect(bench.take()).toEqual(['/lamp 0.5']);
    bench.load({ ...lamp, name: 'key', number: 5, groupId: 'g' }, mapping(2, '/none', '/b'));
    expect(bench.take()).toEqual([]);
    bench.load({ ...lamp, enabled: false });
    expect(bench.take()).toEqual([]);
    bench.load(lamp);
    expect(bench.take()).toEqual(['/lamp 0.5']);
    bench.load(mapping(1, '/fader', '/lamp', toLevel));
    expect(bench.take()).toEqual(['/lamp 128']);
  });

  it('[MP45] goes on where the last run ended: what was sent after its source moved is not sent again', () => {
    const bench = new Bench();
    bench.set('/y', f64(0));
    bench.clock.advance(1);
    bench.set('/x', f64(0.7));
    bench.set('/lamp', f64(0.7), { writer: 'mappings' });
    bench.set('/late', f64(0.2), { writer: 'mappings' });
    bench.clock.advance(1);
    bench.set('/moved', f64(0.9));
    bench.load(
      mapping(1, '/x', '/lamp'),
      mapping(2, '/y', '/lamp'),
      mapping(3, '/moved', '/late'),
      mapping(4, '/y', '/nowhere'),
    );
    expect(bench.take()).toEqual(['/late 0.9', '/nowhere 0']);
    expect(bench.live.map(({ mappingId }) => mappingId)).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('[MP42] leaves a target to the fader that set it last, after a start too', () => {
    const sets = [mapping(1, '/desk', '/lamp'), mapping(2, '/phone', '/lamp')] as const;
    const edited = mapping(2, '/phone', '/lamp', { transforms: [{ type: 'clamp', min: 0, max: 1 }] });
    const bench = new Bench();
    bench.load(...sets);
    bench.set('/phone', f64(0));
    bench.clock.advance(1);
    bench.set('/desk', f64(1));
    bench.take();
    bench.load(sets[0], edited);
    bench.load(sets[0], mapping(3, '/phone', '/lamp'));
    expect(bench.take()).toEqual([]);
    expect(bench.live.at(-1)).toMatchObject({ mappingId: 'm3', source: f64(0), target: f64(1), refused: null });

    const restarted = new Bench();
    restarted.params.restore({ params: bench.params.records(), revisionFloor: 0n });
    restarted.load(...sets);
    restarted.load(sets[0], edited);
    expect(restarted.take()).toEqual([]);
    restarted.load(mapping(1, '/desk', '/lamp', toLevel), edited);
    expect(restarted.take()).toEqual(['/lamp 255']);
    restarted.load(edited);
    restarted.load(mapping(2, '/phone', '/lamp'));
    expect(restarted.take()).toEqual(['/lamp 0']);
  });

  it('[MP42] follows a fader that moved while its set was off, and leaves what a client set since', () => {
    const bench = new Bench();
    const lamp = mapping(1, '/fader', '/lamp');
    bench.load(lamp);
    bench.set('/fader', f64(0.2));
    bench.load({ ...lamp, enabled: false });
    bench.clock.advance(1);
    bench.set('/fader', f64(0.4));
    bench.take();
    bench.load(lamp);
    expect(bench.take()).toEqual(['/lamp 0.4']);
    bench.clock.advance(1);
    bench.set('/lamp', f64(0.9));
    bench.load({ ...lamp, enabled: false });
    bench.load(lamp);
    expect(bench.take()).toEqual([]);
  });

  it('[MP42] fires no event, also not further down the chain', () => {
    const bench = new Bench();
    bench.set('/fader', f64(0.5));
    bench.load();
    const fire = { target: { kind: 'event' } };
    bench.load(mapping(1, '/fader', '/mid'), mapping(2, '/mid', '/go', fire), mapping(3, '/fader', '/now', fire));
    expect(bench.take()).toEqual(['/mid 0.5']);
    bench.set('/fader', f64(1));
    expect(bench.take()).toEqual(['/mid 1', '/go 1', '/now 1']);
  });

  it('[MP46] takes a large table over in many turns, with the newest values, and only what still runs', () => {
    const bench = new Bench();
    bench.load();
    for (let i = 0; i < 5000; i++) bench.set(`/dev/${i % 10}/q/${i}`, f64(i));
    const sets = Array.from({ length: 10 }, (_, i) => mapping(i + 1, `/dev/${i}/q/*`, `/out/${i}/{1}`));
    bench.load(...sets);
    const first = bench.take().length;
    expect(first).toBeLessThanOrEqual(64);
    bench.set('/dev/9/q/4999', f64(7));
    expect(bench.take()).toEqual(['/out/9/4999 7']);
    bench.load(...sets.slice(1));
    expect(bench.turns()).toBeGreaterThan(4500 / 64);
    const rest = bench.take();
    expect(rest.filter((one) => one.startsWith('/out/0/')).length).toBe(0);
    expect(new Set(rest.map((one) => one.split(' ')[0])).size).toBe(4500);
    expect(bench.at('/out/9/4999')).toBe(7);
    expect(bench.turns()).toBe(0);
  });

  it('[MP45] fires nothing at a start', () => {
    const bench = new Bench();
    bench.set('/go', f64(1));
    const fire = mapping(1, '/go', '/cue/go', { target: { kind: 'event' } });
    bench.load(fire);
    expect(bench.take()).toEqual([]);
    bench.set('/go', f64(1));
    expect(bench.take()).toEqual(['/cue/go 1']);
  });

  it('[MP43] carries params through a chain of new mappings to its end', () => {
    const bench = new Bench();
    bench.set('/fader', f64(0.5));
    bench.load(mapping(1, '/mid', '/lamp'), mapping(2, '/fader', '/mid'));
    expect(bench.at('/lamp')).toBe(0.5);
  });
});
