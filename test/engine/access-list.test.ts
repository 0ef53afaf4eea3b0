import { describe, expect, it } from 'vitest';
import type { AccessState } from '../../src-main/contract/engine-api.ts';
import {
  createAccessList,
  refusalsToldEveryMs,
  refusedOriginLengthMax,
  refusedOriginsMax,
} from '../../src-main/engine/access-list.ts';
import { SimulatedClock } from '../simulated-clock.ts';

function list(allowed: string[] = []) {
  const kept: (readonly string[])[] = [];
  const states: AccessState[] = [];
  const clock = new SimulatedClock();
  const keep = (origins: readonly string[]): Promise<void> => {
    kept.push(origins);
    return Promise.resolve();
  };
  const access = createAccessList({
    clock,
    allowed,
    keep,
    onChange: (state) => states.push(state),
  });
  return { access, kept, states, clock };
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
    const { access, states, clock } = list();
    for (let i = 0; i < refusedOriginsMax + 5; i++) access.refused(`https://page-${i}.example`);
    access.refused('https://page-10.example');
    const { refusedOrigins } = access.state();
    expect(refusedOrigins).toHaveLength(refusedOriginsMax);
    expect(refusedOrigins[0]).toMatchObject({ origin: 'https://page-10.example', count: 2 });
    clock.advance(refusalsToldEveryMs);
    expect(states.at(-1)).toEqual(access.state());
  });

  it('[EA30] tells the first refusal at once and a flood of them twice a second, to its last', () => {
    const { access, states, clock } = list();
    access.refused('https://a.example');
    expect(states).toHaveLength(1);
    for (let i = 0; i < 1000; i++) {
      clock.advance(1);
      access.refused('https://a.example');
    }
    expect(states).toHaveLength(3);
    clock.advance(refusalsToldEveryMs);
    expect(states).toHaveLength(4);
    expect(states.at(-1)?.refusedOrigins).toMatchObject([{ count: 1001 }]);
    clock.advance(refusalsToldEveryMs);
    expect({ told: states.length, waiting: clock.waiting }).toEqual({ told: 4, waiting: 0 });
    access.refused('https://a.example');
    expect(states).toHaveLength(5);
  });

  it('[EA30] tells at once what the operator changes, also in a flood', async () => {
    const { access, states } = list();
    access.refused('https://a.example');
    access.refused('https://b.example');
    expect(states).toHaveLength(1);
    await access.allow('https://b.example');
    expect(states).toHaveLength(2);
    await access.forbid('https://b.example');
    expect(states).toHaveLength(3);
  });

  it('[EA30] leaves no timer when it is closed', () => {
    const { access, states, clock } = list();
    access.refused('https://a.example');
    access.refused('https://a.example');
    access.close();
    expect(clock.waiting).toBe(0);
    expect(states).toHaveLength(1);
  });

  it('[EA31] cuts an endless origin, and never allows a cut one', async () => {
    const { access } = list();
    access.refused(`https://${'a'.repeat(100_000)}.example`);
    access.refused(`https://${'b'.repeat(refusedOriginLengthMax - 8)}`);
    const [whole, cut] = access.state().refusedOrigins;
    expect(whole?.origin).toBe(`https://${'b'.repeat(refusedOriginLengthMax - 8)}`);
    expect(cut?.origin).toHaveLength(refusedOriginLengthMax);
    await expect(access.allow(cut?.origin ?? '')).rejects.toMatchObject({ code: 'bad-arguments' });
  });
});
