import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedQueue, type Queued } from '../../../src-main/core/realtime/ordered-queue.ts';

describe('a queue of what waits', () => {
  it('[HB1] gives the oldest first, also of what came back', () => {
    const step = fc.oneof(fc.constant('put' as const), fc.constant('shift' as const), fc.nat(5), fc.constant('remove'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = new OrderedQueue<number>();
        const away: Queued<number>[] = [];
        let model: number[] = [];
        for (const [i, each] of steps.entries()) {
          if (each === 'put') model = [...model, queue.put(i).item];
          else if (each === 'remove') {
            const [, second] = [...queue];
            if (second) queue.remove(second);
            model = model.filter((item) => item !== second?.item);
          } else if (each === 'shift') {
            const taken = queue.shift();
            expect(taken?.item).toBe(model[0]);
            model = model.slice(1);
            if (taken) away.push(taken);
          } else {
            const [back] = away.splice(typeof each === 'number' ? each : 0, 1);
            if (!back) continue;
            queue.putBack(back);
            model = [...model, back.item].toSorted((left, right) => left - right);
          }
          expect([...queue].map(({ item }) => item)).toEqual(model);
          expect(queue.size).toBe(model.length);
        }
      }),
    );
  });
});
