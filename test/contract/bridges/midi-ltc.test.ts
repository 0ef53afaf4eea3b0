import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bridgeSchema } from '../../../src-main/contract/bridges/bridge.ts';

/** The first block of JSON of a page. */
function blockIn(path: string): unknown {
  return JSON.parse(/```json\n(.*?)```/s.exec(readFileSync(path, 'utf8'))?.[1] ?? 'null');
}

describe('MIDI and LTC in a show', () => {
  it.each(['midi', 'ltc'])('[MI21] the block of docs/bridges/%s.md is whole, and a short one is enough', (kind) => {
    const block = blockIn(`docs/bridges/${kind}.md`);
    expect(bridgeSchema.parse(block)).toEqual(block);
    const short = { id: 'a', number: 1, name: 'A', kind, settings: {} };
    expect(bridgeSchema.parse(short)).toMatchObject({ kind, enabled: true, settings: { prefix: `/${kind}` } });
  });

  it('[MI21] refuses what no bridge can do', () => {
    const fails = (kind: string, settings: object): boolean =>
      !bridgeSchema.safeParse({ id: 'a', number: 1, name: 'A', kind, settings }).success;
    for (const device of ['', 'two words', 'a/b', '*', 'a\n']) expect(fails('midi', { device }), device).toBe(true);
    expect(fails('midi', { device: 'Clavier-é' })).toBe(false);
    expect(fails('midi', { tempo: 401 })).toBe(true);
    expect(fails('midi', { fineControllers: [32] })).toBe(true);
    expect(fails('ltc', { sampleRate: 8000 })).toBe(true);
    expect(fails('ltc', { rate: '29.97' })).toBe(true);
  });
});
