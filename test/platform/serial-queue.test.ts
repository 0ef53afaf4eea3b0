import { describe, expect, it } from 'vitest';
import { SerialQueue } from '../../src-main/platform/serial-queue.ts';

describe('a serial queue', () => {
  it('[SS5] runs tasks one after the other in their order, also after one that failed', async () => {
    const queue = new SerialQueue(10);
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (name === 'a') throw new Error('no');
      return name;
    };
    const [a, b] = await Promise.allSettled([queue.run(task('a')), queue.run(task('b'))]);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect([a.status, b]).toEqual(['rejected', { status: 'fulfilled', value: 'b' }]);
  });

  it('[SS5] refuses more than may wait, and takes some again later', async () => {
    const queue = new SerialQueue(2);
    const running = [queue.run(() => 1), queue.run(() => 2)];
    await expect(queue.run(() => 3)).rejects.toMatchObject({ code: 'too-many-items' });
    await Promise.all(running);
    expect(await queue.run(() => 4)).toBe(4);
  });
});
