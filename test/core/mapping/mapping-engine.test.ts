import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, parseAddress, type Pattern } from '../../../src-main/contract/address.ts';
import type { LiveMapping, MappingProblem } from '../../../src-main/contract/engine-api.ts';
import { mappingSchema, type Mapping } from '../../../src-main/contract/show.ts';
import { f64, integer, nullValue, text, toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import {
  createMappingEngine,
  mappingHopsMax,
  type MappingCause,
  type MappingDelivery,
  type MappingEngine,
} from '../../../src-main/core/mapping/mapping-engine.ts';
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
  readonly params = new Map<string, Signal>();
  readonly writtenAt = new Map<string, Micros>();
  readonly engine: MappingEngine;
  #listeners: { pattern: Pattern; run: (batch: readonly MappingDelivery[]) => void }[] = [];

  constructor() {
    this.engine = createMappingEngine({
      session: {
        publish: (signals, cause) => signals.forEach((signal) => this.#publish(signal, cause)),
        subscribe: (pattern, run) => {
          this.subscribed.push(pattern);
          const listener = { pattern, run };
          this.#listeners.push(listener);
          return () => {
            this.#listeners = this.#listeners.filter((other) => other !== listener);
          };
        },
      },
      clock: this.clock,
      log: silentLog,
      onLive: (live) => this.live.push(live),
      current: (pattern) => [...this.params.values()].filter(({ address }) => matches(pattern, address)),
      writtenAt: (address) => this.writtenAt.get(address),
    });
  }

  get listening(): Pattern[] {
    return this.#listeners.map(({ pattern }) => pattern);
  }

  load(...mappings: Mapping[]): readonly MappingProblem[] {
    return this.engine.load(mappings);
  }

  send(signal: Signal, cause?: MappingCause): void {
    if (signal.kind === 'param') {
      this.params.set(signal.address, signal);
      this.writtenAt.set(signal.address, this.clock.nowMicros());
    }
    const delivery: MappingDelivery = { signal, at: this.clock.nowMicros(), ...(cause ? { cause } : {}) };
    for (const { pattern, run } of this.#listeners) if (matches(pattern, signal.address)) run([delivery]);
  }

  set(address: string, value: Value): void {
    this.send({ kind: 'param', address: parseAddress(address), value });
  }

  /** What was published since the last look, as `address value`. */
  take(): string[] {
    return this.published.splice(0).map(({ signal }) => `${signal.address} ${JSON.stringify(toJson(signal.value))}`);
  }

  #publish(signal: Signal, cause: MappingCause): void {
    this.published.push({ signal, cause });
    this.send(signal, cause);
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
        cause: { because: 'set 3', hops: 2, arrivedAt, mappingId: 'm3' },
      },
    ]);
    expect(bench.live).toEqual([
      {
        mappingId: 'm3',
        source: f64(0.5),
        target: integer(128),
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
    expect(bench.engine.counts()).toEqual({ sent: 0, refusedNotFinite: 1, refusedAddress: 1, refusedHops: 0 });
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
    expect(bench.params.get('/lamp')?.value).toEqual(f64(1));
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
    bench.set('/lamp', f64(0.7));
    bench.set('/late', f64(0.2));
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
    bench.load(mapping(1, '/x', '/lamp'), mapping(5, '/y', '/lamp'));
    expect(bench.take()).toEqual(['/lamp 0']);
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
    expect(bench.params.get('/lamp')?.value).toEqual(f64(0.5));
  });
});
