import { describe, expect, it } from 'vitest';
import type { AccessState } from '../../src-main/contract/engine-api.ts';
import { createAccessList, refusedOriginsMax } from '../../src-main/engine/access-list.ts';
import { SimulatedClock } from '../simulated-clock.ts';

function list(allowed: string[] = []) {
  const kept: (readonly string[])[] = [];
  const states: AccessState[] = [];
  const keep = (origins: readonly string[]): Promise<void> => {
    kept.push(origins);
    return Promise.resolve();
  };
  const access = createAccessList({
    clock: new SimulatedClock(),
    allowed,
    keep,
    onChange: (state) => states.push(state),
  });
  return { access, kept, states };
}

describe('origins of web pages', () => {
  it('[EA10] allows what was allowed in the window, and keeps it for the next start', async () => {
    const { access, kept } = list();
    access.refused('https://stage.example');
    expect(access.allows('https://stage.example')).toBe(false);
    const state = await access.allow('https://stage.example');
    expect(state).toEqual({ allowedOrigins: ['https://stage.example'], refusedOrigins: [] });
    expect(access.allows('https://stage.example')).toBe(true);
    expect(kept).toEqual([['https://stage.example']]);
    await access.forbid('https://stage.example');
    expect(access.allows('https://stage.example')).toBe(false);
    expect(kept.at(-1)).toEqual([]);
  });

  it('[EA10] takes only whole origins, from the operator and from the kept list', async () => {
    const { access } = list(['https://ok.example', 'nonsense', 'https://path.example/x']);
    expect(access.state().allowedOrigins).toEqual(['https://ok.example']);
    for (const bad of ['', 'example.org', '*', 'null', 'https://a.example/', 'https://a.example/path']) {
      await expect(access.allow(bad), bad).rejects.toMatchObject({ code: 'bad-arguments' });
    }
  });

  it('[EA10] changes nothing when the list cannot be kept', async () => {
    const access = createAccessList({
      clock: new SimulatedClock(),
      allowed: [],
      keep: () => Promise.reject(new Error('disk full')),
      onChange: () => undefined,
    });
    await expect(access.allow('https://a.example')).rejects.toThrow('disk full');
    expect(access.allows('https://a.example')).toBe(false);
  });

  it('[EA11] counts refusals, newest first, and remembers a bounded number', () => {
    const { access, states } = list();
    for (let i = 0; i < refusedOriginsMax + 5; i++) access.refused(`https://page-${i}.example`);
    access.refused('https://page-10.example');
    const { refusedOrigins } = access.state();
    expect(refusedOrigins).toHaveLength(refusedOriginsMax);
    expect(refusedOrigins[0]).toMatchObject({ origin: 'https://page-10.example', count: 2 });
    expect(states.at(-1)).toEqual(access.state());
  });
});
