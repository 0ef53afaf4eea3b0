import { describe, expect, it } from 'vitest';
import { createClosers } from '../../src-main/engine/closers.ts';

function bench() {
  const done: string[] = [];
  const logged: string[] = [];
  const closers = createClosers({ error: (_, fields) => logged.push(String(fields?.['error'])) });
  const add = (name: string, fails = false) =>
    closers.add(async () => {
      await Promise.resolve();
      done.push(name);
      if (fails) throw new Error(`${name} is stuck`);
    });
  return { closers, add, done, logged };
}

describe('closers', () => {
  it('[EA23] close in the opposite order, one after the other, all of them although one fails, and once', async () => {
    const { closers, add, done, logged } = bench();
    add('folder');
    add('port', true);
    add('show');
    await closers.closeAll();
    await closers.closeAll();
    expect(done).toEqual(['show', 'port', 'folder']);
    expect(logged).toEqual(['Error: port is stuck']);
  });

  it('[EA23] close one before its turn, and not again', async () => {
    const { closers, add, done } = bench();
    const closeFirst = add('first');
    add('second');
    await closeFirst();
    await closeFirst();
    await closers.closeAll();
    expect(done).toEqual(['first', 'second']);
  });

  it('[EA23] tell the same function added twice apart', async () => {
    const { closers } = bench();
    let count = 0;
    const close = () => count++;
    const closeOne = closers.add(close);
    closers.add(close);
    await closeOne();
    expect(count).toBe(1);
    await closers.closeAll();
    expect(count).toBe(2);
  });
});
