import { describe, expect, it } from 'vitest';
import { f64, nullValue, type Value } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { encodeTimeline } from '../../../src-main/core/timeline/timeline-carrier.ts';
import {
  makeToken,
  type Ask,
  type Departure,
  type Heard,
  type KeptValue,
  type LifeEnd,
  type Observation,
} from '../observation.ts';
import { ArrivesOnce } from './arrives-once.ts';
import { bundlesWhole } from './bundles-whole.ts';
import { commitsOnce } from './commits-once.ts';
import { doneAsAsked } from './done-as-asked.ts';
import { endsHeard } from './ends-heard.ts';
import { expectationsMeet } from './expectations-meet.ts';
import { gesturesEnd } from './gestures-end.ts';
import type { Complain, StateAtRest } from './invariant.ts';
import { KeptOverCrashes } from './kept-over-crashes.ts';
import { locksHold } from './locks-hold.ts';
import { mergesOnce } from './merges-once.ts';
import { noFailure } from './no-failure.ts';
import { NothingVanishes } from './nothing-vanishes.ts';
import { accepted, anEvent, ask, began, complaintsAbout, everything, heard, ready } from './observations.ts';
import { PastsWhole } from './pasts-whole.ts';
import { ratesHold } from './rates-hold.ts';
import { replaysWhole } from './replays-whole.ts';
import { revisionsRise } from './revisions-rise.ts';
import { sendersInOrder } from './senders-in-order.ts';
import { strategiesHold } from './strategies-hold.ts';
import { timelinesOnLine } from './timelines-on-line.ts';
import { viewsAgree } from './views-agree.ts';

const nothingVanishes = (complain: Complain) => new NothingVanishes(complain);
const keptOverCrashes = (complain: Complain) => new KeptOverCrashes(complain);
const [first, second, third] = [makeToken(1, 1), makeToken(1, 2), makeToken(1, 3)];
const asked = (one: Ask): Observation => ({ what: 'asked', ask: one });
const settled = (one: Ask, number?: number): Observation => {
  return { what: 'settled', ask: one, life: 1, refused: number === undefined ? undefined : { code: 'x', number } };
};

// That each invariant can fail: what it is for makes it complain, and what is right does not.
describe('invariants complain', () => {
  it('[SI10] of a revision that falls, live and in snapshots, and not of one that stays', () => {
    const rising = [heard(first, 1), heard(second, 2), heard(second, 2, { isSnapshot: true })];
    expect(complaintsAbout(revisionsRise, rising)).toEqual([]);
    expect(complaintsAbout(revisionsRise, [heard(second, 2), heard(first, 1, { isSnapshot: true })])).toHaveLength(1);
    expect(complaintsAbout(revisionsRise, [accepted(4, first), accepted(2, second)])).toHaveLength(1);
  });

  it('[SI11] of what is done twice or never, what is refused and done, and what has no answer', () => {
    const [once, fired] = [ask([first]), ask([second], { qos: 'fire' })];
    const right = [asked(once), accepted(0, first), settled(once), asked(fired), settled(fired)];
    expect(complaintsAbout(doneAsAsked, right)).toEqual([]);
    expect(complaintsAbout(doneAsAsked, [...right, accepted(1, first)])[0]).toContain('again');
    expect(complaintsAbout(doneAsAsked, [asked(once), settled(once)])[0]).toContain('not done');
    expect(complaintsAbout(doneAsAsked, [asked(once), accepted(0, first), settled(once, 400)])[0]).toContain('refused');
    expect(complaintsAbout(doneAsAsked, [asked(once)])[0]).toContain('never heard');
    const unanswered: Observation = {
      what: 'settled',
      ask: once,
      life: 1,
      refused: { code: 'no-answer', number: undefined },
    };
    expect(complaintsAbout(doneAsAsked, [asked(once), unanswered])).toHaveLength(1);
    expect(complaintsAbout(doneAsAsked, [accepted(0, third)])[0]).toContain('nobody asked');
  });

  it('[SI12] of requests done out of the order of the calls', () => {
    const both = [asked(ask([first])), asked(ask([second]))];
    expect(complaintsAbout(sendersInOrder, [...both, accepted(0, first), accepted(1, second)])).toEqual([]);
    expect(complaintsAbout(sendersInOrder, [...both, accepted(0, second), accepted(1, first)])).toHaveLength(1);
  });

  it('[SI13] of events that vanish or turn around, and of values that are missing without a word', () => {
    const events = [began, ready, accepted(0, first, anEvent), accepted(1, second, anEvent)];
    const [one, other] = [heard(first, 0, anEvent), heard(second, 0, anEvent)];
    expect(complaintsAbout(nothingVanishes, [...events, one, other])).toEqual([]);
    expect(complaintsAbout(nothingVanishes, [...events, other])[0]).toContain('never heard');
    expect(complaintsAbout(nothingVanishes, [...events, one])[0]).toContain('never heard');
    expect(complaintsAbout(nothingVanishes, [...events, one, other, one])[0]).toContain('out of order or twice');
    const values = [began, ready, accepted(0, first), accepted(1, second), heard(second, 2)];
    expect(complaintsAbout(nothingVanishes, values)[0]).toContain('misses 1');
    const notice: Observation = { what: 'noticed', who: 2, session: 'session 1.1', missing: 1 };
    expect(complaintsAbout(nothingVanishes, [...values, notice])).toEqual([]);
    expect(complaintsAbout(nothingVanishes, [began, heard(third, 1)])[0]).toContain('nobody accepted');
  });

  it('[SI13] of a last position that is left out before the end of its gesture', () => {
    const finger = { kind: 'gesture', address: '/g', finger: 1, revision: undefined } as const;
    const moves = [first, second].map((token, order) => accepted(order, token, { ...finger, phase: 'move' }));
    const gesture = [began, ready, ...moves, accepted(2, third, { ...finger, phase: 'end' })];
    const end = heard(third, 0, { ...finger, phase: 'end' });
    const last = heard(second, 0, { ...finger, phase: 'move' });
    expect(complaintsAbout(nothingVanishes, [...gesture, last, end])).toEqual([]);
    expect(complaintsAbout(nothingVanishes, [...gesture, end])[0]).toContain('misses 1');
  });

  it('[SI14] of bundles that are broken off, mixed or turned around', () => {
    const bundle = asked(ask([first, second], { kind: 'bundle' }));
    expect(complaintsAbout(bundlesWhole, [bundle, accepted(0, first), accepted(1, second)])).toEqual([]);
    expect(complaintsAbout(bundlesWhole, [bundle])).toEqual([]);
    expect(complaintsAbout(bundlesWhole, [bundle, accepted(0, first)])[0]).toContain('broken off');
    expect(complaintsAbout(bundlesWhole, [bundle, accepted(0, first), accepted(1, third)])[0]).toContain('in between');
    expect(complaintsAbout(bundlesWhole, [bundle, accepted(0, second)])[0]).toContain('began with');
    const whole = [bundle, accepted(0, first), accepted(1, second, { kind: 'event' })];
    const half = accepted(0, second, { kind: 'event', life: 2 });
    expect(complaintsAbout(bundlesWhole, [...whole, half, accepted(1, third, { life: 2 })])).toEqual([]);
    const mixed = [bundle, accepted(0, first), accepted(1, second), accepted(0, second, { life: 2 })];
    expect(complaintsAbout(bundlesWhole, mixed)[0]).toContain('began with');
  });

  it('[SI15] of writes past a lock, and of locks that outlive their holder', () => {
    const locking = accepted(0, first, { locks: 'lock', holder: 'session 1.0' });
    const other = accepted(1, second, { session: 'session 1.1' });
    const withHolder = (isHere: boolean) => (complain: Complain) => locksHold(complain, () => isHere);
    expect(complaintsAbout(withHolder(true), [locking, accepted(1, second)])).toEqual([]);
    expect(complaintsAbout(withHolder(true), [locking, other])[0]).toContain('past the lock');
    const passed = accepted(1, second, { session: 'session 1.1', revision: undefined });
    expect(complaintsAbout(withHolder(true), [locking, passed])[0]).toContain('past the lock');
    expect(complaintsAbout(withHolder(false), [locking])[0]).toContain('gone');
  });

  it('[SI160] of a lock that the router ends with a param whose time is not over, and of no other', () => {
    const locking = (isTimed: boolean) => accepted(0, first, { locks: 'lock', holder: 'session 1.0', isTimed });
    const end = accepted(1, undefined, { session: 'router', value: nullValue });
    const other = accepted(2, second, { session: 'session 1.1' });
    const locks = (complain: Complain) => locksHold(complain, () => true);
    expect(complaintsAbout(locks, [locking(true), end, other])).toEqual([]);
    expect(complaintsAbout(locks, [locking(true), other])[0]).toContain('past the lock');
    expect(complaintsAbout(locks, [locking(false), end])[0]).toContain('past the lock');
    const kept = accepted(1, second, { holder: 'session 1.0' });
    expect(complaintsAbout(locks, [locking(true), kept, end])[0]).toContain('past the lock');
    const foreign = accepted(1, undefined, { session: 'session 1.1', value: nullValue });
    expect(complaintsAbout(locks, [locking(true), foreign])[0]).toContain('past the lock');
  });

  it('[SI16] of a restart that brings too little, too old, or what never was', () => {
    const commit = ask([second], { qos: 'commit' });
    const restart = (kept: readonly KeptValue[], at = 0, kind: LifeEnd['kind'] = 'crash'): Observation[] => [
      { what: 'ended', life: 1, at, how: { kind, isDiskSound: true } },
      { what: 'began', life: 2, kept, commits: [] },
    ];
    const life = [accepted(0, first), accepted(1, second), settled(commit)];
    const at = (token: number, revision: bigint): KeptValue[] => [{ address: '/a', token, revision }];
    expect(complaintsAbout(keptOverCrashes, [...life, ...restart(at(second, 2n))])).toEqual([]);
    expect(complaintsAbout(keptOverCrashes, [...life, ...restart(at(first, 1n))])[0]).toContain('commit');
    expect(complaintsAbout(keptOverCrashes, [...life, ...restart(at(third, 9n))])[0]).toContain('nobody wrote it');
    const uncommitted = life.slice(0, 2);
    expect(complaintsAbout(keptOverCrashes, [...uncommitted, ...restart([])])).toEqual([]);
    expect(complaintsAbout(keptOverCrashes, [...uncommitted, ...restart([], 5_000_000)])[0]).toContain('in time');
    expect(complaintsAbout(keptOverCrashes, [...uncommitted, ...restart([], 0, 'close')])[0]).toContain('in time');
    const event = [accepted(0, second, anEvent), settled(commit)];
    expect(complaintsAbout(keptOverCrashes, [...event, ...restart([])])[0]).toContain('0 times');
  });

  it('[SI17] of a view that differs from the table at rest', () => {
    const complaints: string[] = [];
    const views = viewsAgree((text) => complaints.push(text));
    const param = (value: number) => ({ value: f64(value), revision: 1n, holder: undefined, isHolderHere: false });
    const state = (params: StateAtRest['params']): StateAtRest => ({ life: 1, accepted: 1, params });
    for (const seen of [ready, heard(first, 1)]) views.see(seen);
    views.rest?.(state(new Map([['/a', param(first)]])));
    expect(complaints).toEqual([]);
    views.rest?.(
      state(
        new Map([
          ['/a', param(second)],
          ['/b', param(third)],
        ]),
      ),
    );
    views.rest?.(state(new Map()));
    expect(complaints).toHaveLength(3);
  });

  it('[SI32] of a commit that is on disk and done again', () => {
    const [set, cue] = [ask([first], { qos: 'commit' }), ask([second], { qos: 'commit', kind: 'event' })];
    const before = [asked(set), asked(cue), accepted(0, first), accepted(1, second, anEvent)];
    const kept = { address: '/a', token: first, revision: 1n };
    const restart: Observation = { what: 'began', life: 2, kept: [kept], commits: [second] };
    expect(complaintsAbout(commitsOnce, [...before, accepted(2, first), restart])).toEqual([]);
    expect(complaintsAbout(commitsOnce, [...before, restart, accepted(0, first, { life: 2 })])).toHaveLength(1);
    const again = accepted(0, second, { ...anEvent, life: 2 });
    expect(complaintsAbout(commitsOnce, [...before, restart, again])).toHaveLength(1);
    expect(complaintsAbout(commitsOnce, [...before, { ...restart, commits: [] }, again])).toEqual([]);
  });

  it('[SI33] of what was confirmed before a commit and done after it', () => {
    const commit = asked(ask([second], { qos: 'commit' }));
    const kept = { address: '/a', token: second, revision: 2n };
    const restart: Observation = { what: 'began', life: 2, kept: [kept], commits: [] };
    const again = (more: Partial<Ask>) => [asked(ask([first], more)), commit, restart, accepted(0, first, { life: 2 })];
    expect(complaintsAbout(commitsOnce, again({}))).toHaveLength(1);
    expect(complaintsAbout(commitsOnce, again({ isOnStream: false }))).toEqual([]);
    expect(complaintsAbout(commitsOnce, again({ isForLater: true }))).toEqual([]);
  });

  it('[SI34] of a replay that has too little, too much, or another order', () => {
    const whole = (complain: Complain) => replaysWhole(complain, () => false);
    const cue = ask([third], { qos: 'commit', kind: 'event' });
    const all = [accepted(0, first), accepted(1, second), accepted(2, third, anEvent), settled(cue)];
    const kept = (order: number) => ({ revision: BigInt(order + 1), pastAt: order * 1000 });
    const played = (tokens: readonly number[], lives: readonly [number, number] = [1, 1], count = 3): Observation => ({
      what: 'replayed',
      who: 2,
      lives,
      accepted: count,
      signals: tokens.map((token) =>
        token === third
          ? { ...anEvent, token, pastAt: 2000 }
          : { kind: 'param', address: '/a', token, ...(token === first ? kept(0) : kept(1)) },
      ),
    });
    expect(complaintsAbout(whole, [...all, played([first, second, third])])).toEqual([]);
    expect(complaintsAbout(whole, [...all, played([first, third])])[0]).toContain('of this life');
    expect(complaintsAbout(whole, [...all, played([second, first, third])])[0]).toContain('out of order');
    expect(complaintsAbout(whole, [...all, played([first, second, second, third])])[0]).toContain('twice');
    expect(complaintsAbout(whole, [...all, played([third], [2, 2], 0)])).toEqual([]);
    expect(complaintsAbout(whole, [...all, played([first, second], [2, 2], 0)])[0]).toContain('the commit');
    expect(complaintsAbout((complain) => replaysWhole(complain, () => true), [...all, played([])])).toEqual([]);
  });

  it('[SI162] of a replay that has what was done in two lives by the life of which it is not on disk', () => {
    const whole = (complain: Complain) => replaysWhole(complain, () => false);
    const [lost, kept] = [accepted(0, first, anEvent), accepted(0, first, { ...anEvent, life: 2, keptAt: 9000 })];
    const played = (...times: readonly number[]): Observation => {
      const signals = times.map((pastAt) => ({ ...anEvent, token: first, pastAt }));
      return { what: 'replayed', who: 2, lives: [2, 2], accepted: 1, signals };
    };
    expect(complaintsAbout(whole, [lost, kept, played(9000)])).toEqual([]);
    expect(complaintsAbout(whole, [lost, kept, played(0, 9000)])).toEqual([]);
    expect(complaintsAbout(whole, [lost, kept, played(0)])[0]).toContain('of this life');
    expect(complaintsAbout(whole, [lost, kept, played(9000, 9000)])[0]).toContain('twice');
    expect(complaintsAbout(whole, [lost, kept, played(8000)])[0]).toContain('for nothing');
  });

  it('[SI35] of a past that is turned around, too long, late, or ends too early', () => {
    const pasts = (complain: Complain) => new PastsWhole(complain, { isJumpy: () => false, isInMemory: true });
    const watch = { ...everything, history: 2 };
    const told = (token: number, order: number, isPast: boolean): Observation => {
      const like = heard(token, order + 1, { watch, ...(token === third && anEvent) });
      return isPast && like.what === 'heard' ? { ...like, what: 'heard of the past' } : like;
    };
    const cue = accepted(2, third, anEvent);
    const all = [accepted(0, first), accepted(1, second), cue];
    expect(
      complaintsAbout(pasts, [...all, told(first, 0, true), told(second, 1, true), told(third, 2, false)]),
    ).toEqual([]);
    expect(complaintsAbout(pasts, [...all, told(second, 1, true), told(first, 0, true)])[0]).toContain('out of order');
    const long = [told(first, 0, true), told(second, 1, true), told(third, 2, true)];
    expect(complaintsAbout(pasts, [...all, ...long])[0]).toContain('than was asked for');
    const late = [told(first, 0, true), told(third, 2, false), told(second, 1, true)];
    expect(complaintsAbout(pasts, [...all, ...late])[0]).toContain('behind what is live');
    const lost = accepted(1, second, { ...anEvent, session: 'session 1.9' });
    const gap = [accepted(0, first), lost, cue, told(first, 0, true), told(third, 2, false)];
    expect(complaintsAbout(pasts, gap)[0]).toContain('came without event');
  });

  it('[SI46] of a past by time that has what is too old, lacks an event, or more than its history', () => {
    const pasts =
      (isInMemory = true, isJumpy = false) =>
      (complain: Complain) =>
        new PastsWhole(complain, { isJumpy: () => isJumpy, isInMemory });
    const watch = { ...everything, window: 10 };
    const cue = (order: number, token: number): Observation => accepted(order, token, anEvent);
    const all = [cue(0, first), cue(5, second), cue(12, third)];
    const joined: Observation = { what: 'joined', who: 2, session: 'session 1.1', at: 14_000 };
    const past = (token: number): Observation => {
      const like = heard(token, 0, { watch, ...anEvent });
      return like.what === 'heard' ? { ...like, what: 'heard of the past' } : like;
    };
    const standing: Observation = { ...(ready as Extract<Observation, { what: 'ready' }>), watch, at: 14_500 };
    const given = (...tokens: readonly number[]): Observation[] => [...all, joined, ...tokens.map(past), standing];
    expect(complaintsAbout(pasts(), given(second, third))).toEqual([]);
    expect(complaintsAbout(pasts(), given(first, second, third))[0]).toContain('older than was asked for');
    expect(complaintsAbout(pasts(false, true), given(first, second, third))).toEqual([]);
    expect(complaintsAbout(pasts(), given())[0]).toContain(`the past lacks event /e ${second}`);
    expect(complaintsAbout(pasts(false), given())).toEqual([]);
    expect(complaintsAbout(pasts(), given(third))[0]).toContain('the past lacks event');
    const hole = [cue(5, first), cue(6, second), cue(7, third), joined, past(first), past(third)];
    expect(complaintsAbout(pasts(), hole)[0]).toContain('came without event');
  });

  it('[SI45] of a merge that is done again, not done, or refused and done', () => {
    const merged = (order: number, life: number, ...entries: readonly [string, number][]): Observation => {
      const value: Value = { type: 'map', value: entries.map(([key, token]) => [key, f64(token)]) };
      return accepted(order, undefined, { address: '/merge/1', value, life });
    };
    const asked = (merges: number, more: Partial<Ask> = {}): Observation => ({
      what: 'asked',
      ask: ask([], { merges, ...more }),
    });
    const both = [asked(first), asked(second), merged(0, 1, ['a', first]), merged(1, 1, ['a', first], ['b', second])];
    expect(complaintsAbout(mergesOnce, [...both, settled(ask([], { merges: first }))])).toEqual([]);
    const overA = [asked(first), asked(second), merged(0, 1, ['a', first]), merged(1, 1, ['a', second])];
    expect(complaintsAbout(mergesOnce, [...overA, merged(2, 1, ['a', first])])[0]).toContain(
      'was done again, in life 1',
    );
    expect(complaintsAbout(mergesOnce, [...overA, merged(2, 1, ['a', second])])[0]).toContain('nothing was new');
    expect(complaintsAbout(mergesOnce, [merged(0, 1, ['a', first])])[0]).toContain('nobody asked');
    const fired = { qos: 'fire', isOnStream: false } as const;
    const repeated = [asked(first, fired), merged(0, 1, ['a', first]), merged(1, 1, ['a', first])];
    expect(complaintsAbout(mergesOnce, repeated)).toEqual([]);
    const map: Value = { type: 'map', value: [['a', f64(first)]] };
    const kept = { address: '/merge/1', token: undefined, value: map, revision: 1n };
    const again: Observation[] = [
      asked(first, { qos: 'commit' }),
      merged(0, 1, ['a', first]),
      { what: 'began', life: 2, kept: [kept], commits: [] },
      asked(second),
      merged(1, 2, ['a', second]),
      merged(2, 2, ['a', first]),
    ];
    expect(complaintsAbout(mergesOnce, again)[0]).toContain('is on disk and was merged again');
    expect(complaintsAbout(mergesOnce, [asked(first), settled(ask([], { merges: first }))])[0]).toContain('not done');
    const refused: Observation = {
      what: 'settled',
      ask: ask([], { merges: first }),
      life: 1,
      refused: { code: 'x', number: 400 },
    };
    expect(complaintsAbout(mergesOnce, [asked(first), merged(0, 1, ['a', first]), refused])[0]).toContain(
      'refused (400)',
    );
  });

  it('[SI161] of a merge that stands and comes again, unless its sender waits for an answer of an earlier life', () => {
    const map: Value = { type: 'map', value: [['a', f64(first)]] };
    const merged = (life: number): Observation =>
      accepted(0, undefined, { address: '/merge/1', value: map, life, session: `session ${life}.0` });
    const joined = (who: number): Observation => ({ what: 'joined', who, session: 'session 2.0', at: 0 });
    const kept = { address: '/merge/1', token: undefined, value: map, revision: 1n };
    const restart: Observation = { what: 'began', life: 2, kept: [kept], commits: [] };
    const one = ask([], { merges: first });
    const before = [asked(one), merged(1), restart, joined(1)];
    expect(complaintsAbout(mergesOnce, [...before, merged(2), settled(one)])).toEqual([]);
    const nothingNew = [expect.stringContaining('nothing was new')];
    expect(complaintsAbout(mergesOnce, [...before, merged(2), merged(2)])).toEqual(nothingNew);
    expect(complaintsAbout(mergesOnce, [...before, settled(one), merged(2)])).toEqual(nothingNew);
    expect(complaintsAbout(mergesOnce, [...before, joined(2), merged(2)])).toEqual(nothingNew);
    const commit = asked({ ...one, qos: 'commit' });
    expect(complaintsAbout(mergesOnce, [commit, merged(1), restart, joined(1), merged(2)])).toEqual(nothingNew);
  });

  it('[SI36] of a value that its strategy would not leave', () => {
    const at = (address: string, ...values: Value[]) =>
      values.map((value, order) => accepted(order, undefined, { address, value }));
    const map = (...entries: [string, number][]): Value => ({
      type: 'map',
      value: entries.map(([key, value]) => [key, f64(value)]),
    });
    expect(complaintsAbout(strategiesHold, at('/max/1', f64(1), f64(1), f64(2)))).toEqual([]);
    expect(complaintsAbout(strategiesHold, at('/max/1', f64(2), f64(1)))).toHaveLength(1);
    expect(complaintsAbout(strategiesHold, at('/min/1', f64(2), f64(1)))).toEqual([]);
    expect(complaintsAbout(strategiesHold, at('/min/1', f64(1), f64(2)))).toHaveLength(1);
    const merged = at('/merge/1', map(['a', 1]), map(['a', 1], ['b', 2]), map(['a', 3], ['b', 2]));
    expect(complaintsAbout(strategiesHold, merged)).toEqual([]);
    expect(complaintsAbout(strategiesHold, at('/merge/1', map(['a', 1]), map(['b', 2])))).toHaveLength(1);
    const two = at('/merge/1', map(['a', 1], ['b', 1]), map(['a', 2], ['b', 2]));
    expect(complaintsAbout(strategiesHold, two)).toHaveLength(1);
    const kept = { address: '/max/1', token: undefined, value: f64(5), revision: 1n };
    const restart: Observation = { what: 'began', life: 2, kept: [kept], commits: [] };
    expect(complaintsAbout(strategiesHold, [restart, ...at('/max/1', f64(4))])).toHaveLength(1);
  });

  it('[SI18] of gestures without an end, and of more moves than sixty a second', () => {
    const ending = (isHere: boolean) => (complain: Complain) => gesturesEnd(complain, () => isHere);
    const gesture = (order: number, phase: 'start' | 'move' | 'end') =>
      accepted(order, undefined, { kind: 'gesture', address: '/g', phase, finger: 1, revision: undefined });
    expect(complaintsAbout(ending(true), [gesture(0, 'start'), gesture(1, 'end')])).toEqual([]);
    expect(complaintsAbout(ending(true), [gesture(0, 'start'), gesture(1, 'move')])).toHaveLength(1);
    const alone = complaintsAbout(ending(false), [gesture(0, 'start'), gesture(1, 'move'), gesture(2, 'move')]);
    expect(alone[0]).toContain('without its owner');
    const left = (at: number, phase: 'move' | 'end') => departure(at, { kind: 'gesture', phase, finger: 1 });
    const steady = [left(0, 'move'), left(16_667, 'move'), left(20_000, 'move'), left(20_000, 'end')];
    expect(complaintsAbout(ending(true), steady)).toEqual([]);
    expect(complaintsAbout(ending(true), [left(0, 'move'), left(9000, 'move'), left(30_000, 'move')])).toHaveLength(1);
  });

  it('[SI19] of values that come faster than maxRate', () => {
    const link = {
      kind: 'stream',
      framing: 'none',
      latencyMs: 0,
      jitterMs: 0,
      loss: 0,
      repeat: 0,
      queueBytesMax: 1,
    } as const;
    const plans = [{ who: 2, role: 'client', link, watches: [{ pattern: '/**', maxRate: 10 }] }] as const;
    const rates = (complain: Complain) => ratesHold(complain, plans);
    expect(complaintsAbout(rates, [departure(0), departure(100_000)])).toEqual([]);
    expect(complaintsAbout(rates, [departure(0), departure(50_000)])).toHaveLength(1);
  });

  it('[SI20] of a timeline that leaves its line or stops short of its end', () => {
    const keyframes = [0, 1].map((end) => ({
      time: micros(end * 1000),
      value: f64(end * 1000),
      easing: 'linear' as const,
    }));
    const at = { address: '/t/1', revision: undefined };
    const put = accepted(0, undefined, { ...at, kind: 'timeline', value: encodeTimeline({ keyframes, loop: false }) });
    const writes = (order: number, value: number) =>
      accepted(order, undefined, { address: '/t/1', session: 'timelines', value: f64(value), at: order * 500 });
    const lines = (complain: Complain) => timelinesOnLine(complain, () => false);
    expect(complaintsAbout(lines, [put, writes(1, 500), writes(2, 1000)])).toEqual([]);
    expect(complaintsAbout(lines, [put, writes(1, 600), writes(2, 1000)])).toHaveLength(1);
    expect(complaintsAbout(lines, [put, writes(1, 500)])[0]).toContain('ended at 500');
  });

  it('[SI22] of what is done although the param stands elsewhere', () => {
    const expecting = asked(ask([second], { expects: 1n }));
    expect(complaintsAbout(expectationsMeet, [expecting, accepted(0, first), accepted(1, second)])).toEqual([]);
    expect(complaintsAbout(expectationsMeet, [expecting, accepted(1, first), accepted(2, second)])).toHaveLength(1);
  });

  it('[SI40] of an event that a client hears twice, out of order or never, over its sessions, unless it was told', () => {
    const [next, missed]: [Partial<Heard>, Observation] = [
      { session: 'session 1.5' },
      { what: 'missed', who: 2, count: 1 },
    ];
    const joined = { what: 'joined', who: 2, session: 'session 1.1', at: 0 } as const;
    const both = [began, joined, ready, accepted(0, first, anEvent), accepted(1, second, anEvent)];
    const told = (token: number, more: Partial<Heard> = {}): Observation => heard(token, 0, { ...anEvent, ...more });
    const once = (complain: Complain) => new ArrivesOnce(complain, { mayMiss: true });
    const lost = { ...joined, what: 'lost' } as const;
    expect(complaintsAbout(once, [...both, told(first), lost, joined, told(second, next)])).toEqual([]);
    expect(complaintsAbout(once, [...both, told(first)])[0]).toContain('never heard');
    expect(complaintsAbout(once, [...both, told(first), lost])).toEqual([]);
    expect(complaintsAbout(once, [...both, told(first), missed])).toEqual([]);
    const twice = [told(first), told(second), lost, joined, told(second, next)];
    expect(complaintsAbout(once, [...both, ...twice])).toEqual([expect.stringContaining('twice')]);
    expect(complaintsAbout(once, [...both, told(second), told(first)])[0]).toContain('behind what came after');
    const never = (complain: Complain) => new ArrivesOnce(complain, { mayMiss: false });
    expect(complaintsAbout(never, [...both, missed])[0]).toContain('was told');
  });

  it('[SI150] of an end that a client never hears, hears twice, or hears of what stands', () => {
    const ends = (complain: Complain) => endsHeard(complain, []);
    const joined = { what: 'joined', who: 2, session: 'session 1.1', at: 0 } as const;
    const lost = { ...joined, what: 'lost' } as const;
    const gone = { value: nullValue, token: undefined };
    const end = heard(first, 0, { ...gone, isSnapshot: true, revision: undefined });
    const known = [joined, heard(first, 1), lost, joined];
    expect(complaintsAbout(ends, known)[0]).toContain('never heard');
    expect(complaintsAbout(ends, [...known, end])).toEqual([]);
    expect(complaintsAbout(ends, [...known, heard(first, 2, gone)])).toEqual([]);
    expect(complaintsAbout(ends, [...known, end, end])[0]).toContain('twice');
    expect(complaintsAbout(ends, [...known, lost])).toEqual([]);
    const complaints: string[] = [];
    const invariant = ends((text) => complaints.push(text));
    for (const seen of [...known, end]) invariant.see(seen);
    const stands = { value: f64(1), revision: 1n, holder: undefined, isHolderHere: false };
    invariant.rest?.({ life: 1, accepted: 0, params: new Map([['/a', stands]]) });
    expect(complaints).toEqual([expect.stringContaining('which stands')]);
  });

  it('[SI21] of any failure', () => {
    expect(complaintsAbout(noFailure, [{ what: 'failed', text: 'it broke' }])).toEqual(['it broke']);
  });
});

function departure(at: number, more: Partial<Departure> = {}): Observation {
  const plain = { kind: 'param', address: '/a', phase: undefined, finger: undefined, isPlain: true } as const;
  return { what: 'left the router', who: 2, session: 1, at, ...plain, ...more };
}
