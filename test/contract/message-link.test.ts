import { describe, expect, it } from 'vitest';
import { createMemoryLinkPair } from '../../src-main/contract/message-link.ts';

/** Lets every microtask that is due run. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

describe('memory link', () => {
  it('[AD13] delivers whole messages in order, not inside the sender’s call', async () => {
    const [left, right] = createMemoryLinkPair();
    const heard: unknown[] = [];
    right.onMessage((message) => heard.push(message));
    left.send(1);
    left.send({ two: 2 });
    expect(heard).toEqual([]);
    await settled();
    expect(heard).toEqual([1, { two: 2 }]);
  });

  it('[AD13] carries both ways', async () => {
    const [left, right] = createMemoryLinkPair();
    const heard: unknown[] = [];
    right.onMessage((message) => right.send(`re: ${String(message)}`));
    left.onMessage((message) => heard.push(message));
    left.send('hello');
    await settled();
    expect(heard).toEqual(['re: hello']);
  });

  it('[AD13] keeps messages for a listener that comes later', async () => {
    const [left, right] = createMemoryLinkPair();
    left.send(1);
    left.send(2);
    await settled();
    const heard: unknown[] = [];
    right.onMessage((message) => heard.push(message));
    left.send(3);
    await settled();
    expect(heard).toEqual([1, 2, 3]);
  });

  it('[AD13] has one listener at a time; an old cancel does not silence a new listener', async () => {
    const [left, right] = createMemoryLinkPair();
    const first: unknown[] = [];
    const second: unknown[] = [];
    const cancelFirst = right.onMessage((message) => first.push(message));
    right.onMessage((message) => second.push(message));
    cancelFirst();
    left.send(1);
    await settled();
    expect([first, second]).toEqual([[], [1]]);
  });

  it('[AD14] delivers what was sent before close, nothing after', async () => {
    const [left, right] = createMemoryLinkPair();
    const heard: unknown[] = [];
    right.onMessage((message) => heard.push(message));
    left.send('last');
    left.close();
    left.send('late');
    await settled();
    right.send('too late');
    await settled();
    expect(heard).toEqual(['last']);
  });

  it('[AD14] tells both ends of the close once, and at once who asks later', async () => {
    const [left, right] = createMemoryLinkPair();
    const told: string[] = [];
    left.onClose(() => told.push('left'));
    right.onClose(() => told.push('right'));
    const cancel = right.onClose(() => told.push('cancelled'));
    cancel();
    right.close();
    right.close();
    left.close();
    await settled();
    expect(told.toSorted()).toEqual(['left', 'right']);
    left.onClose(() => told.push('later'));
    expect(told.at(-1)).toBe('later');
  });
});
