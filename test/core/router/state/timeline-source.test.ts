import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { fromJson } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { createTimelineSource } from '../../../../src-main/core/router/state/timeline-source.ts';
import { decodeTimelineReport } from '../../../../src-main/core/timeline/timeline-report.ts';
import { pattern, set, subscribe, subscribeWith } from '../router-fixture.ts';
import { put, ramp, tell, TimelineBench, told } from '../timeline-bench.ts';

describe('a late joiner', () => {
  it('[RT122] gets each timeline it covers behind the SNAPSHOT, with the running position', async () => {
    const bench = new TimelineBench();
    const [sender, late] = [await bench.join(), await bench.joinKnowing()];
    await bench.say(
      sender,
      put('/a'),
      put('/b', { ...ramp, loop: true }),
      put('/c'),
      tell('/b', { command: 'rate', rate: 2 }),
    );
    await bench.pass(70);
    await bench.say(late, subscribe('/*'));
    const [snapshot, ...reports] = late.take();
    expect(snapshot).toMatchObject({ type: messageType.snapshot, params: [{}, {}, {}] });
    const at = bench.clock.nowMicros();
    const read = reports.map((message) => {
      if (message.type !== messageType.publish || !message.value) return message;
      return [message.kind, message.address, decodeTimelineReport(message.value.value)];
    });
    expect(read).toEqual([
      ['timeline', '/a', { timeline: ramp, status: { state: 'playing', position: 70_000, rate: 1, loop: false, at } }],
      [
        'timeline',
        '/b',
        { timeline: { ...ramp, loop: true }, status: { state: 'playing', position: 40_000, rate: 2, loop: true, at } },
      ],
      ['timeline', '/c', { timeline: ramp, status: { state: 'playing', position: 70_000, rate: 1, loop: false, at } }],
    ]);
    await bench.say(late, subscribe('/b', 2));
    expect(late.take().map(({ type }) => type)).toEqual([messageType.snapshot, messageType.publish]);
  });

  it('[RT122] gets none that it does not cover, did not ask for, does not know, or that was removed', async () => {
    const bench = new TimelineBench();
    const [sender, knowing, old] = [await bench.join(), await bench.joinKnowing(), await bench.join()];
    await bench.say(sender, put('/a', ramp, false), put('/b', ramp, false), tell('/b', { command: 'remove' }));
    await bench.say(knowing, subscribe('/b'), subscribe('/c', 2), subscribe('/a', 3, 0x0f));
    await bench.say(old, subscribe('/**'), subscribe('/a', 2, 0));
    expect([knowing.take(), old.take()]).toEqual([[], []]);
    await bench.say(knowing, subscribe('/**', 4, 0));
    expect(told(knowing)).toEqual([['/a', 'stopped', 0]]);
  });

  it('[RT122] is told what is when each frame is made', () => {
    const status = { state: 'playing', rate: 1, loop: false, at: micros(0), position: micros(1) } as const;
    const there = new Map(['/a', '/b', '/c'].map((address) => [parseAddress(address), micros(1)]));
    const source = createTimelineSource(
      {
        addresses: () => there.keys(),
        get: (address) => {
          const position = there.get(address);
          return position === undefined ? undefined : { timeline: ramp, status: { ...status, position } };
        },
      },
      pattern('/**'),
    );
    const next = (): unknown => {
      const frame = source.next();
      return typeof frame === 'object' ? frame.address : frame;
    };
    expect(next()).toBe('/a');
    there.delete(parseAddress('/b'));
    expect([next(), next()]).toEqual(['/c', undefined]);
  });
});

describe('who knows timelines', () => {
  it('[RT122] hears each change of state once, behind its value, the sender too, and an old client the values alone', async () => {
    const bench = new TimelineBench();
    const [sender, listener, old] = [await bench.joinKnowing(), await bench.joinKnowing(), await bench.join()];
    await bench.say(sender, subscribe('/**'));
    // Overlapping, and thinned: one copy each, and none left out.
    await bench.say(listener, subscribe('/a'), subscribeWith({ maxRate: 1 }, '/*', 2), subscribe('/**', 3, 0x10));
    await bench.say(old, subscribe('/**'));
    await bench.say(sender, put('/a', { ...ramp, startTime: micros(bench.start + 20_000) }));
    await bench.pass(50);
    await bench.say(sender, tell('/a', { command: 'pause' }), tell('/a', { command: 'pause' }));
    await bench.pass(10);
    await bench.say(sender, tell('/a', { command: 'resume' }));
    await bench.pass(200);
    const [mine, theirs, values] = [sender, listener, old].map(told);
    const states = (all: unknown[] = []) => all.filter((each) => Array.isArray(each) && each.length === 3);
    expect(states(mine)).toEqual([
      ['/a', 'waiting', 0],
      ['/a', 'playing', 0],
      ['/a', 'paused', 30_000],
      ['/a', 'playing', 30_000],
      ['/a', 'finished', 100_000],
    ]);
    expect(states(theirs)).toEqual(states(mine));
    expect(mine?.slice(-2)).toEqual([['/a', 100], ['/a', 'finished', 100_000]]); // prettier-ignore
    expect(states(values)).toEqual([]);
    expect(values?.at(-1)).toEqual(['/a', 100]);
  });

  it('[RT122] hears a state without the keyframes, which it has', async () => {
    const bench = new TimelineBench();
    const listener = await bench.joinKnowing();
    await bench.say(listener, subscribe('/a', 1, 0x10));
    await bench.say(await bench.join(), put('/a'), tell('/a', { command: 'play', loop: true }));
    listener.take();
    await bench.pass(0);
    const at = bench.clock.nowMicros();
    const [report] = listener.take();
    expect(report?.type === messageType.publish && report.value?.value).toEqual(
      fromJson({ loop: true, state: 'playing', position: 0, rate: 1, at }),
    );
  });
});

describe('QUERY and GET', () => {
  it('[RT123] list a timeline with its kind beside the param, and give the param', async () => {
    const bench = new TimelineBench();
    const sender = await bench.join();
    const announced = [{ address: '/c', kind: 'timeline' as const }];
    await bench.say(sender, { type: messageType.announce, namespace: '/', signals: announced });
    await bench.say(sender, put('/a'), put('/b', ramp, false), put('/c', ramp, false), set('/d', 1));
    await bench.pass(0);
    sender.take();
    await bench.say(sender, { type: messageType.query, pattern: '/**' }, { type: messageType.get, address: '/a' });
    await bench.say(sender, { type: messageType.get, address: '/b' });
    const [result, snapshot, none] = sender.take();
    expect(result?.type === messageType.result && result.signals.map(({ address, kind }) => [address, kind])).toEqual([
      ['/c', 'timeline'],
      ['/d', 'param'],
      ['/a', 'param'],
      ['/a', 'timeline'],
      ['/b', 'timeline'],
    ]);
    expect(snapshot).toMatchObject({ type: messageType.snapshot, params: [{ address: '/a', revision: 1n }] });
    expect(none).toMatchObject({ type: messageType.error, code: 201 });
  });
});
