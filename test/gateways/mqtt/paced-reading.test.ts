import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { paceReading, sliceBytes } from '../../../src-main/gateways/mqtt/paced-reading.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';

describe('a client that sends a hundred thousand packets at once', () => {
  it('[MQ46] is read a little in each turn of the event loop, whole and in order, up to its end', async () => {
    const clock = new SimulatedClock();
    const stream = new PassThrough({ highWaterMark: 65_536 });
    paceReading(stream, clock, () => true);
    const turns: number[][] = [];
    const heard: Buffer[] = [];
    let isOver = false;
    stream.on('end', () => (isOver = true));
    stream.on('readable', () => {
      const sizes: number[] = [];
      for (let part = stream.read() as Buffer | null; part; part = stream.read() as Buffer | null) {
        sizes.push(part.length);
        heard.push(part);
        // As long as its packets take.
        clock.advance(0.2);
      }
      turns.push(sizes);
    });
    const sent = Buffer.from(Array.from({ length: 10_000 }, (_, i) => i % 251));
    stream.end(sent);
    await until('its end', () => isOver);
    expect(Buffer.concat(heard).equals(sent)).toBe(true);
    expect(Math.max(...turns.map(({ length }) => length))).toBe(3);
    expect(Math.max(...turns.flat())).toBe(sliceBytes);
  });

  it('[MQ46] has a large packet read on within the turn, and nothing while what was read is not done', async () => {
    const stream = new PassThrough({ highWaterMark: 65_536 });
    const state = { isIdle: true };
    paceReading(stream, new SimulatedClock(), () => state.isIdle);
    const parts: number[] = [];
    let [turn, turns] = [0, new Set<number>()];
    // As aedes does it: once for each time that it is told.
    stream.on('readable', () => {
      const part = stream.read() as Buffer | null;
      if (!part) return;
      parts.push(part.length);
      turns.add(turn);
    });
    stream.write(Buffer.alloc(10_000));
    const count = (): void => {
      if (++turn < 50) setImmediate(count);
    };
    count();
    await until('all of it', () => parts.reduce((sum, length) => sum + length, 0) === 10_000);
    expect(turns.size).toBe(1);
    state.isIdle = false;
    [parts.length, turns] = [0, new Set()];
    stream.write(Buffer.alloc(10_000));
    await until('the first of it', () => parts.length > 0);
    await until('some turns', () => turn === 50);
    expect(parts).toEqual([sliceBytes]);
    stream.destroy();
  });
});
