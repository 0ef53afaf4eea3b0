import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { f64, fromJson, text, toJson, type Signal } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import { createMappingEngine } from '../../../../src-main/core/mapping/mapping-engine.ts';
import { messageType, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { TimelineStage } from '../../../../src-main/core/router/state/timeline-stage.ts';
import { encodeTimeline } from '../../../../src-main/core/timeline/timeline-carrier.ts';
import { encodeTimelineReport } from '../../../../src-main/core/timeline/timeline-report.ts';
import { silentLog } from '../../../silent-log.ts';
import { mapping } from '../../mapping/mapping-bench.ts';
import { line } from '../../timeline/arbitrary-timeline.ts';
import { hello, pattern, publish, set, subscribe, type Peer } from '../router-fixture.ts';
import { put, ramp, tell, TimelineBench, told } from '../timeline-bench.ts';

const a = parseAddress('/a');

describe('a timeline that is published', () => {
  it('[RT120] is passed on as it came to everyone but its sender, and so is a command', async () => {
    const bench = new TimelineBench();
    const [sender, listener] = [await bench.join(), await bench.join()];
    for (const peer of [sender, listener]) await bench.say(peer, subscribe('/**'));
    const asked = { ...put('/a'), timestamp: 5n, id: 7 };
    await bench.say(sender, asked, tell('/a', { command: 'pause', note: 'x' }));
    const heard = listener.take();
    expect(heard).toMatchObject([
      { type: messageType.publish, kind: 'timeline', address: '/a', timestamp: 5n, id: 7 },
      { type: messageType.publish, kind: 'timeline', address: '/a' },
    ]);
    const values = heard.map((message) => message.type === messageType.publish && message.value?.value);
    expect(values).toEqual([encodeTimeline(ramp), fromJson({ command: 'pause', note: 'x' })]);
    expect(sender.take()).toEqual([]);
  });

  it('[RT120] is acknowledged under its id as any PUBLISH, and not done again when it comes again', async () => {
    const bench = new TimelineBench();
    const peer = bench.connect();
    peer.ask(1, { ...hello, resume: 'secret' });
    peer.ask(2, put('/a'), 'commit');
    peer.ask(3, put('/b'), 'fire');
    await bench.settle();
    peer.takeOnly(messageType.welcome);
    await bench.pass(50);
    peer.ask(2, put('/a'), 'commit');
    await bench.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.ack, address: '/a', correlationId: 2 }]);
    await bench.pass(50);
    expect(bench.valueAt('/a')).toBe(100);
  });

  it('[RT121] sets the param at its ticks for all sessions alike, the last value exactly at the end', async () => {
    const bench = new TimelineBench();
    const [sender, ...listeners] = [await bench.join(), await bench.join(), await bench.join()];
    for (const peer of listeners) await bench.say(peer, subscribe('/a', 1, 1));
    await bench.say(sender, put('/a'));
    const values: unknown[] = [];
    for (let ms = 0; ms <= 120; ms++) {
      const [one, other] = listeners.map(told);
      expect(one).toEqual(other);
      for (const [, value] of (one ?? []) as [string, number][]) {
        expect(Math.abs(value - ms)).toBeLessThanOrEqual(1);
        values.push(value);
      }
      await bench.pass(1);
    }
    expect(values).toHaveLength(7);
    expect(values.at(-1)).toBe(100);
    expect(bench.clock.waiting).toBe(0);
  });

  it('[RT121] writes as anyone does: with revisions, moved now, as a client’s and for the whole turn at once', async () => {
    const bench = new TimelineBench();
    const sender = await bench.join();
    await bench.say(sender, set('/a', 7));
    const batches: number[] = [];
    bench.router.openLocal('bridge').subscribe(pattern('/*'), (batch) => batches.push(batch.length));
    const changed: string[] = [];
    bench.router.params.watch((address) => changed.push(address));
    await bench.say(sender, put('/a'), put('/b'));
    batches.length = 0;
    await bench.pass(0);
    // Two values and two states.
    expect(batches).toEqual([4]);
    expect(changed).toEqual(['/a', '/b']);
    await bench.pass(100);
    const at = bench.clock.nowMicros();
    const record = bench.router.params.get(a);
    expect(record).toMatchObject({ writer: 'timelines', isOwn: false, movedAt: at, timestamp: at });
    expect([record?.revision, record?.value.value]).toEqual([8n, f64(100)]);
    const late = await bench.join();
    await bench.say(late, subscribe('/a', 1, 1));
    expect(late.take()).toMatchObject([{ type: messageType.snapshot, params: [{ address: '/a', revision: 8n }] }]);
  });

  it('[RT121] is commanded from any session', async () => {
    const bench = new TimelineBench();
    const [sender, other] = [await bench.join(), await bench.join()];
    await bench.say(sender, put('/a'));
    await bench.pass(50);
    await bench.say(other, tell('/a', { command: 'pause' }));
    await bench.pass(1000);
    expect(bench.valueAt('/a')).toBe(50);
    await bench.say(other, tell('/a', { command: 'resume' }));
    await bench.pass(50);
    expect(bench.valueAt('/a')).toBe(100);
    expect(bench.router.timelines.list()).toMatchObject([['/a', { status: { state: 'finished' } }]]);
  });

  it('[RT128] outlives its session', async () => {
    const bench = new TimelineBench();
    const sender = await bench.join();
    await bench.say(sender, put('/a'));
    await bench.pass(20);
    sender.connection.close('gone');
    await bench.pass(80);
    expect(bench.valueAt('/a')).toBe(100);
  });

  it('[RT128] ends with its show, which is told, or with the router, and leaves the param', async () => {
    const bench = new TimelineBench();
    const [sender, listener] = [await bench.join(), await bench.joinKnowing()];
    await bench.say(listener, subscribe('/**'));
    const heard: unknown[] = [];
    bench.router.openLocal('ear').subscribe(pattern('/b'), (batch) => heard.push(...batch.map(({ signal }) => signal)));
    await bench.say(sender, put('/a'), put('/b', ramp, false));
    await bench.pass(50);
    listener.take();
    heard.length = 0;
    bench.router.timelines.clear();
    expect(heard).toEqual([{ kind: 'timeline', address: '/b', value: fromJson({ command: 'remove' }) }]);
    await bench.pass(100);
    expect(told(listener)).toEqual([{ command: 'remove' }, { command: 'remove' }]);
    expect([bench.valueAt('/a'), bench.clock.waiting]).toEqual([50, 0]);
    await bench.say(sender, put('/a', { ...ramp, loop: true }));
    bench.router.close('over');
    expect([bench.router.timelines.list(), bench.clock.waiting]).toEqual([[], 0]);
  });
});

describe('a timeline that cannot be', () => {
  const report = encodeTimelineReport({
    timeline: ramp,
    status: { state: 'playing', position: micros(0), rate: 1, loop: false, at: micros(0) },
  });

  it.each<[string, number, string, Message]>([
    ['without a value', 402, 'keyframes', { type: messageType.publish, kind: 'timeline', address: '/a' }],
    ['as the official client sends it', 402, 'keyframes', publish('timeline', '/a', fromJson({}))],
    ['of another type', 402, 'a map', publish('timeline', '/a', f64(1))],
    ['with a fault', 402, 'keyframes[0].time', publish('timeline', '/a', fromJson({ keyframes: [{ value: 1 }] }))],
    ['too short for a loop', 402, 'loop', put('/a', { ...line([[0, 1]]), loop: true })],
    ['that is a report', 402, 'state', publish('timeline', '/a', report)],
    ['told what it cannot do', 402, 'position', tell('/a', { command: 'seek', position: 100_001 })],
    ['told what nobody knows', 402, 'command', tell('/a', { command: 'rewind' })],
    ['that is not there', 201, 'no timeline', tell('/b', { command: 'pause' })],
    ['past the bound', 429, 'at most', put('/b', line(Array.from({ length: 40 }, (_, i) => [i, i])))],
    ['at no address', 200, 'address', put('/*')],
  ])('[RT124] %s is refused with %i, saying %s, and nothing has changed', async (_, code, words, message) => {
    const bench = new TimelineBench({ timelinesBytesMax: 500 });
    const [sender, listener] = [await bench.join(), await bench.joinKnowing()];
    await bench.say(sender, put('/a', ramp, false));
    await bench.pass(1);
    await bench.say(listener, subscribe('/**'));
    listener.take();
    const before = bench.router.timelines.list();
    await bench.say(sender, message);
    const [answer, ...rest] = sender.take();
    expect(answer).toMatchObject({ type: messageType.error, code });
    expect([answer?.type === messageType.error && answer.message, rest]).toEqual([expect.stringContaining(words), []]);
    expect(bench.router.timelines.list()).toEqual(before);
    expect(bench.clock.waiting).toBe(0);
    expect([listener.take(), bench.router.stats().refusedTotal]).toEqual([[], { [code]: 1 }]);
  });

  it('[RT124] is one more than there may be; those that are there can be replaced', async () => {
    const bench = new TimelineBench({ timelinesMax: 1 });
    const sender = await bench.join();
    await bench.say(sender, put('/a'), put('/b'), put('/a', line([[0, 5]])));
    expect(sender.take()).toMatchObject([{ type: messageType.error, code: 429, address: '/b' }]);
    await bench.pass(1);
    expect([bench.valueAt('/a'), bench.valueAt('/b')]).toEqual([5, undefined]);
  });

  it('[RT185] is one more than a client may have, also from its next session; others have theirs, and those in the process any number', async () => {
    const bench = new TimelineBench({ timelinesPerClientMax: 2, timelinePointsPerClientMax: 5 });
    const joinAs = async (resume: string): Promise<Peer> => {
      const peer = bench.connect();
      peer.ask(1, { ...hello, resume });
      await bench.settle();
      peer.take();
      return peer;
    };
    const first = await joinAs('one');
    await bench.say(first, put('/a'), put('/b'), put('/b', line([[0, 5], [1, 5], [2, 5], [3, 5]]))); // prettier-ignore
    first.connection.close('gone');
    const second = await joinAs('one');
    await bench.say(second, put('/c'), put('/a'));
    expect(second.take()).toMatchObject([{ type: messageType.error, code: 429, address: '/c' }]);
    const other = await joinAs('other');
    await bench.say(other, put('/c'), put('/a'), { type: messageType.bundle, messages: [put('/d')] });
    expect(other.takeOnly(messageType.error)).toMatchObject([{ code: 429 }]);
    // What another took over counts for that one.
    await bench.say(second, put('/e'));
    expect(second.take()).toEqual([]);
    const local = bench.router.openLocal('hand');
    for (const name of ['/x', '/y', '/z']) {
      const value = encodeTimeline(ramp);
      expect(local.publish([{ kind: 'timeline', address: parseAddress(name), value }])).toBeUndefined();
    }
    expect(bench.router.stats()).toMatchObject({ timelines: 7, refusedTotal: { 429: 3 } });
  });

  it('[RT124] is not carried into values that no frame carries: those are left out and counted', async () => {
    const bench = new TimelineBench();
    const sender = await bench.join();
    const list = (item: Signal['value']): Signal['value'] => ({
      type: 'array',
      value: Array.from({ length: 8000 }, () => item),
    });
    const keyframes = [list({ type: 'i8', value: 1 }), list({ type: 'f32', value: 2 })] as const;
    await bench.say(
      sender,
      put('/a', {
        keyframes: keyframes.map((value, i) => ({ time: micros(i * 100_000), value, easing: 'linear' })),
        loop: false,
      }),
    );
    await bench.pass(50);
    expect(bench.router.stats().refusedTotal).toEqual({ 402: 3 });
    await bench.pass(50);
    expect(bench.router.get(a)).toEqual(keyframes[1]);
  });
});

describe('a timeline at a locked param', () => {
  it('[RT125] is put and commanded by the holder alone, and sets the param for the holder', async () => {
    const bench = new TimelineBench();
    const [holder, other] = [await bench.join(), await bench.join()];
    await bench.say(holder, set('/a', 5, { lock: true }));
    holder.take();
    await bench.say(other, put('/a'), tell('/a', { command: 'pause' }));
    expect(told(other)).toEqual([401, 401]);
    await bench.say(holder, put('/a'));
    await bench.pass(50);
    await bench.say(other, tell('/a', { command: 'stop' }), set('/a', 1));
    expect(told(other)).toEqual([401, 401]);
    await bench.pass(50);
    expect([bench.valueAt('/a'), told(holder)]).toEqual([100, []]);
    expect(bench.router.params.get(a)).toMatchObject({ holder: holder.session, writer: holder.session });
    holder.connection.close('gone');
    await bench.say(other, set('/a', 1));
    expect(bench.valueAt('/a')).toBe(1);
  });

  it('[RT125] plays on unheard while another holds it, and sets it again when the lock has ended', async () => {
    const bench = new TimelineBench();
    const [sender, holder] = [await bench.join(), await bench.join()];
    await bench.say(sender, put('/a'));
    await bench.pass(20);
    await bench.say(holder, set('/a', 1000, { lock: true }));
    await bench.pass(40);
    expect(bench.valueAt('/a')).toBe(1000);
    expect(bench.router.stats().refusedTotal[401]).toBeGreaterThan(0);
    await bench.say(holder, set('/a', 1000, { unlock: true }));
    await bench.pass(30);
    expect(bench.valueAt('/a')).toBeCloseTo(83.3, 0);
  });

  it('[RT125] goes to the holder who commands it', async () => {
    const bench = new TimelineBench();
    const [sender, holder] = [await bench.join(), await bench.join()];
    await bench.say(sender, put('/a', ramp, false));
    await bench.say(holder, set('/a', 5, { lock: true }), tell('/a', { command: 'play' }));
    await bench.pass(100);
    expect(bench.valueAt('/a')).toBe(100);
  });
});

describe('timelines in a bundle', () => {
  const bundle = (...messages: Message[]): Message => ({ type: messageType.bundle, messages });

  it('[RT126] are applied with the rest of it, in order', async () => {
    const bench = new TimelineBench();
    const [sender, listener] = [await bench.join(), await bench.join()];
    await bench.say(listener, subscribe('/**'));
    const seek = tell('/a', { command: 'seek', position: 40_000 });
    await bench.say(sender, bundle(put('/a', ramp, false), set('/b', 1), seek, bundle(put('/c'))));
    expect(sender.take()).toEqual([{ type: messageType.ack, revision: 1n }]);
    const [first, second, third, fourth, ...rest] = told(listener);
    expect([second, third, rest]).toEqual([['/b', 1], { command: 'seek', position: 40_000 }, []]);
    expect([first, fourth]).toMatchObject([{ autoplay: false }, { loop: false }]);
    await bench.pass(0);
    expect(bench.valueAt('/a')).toBe(40);
  });

  it.each<[string, number, Message]>([
    ['a timeline with a fault', 402, publish('timeline', '/c', text('x'))],
    ['a command to none', 201, tell('/d', { command: 'pause' })],
    ['a command to what it removed', 201, bundle(tell('/a', { command: 'remove' }), tell('/a', { command: 'play' }))],
    ['one too many', 429, put('/d')],
    ['a locked param', 401, put('/locked')],
    ['a SET that cannot be', 400, set('/b', 2, { revision: 9n })],
  ])('[RT126] are not applied, nor anything else, when there is %s', async (_, code, fault) => {
    const bench = new TimelineBench({ timelinesMax: 2 });
    const [sender, listener] = [await bench.join(), await bench.joinKnowing()];
    await bench.say(listener, set('/locked', 1, { lock: true }), set('/b', 1));
    await bench.say(sender, put('/a', ramp, false));
    await bench.pass(0);
    await bench.say(listener, subscribe('/**'));
    listener.take();
    const before = bench.router.timelines.list();
    await bench.say(sender, bundle(set('/b', 2), tell('/a', { command: 'play' }), put('/c', line([[0, 1]])), fault));
    expect(told(sender)).toEqual([code]);
    expect(bench.router.timelines.list()).toEqual(before);
    await bench.pass(100);
    expect([listener.take(), bench.valueAt('/b')]).toEqual([[], 1]);
  });
});

describe('in the process', () => {
  const timeline = (value: Signal['value'], address = a): Signal => ({ kind: 'timeline', address, value });

  it('[RT127] participants put, command and hear timelines, and are refused, as sessions are', async () => {
    const bench = new TimelineBench();
    const [cue, ear] = [bench.router.openLocal('cue'), bench.router.openLocal('ear')];
    const heard: unknown[] = [];
    ear.subscribe(pattern('/**'), (batch) =>
      heard.push(...batch.map(({ signal, from }) => [from, signal.kind, toJson(signal.value)])),
    );
    expect(cue.publish([timeline(encodeTimeline(line([[0, 0], [10, 1]])))])).toBeUndefined(); // prettier-ignore
    expect(cue.publish([timeline(fromJson({ command: 'rate', rate: 0.5 }))])).toBeUndefined();
    expect(cue.publish([timeline(f64(1)), timeline(fromJson({ command: 'play' }), parseAddress('/b'))])).toMatchObject({
      code: 402,
      address: '/a',
    });
    expect(bench.router.stats().refusedTotal).toEqual({ 201: 1, 402: 1 });
    await bench.pass(20);
    expect(heard.at(0)).toMatchObject(['cue', 'timeline', { loop: false }]);
    expect(heard.at(1)).toEqual(['cue', 'timeline', { command: 'rate', rate: 0.5 }]);
    expect(heard.at(2)).toEqual(['timelines', 'param', 0]);
    expect(heard.at(3)).toMatchObject(['timelines', 'timeline', { state: 'playing', rate: 0.5 }]);
    expect(heard.at(-2)).toEqual(['timelines', 'param', 1]);
    expect(heard.at(-1)).toMatchObject(['timelines', 'timeline', { state: 'finished' }]);
  });

  it('[RT127] mappings follow what a timeline sets, and pass neither it nor its state on', async () => {
    const bench = new TimelineBench();
    const { router, clock } = bench;
    createMappingEngine({
      name: 'mappings',
      session: router.openLocal('mappings', { echo: true }),
      params: router.params,
      clock,
      log: silentLog,
      defer: (run) => run(),
      onLive: () => undefined,
    }).load([mapping(1, '/a', '/lamp')]);
    const heard: Signal[] = [];
    router.openLocal('lamp').subscribe(pattern('/lamp'), (batch) => heard.push(...batch.map(({ signal }) => signal)));
    await bench.say(await bench.join(), put('/a'));
    await bench.pass(150);
    expect(new Set(heard.map(({ kind }) => kind))).toEqual(new Set(['param']));
    expect([heard.length, heard.at(-1)?.value]).toEqual([7, f64(100)]);
    expect(router.timelines.list()).toHaveLength(1);
  });
});

describe('the stage', () => {
  it('[RT124] lets a bug through: only a refusal is one', () => {
    const bug = new RangeError('broken');
    const exchange = { table: { get: () => undefined } };
    const options = { clock: new TimelineBench().clock, limits: { timelinesMax: 1, timelinesBytesMax: 1 }, exchange };
    const stage = new TimelineStage(options as unknown as ConstructorParameters<typeof TimelineStage>[0]);
    const message = { ...put('/a'), get value(): never { throw bug; } }; // prettier-ignore
    const origin = { name: 'x', owner: stage, fromLocal: true, cause: undefined };
    expect(() => stage.plan({ message, address: a, origin })).toThrow(bug);
  });
});
