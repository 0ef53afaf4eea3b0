import { describe, expect, it } from 'vitest';
import { Departures } from '../../../../src-main/core/router/delivery/departures.ts';

describe('departures', () => {
  it('[MT29] run with the batch, or when the frames before them have left, in their order', () => {
    const departures = new Departures();
    const left: string[] = [];
    const add = (what: string): void => departures.add(() => left.push(what));
    add('batch');
    departures.batchLeft();
    departures.batchLeft();
    add('first');
    departures.batchHeld(3);
    add('second');
    departures.batchHeld(5);
    for (const oldest of [0, 2, 3]) departures.heldLeft(oldest);
    expect(left).toEqual(['batch', 'first']);
    departures.heldLeft(9);
    expect(left).toEqual(['batch', 'first', 'second']);
  });

  it('[MT29] go on to be taken once earlier ones have run', () => {
    const departures = new Departures();
    let left = 0;
    for (let n = 0; n < 300; n++) departures.add(() => left++);
    departures.batchHeld(1);
    departures.heldLeft(1);
    departures.add(() => left++);
    departures.batchLeft();
    expect(left).toBe(257);
  });
});
