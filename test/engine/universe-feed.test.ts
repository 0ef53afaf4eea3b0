import { describe, expect, it } from 'vitest';
import type { UniverseView } from '../../src-main/contract/dmx.ts';
import { followUniverse, universeLooksEvery } from '../../src-main/engine/feeds/universe-feed.ts';
import { SimulatedClock } from '../simulated-clock.ts';

const bytes = (): Uint8Array => new Uint8Array(512);
const viewOf = (level: number): UniverseView => ({
  ...{ bridgeId: 'b', universe: 1, direction: 'out', isRunning: true, master: 1, blackout: false, sources: [] },
  ...{ levels: bytes().fill(level), asked: bytes(), winners: bytes(), flags: bytes() },
});

describe('a universe that is watched', () => {
  it('[DK18] is told at once, then when it is another one, until nobody watches', async () => {
    const clock = new SimulatedClock();
    const sent: number[] = [];
    let level: number | undefined = 1;
    const look = (): UniverseView | undefined => (level === undefined ? undefined : viewOf(level));
    const stop = followUniverse({ clock, look, send: (view) => sent.push(view.levels[0] ?? 0) });
    const wait = async (): Promise<void> => {
      clock.advance(universeLooksEvery);
      await new Promise(setImmediate);
    };
    clock.advance(0);
    await new Promise(setImmediate);
    await wait();
    expect(sent).toEqual([1]);
    level = 2;
    await wait();
    level = undefined;
    await wait();
    level = 3;
    await wait();
    expect(sent).toEqual([1, 2, 3]);
    stop();
    level = 4;
    await wait();
    expect(sent).toEqual([1, 2, 3]);
  });

  it('[DK18] waits for a client that has not taken the view before, and goes on after one that fails', async () => {
    const clock = new SimulatedClock();
    const sent: number[] = [];
    let level = 1;
    let take = (): void => undefined;
    followUniverse({
      clock,
      look: () => viewOf(level),
      send: (view) => {
        sent.push(view.levels[0] ?? 0);
        return new Promise<void>((resolve, reject) => (take = level === 1 ? resolve : () => reject(new Error('gone'))));
      },
    });
    clock.advance(1);
    for (level = 2; level < 9; level++) clock.advance(universeLooksEvery);
    expect(sent).toEqual([1]);
    for (const expected of [
      [1, 9],
      [1, 9, 10],
    ]) {
      take();
      await new Promise(setImmediate);
      clock.advance(universeLooksEvery);
      await new Promise(setImmediate);
      expect(sent).toEqual(expected);
      level = 10;
    }
  });
});
