import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { Bench, gate, mapping, toLevel } from './mapping-bench.ts';

describe('who holds a lamp', () => {
  it('[MP42] is the newest stream, whatever param of a client lies under it', () => {
    const bench = new Bench();
    const phone = mapping(1, '/phone', '/lamp', { target: { kind: 'stream' } });
    bench.load(phone);
    for (const [address, value] of [
      ['/lamp', 0.1],
      ['/desk', 0.5],
      ['/phone', 1],
    ] as const) {
      bench.clock.advance(10);
      bench.set(address, f64(value));
    }
    bench.take();
    bench.load(phone, mapping(2, '/desk', '/lamp'));
    expect(bench.take()).toEqual([]);
  });

  it('[MP42] is no set that leads elsewhere by now', () => {
    const bench = new Bench();
    bench.load(mapping(1, '/phone', '/lamp/1'));
    bench.set('/desk', f64(0.5));
    bench.clock.advance(10);
    bench.set('/phone', f64(1));
    const moved = mapping(1, '/phone', '/lamp/2');
    bench.load(moved);
    bench.take();
    bench.load(moved, mapping(2, '/desk', '/lamp/1'));
    expect(bench.take()).toEqual(['/lamp/1 0.5']);
  });
});

describe('a locked target', () => {
  it('[MP47] follows what was published as a param too, and nobody keeps', () => {
    const bench = new Bench();
    bench.load(mapping(1, '/desk', '/lamp'));
    bench.set('/lamp', f64(0.3), { lock: true, writer: 'phone' });
    bench.clock.advance(5);
    bench.send({ kind: 'param', address: parseAddress('/desk'), value: f64(0.9) });
    bench.params.releaseLocks('phone', ['/lamp']);
    expect(bench.at('/lamp')).toBe(0.9);
  });

  it('[MP47] whose lock ends lights no other lamp that the set leads to by now', () => {
    const bench = new Bench();
    const asParam = { target: { kind: 'param' } };
    bench.load(mapping(1, '/desk', '/lamp', asParam));
    bench.set('/lamp', f64(0.3), { lock: true, writer: 'phone' });
    bench.clock.advance(5);
    bench.send({ kind: 'stream', address: parseAddress('/desk'), value: f64(1) });
    bench.load(mapping(1, '/desk', '/other', asParam));
    bench.params.releaseLocks('phone', ['/lamp']);
    expect([bench.at('/lamp'), bench.at('/other')]).toEqual([0.3, undefined]);
  });

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

describe('a lock that ends too late', () => {
  it('[MP47] sends nothing of a source that the set no longer listens to', () => {
    const bench = new Bench();
    bench.load(mapping(1, '/a', '/lamp'));
    bench.set('/lamp', f64(0.2), { writer: 'phone', lock: true });
    bench.clock.advance(1);
    bench.set('/a', f64(1));
    bench.load(mapping(1, '/b', '/lamp'));
    bench.params.releaseLocks('phone', ['/lamp']);
    expect(bench.take()).toEqual([]);
  });
});

describe('a lock that ends', () => {
  it('[MP47] gives the target to what was moved last, also when a set was edited meanwhile', () => {
    const bench = new Bench();
    const other = mapping(2, '/b', '/lamp');
    bench.load(mapping(1, '/a', '/lamp'), other);
    bench.set('/lamp', f64(0.5), { writer: 'phone', lock: true });
    bench.clock.advance(1);
    bench.set('/a', f64(0.2));
    bench.clock.advance(1);
    bench.set('/b', f64(1));
    bench.clock.advance(1);
    bench.load(mapping(1, '/a', '/lamp', { transforms: [{ type: 'clamp', min: 0, max: 1 }] }), other);
    bench.params.releaseLocks('phone', ['/lamp']);
    expect(bench.take()).toEqual(['/lamp 1']);
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
    expect(bench.live.map(({ mappingId }) => mappingId).toSorted()).toEqual(['m1', 'm2', 'm3', 'm4']);
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
    restarted.params.restore({ params: bench.params.records(), floors: { forNew: 0n, forKnown: 0n } });
    restarted.load(...sets);
    restarted.load(sets[0], edited);
    expect(restarted.take()).toEqual([]);
    restarted.load(mapping(1, '/desk', '/lamp', toLevel), edited);
    expect(restarted.take()).toEqual(['/lamp 255']);
    restarted.load(edited);
    restarted.load(mapping(2, '/phone', '/lamp'));
    expect(restarted.take()).toEqual(['/lamp 0']);
  });

  it('[MP42] leaves a target to the source of a pattern that moved last', () => {
    const bench = new Bench();
    const lamp = mapping(1, '/phone/*/master', '/lamp');
    bench.load(lamp);
    for (const [phone, value] of [
      [1, 0.1],
      [2, 0.2],
      [1, 1],
    ] as const) {
      bench.set(`/phone/${phone}/master`, f64(value));
      bench.clock.advance(1);
    }
    bench.load(mapping(1, '/phone/*/master', '/lamp', { transforms: [{ type: 'clamp', min: 0, max: 1 }] }));
    expect(bench.at('/lamp')).toBe(1);
    bench.load({ ...lamp, enabled: false });
    bench.set('/phone/2/master', f64(0.9));
    bench.take();
    bench.load(lamp);
    expect(bench.take()).toEqual(['/lamp 0.9']);
  });

  it('[MP42] gives a target of several new sets to the source that moved last, at once', () => {
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      const bench = new Bench();
      bench.load();
      bench.set('/1', f64(0.1));
      bench.clock.advance(1);
      bench.set('/2', f64(1));
      bench.clock.advance(1);
      const sets = order.map((number) => mapping(number, `/${number}`, '/lamp'));
      bench.load(...sets);
      expect(bench.take()).toEqual(['/lamp 1']);
      bench.load();
      bench.load(...sets);
      expect(bench.take()).toEqual(['/lamp 1']);
    }
  });

  it('[MP42] holds to the end of a chain', () => {
    const bench = new Bench();
    const rest = [mapping(2, '/bus', '/lamp'), mapping(3, '/desk', '/lamp')] as const;
    bench.load(mapping(1, '/phone', '/bus'), ...rest);
    bench.set('/phone', f64(0.1));
    bench.clock.advance(1);
    bench.set('/desk', f64(1));
    bench.clock.advance(1);
    bench.take();
    bench.load(mapping(1, '/phone', '/bus', { transforms: [{ type: 'invert', min: 0, max: 1 }] }), ...rest);
    expect(bench.take()).toEqual(['/bus 0.9']);
    expect(bench.at('/lamp')).toBe(1);
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
