import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NewestQueue } from '../../../src-main/core/realtime/newest-queue.ts';

describe('a queue of what waits, the newest of each key', () => {
  it('[OS37] has a newer one in the place of the older, so that none waits for ever that changes again and again', () => {
    const queue = queueOf('a=1', 'b=1', 'a=2');
    expect([queue.size, queue.kept, all(queue)]).toEqual([2, 0, ['a=2', 'b=1']]);
  });

  it('[OS37] lets a newer one not overtake what is kept', () => {
    const queue = queueOf('a=1', 'b=1', 'go', 'a=2', 'stop', 'a=3');
    expect([queue.size, queue.kept, all(queue)]).toEqual([4, 2, ['b=1', 'go', 'stop', 'a=3']]);
    expect([queue.size, queue.kept]).toEqual([0, 0]);
  });

  it('[OS37] gives back what waits with a key, and takes it out', () => {
    const queue = queueOf('a=1', 'b=1');
    expect([queue.get('a'), queue.take('a'), queue.take('a'), queue.get('c')]).toEqual([
      'a=1',
      'a=1',
      undefined,
      undefined,
    ]);
    expect(all(queue)).toEqual(['b=1']);
  });

  it('[OS37] does as its model does, whatever comes and goes', () => {
    const step = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constant(undefined), fc.constantFrom('shift', 'take'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const queue = new NewestQueue<string>();
        const model = new Model();
        for (const [i, key] of steps.entries()) {
          if (key === 'shift') expect(queue.shift()).toBe(model.items.shift()?.item);
          else if (key === 'take') {
            expect(queue.take('a')).toBe(model.items.find((each) => each.key === 'a')?.item);
            model.items = model.items.filter((each) => each.key !== 'a');
          } else {
            queue.put(String(i), key);
            model.put(String(i), key);
          }
          expect(queue.size).toBe(model.items.length);
          expect(queue.kept).toBe(model.items.filter((each) => each.key === undefined).length);
        }
        expect(all(queue)).toEqual(model.items.map(({ item }) => item));
      }),
    );
  });
});

/** What the queue is to be, slowly. */
class Model {
  items: { item: string; key: string | undefined }[] = [];

  put(item: string, key: string | undefined): void {
    const old = key === undefined ? -1 : this.items.findIndex((each) => each.key === key);
    const isFree = old >= 0 && this.items.slice(old).every((each) => each.key !== undefined);
    if (isFree) this.items[old] = { item, key };
    else this.items = [...this.items.filter((_, place) => place !== old), { item, key }];
  }
}

/** Those with an equals sign have a key. */
function queueOf(...items: readonly string[]): NewestQueue<string> {
  const queue = new NewestQueue<string>();
  for (const item of items) queue.put(item, item.includes('=') ? item.slice(0, 1) : undefined);
  return queue;
}

function all(queue: NewestQueue<string>): string[] {
  const items: string[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}
