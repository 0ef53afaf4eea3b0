import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import { GoneSources } from '../../../../src-main/core/dmx/merge/gone-sources.ts';

const source = (id: string, priority = 100) => ({ id, name: `Desk ${id}`, priority, heardAt: micros(7) });

describe('the sources of a universe that are gone', () => {
  it('[DK23] have one that drove it last, the highest of those that went together, until somebody drives it', () => {
    const gone = new GoneSources();
    expect(gone.last).toBeUndefined();
    gone.leave([source('a'), source('b', 150)], 'silent', false);
    expect(gone.last).toEqual({ name: 'Desk b', heardAt: 7, isEnded: false });
    gone.leave([source('c')], 'ended', false);
    expect(gone.last).toEqual({ name: 'Desk c', heardAt: 7, isEnded: true });
    gone.leave([], 'silent', false);
    expect(gone.last?.name).toBe('Desk c');
    gone.goOn();
    expect(gone.last).toBeUndefined();
  });

  it('[SA57] are missed when they fell silent and others go on, eight at most, until they come back', () => {
    const gone = new GoneSources();
    gone.leave([source('a'), source('b')], 'silent', true);
    gone.leave([source('c')], 'ended', true);
    gone.leave([source('d')], 'outranked', true);
    expect(gone.missed.map(({ name }) => name)).toEqual(['Desk a', 'Desk b']);
    gone.comes('a');
    expect(gone.missed.map(({ name }) => name)).toEqual(['Desk b']);
    for (let i = 0; i < 9; i++) gone.leave([source(String(i))], 'silent', true);
    expect(gone.missed).toHaveLength(8);
    expect(gone.missed.at(-1)?.name).toBe('Desk 8');
    gone.leave([source('z')], 'silent', false);
    expect(gone.missed).toEqual([]);
  });
});
