import { describe, expect, it } from 'vitest';
import { NewStarts } from './new-starts.ts';

describe('peers that fall over', () => {
  it('[BN36] are stopped, told of and measured again, three times in a scenario', async () => {
    const said: string[] = [];
    const ending = new AbortController();
    const newStarts = new NewStarts({ say: (words) => said.push(words), interrupted: ending.signal });
    let tries = 0;
    let stops = 0;
    const stop = async (): Promise<void> => {
      stops++;
    };
    const failing = (times: number) => async () => {
      if (++tries <= times) throw new Error(`try ${tries}`);
      return tries;
    };
    expect(await newStarts.measure(failing(2), stop)).toBe(3);
    expect([stops, said]).toEqual([2, ['measured again, since try 1', 'measured again, since try 2']]);
    tries = 0;
    await expect(newStarts.measure(failing(5), stop)).rejects.toThrow('try 2');
    expect([stops, said.length]).toEqual([3, 3]);
  });

  it('[BN36] are left alone when the run is interrupted', async () => {
    const ending = new AbortController();
    const newStarts = new NewStarts({ say: () => expect.unreachable(), interrupted: ending.signal });
    const failing = async () => {
      ending.abort('SIGINT');
      throw new Error('load gone');
    };
    await expect(newStarts.measure(failing, () => expect.unreachable())).rejects.toThrow('load gone');
  });
});
