import { describe, expect, it } from 'vitest';
import { createUiKeys, uiSessionsMax, wrongSecretsMax } from '../../src-main/engine/ui-keys.ts';
import { SimulatedClock } from '../simulated-clock.ts';

describe("keys of the interface's port", () => {
  it('[RS1] sells one session for a secret, once, and then has another secret', () => {
    let used = 0;
    const keys = createUiKeys(new SimulatedClock(), () => used++);
    const secret = keys.secret();
    const answer = keys.redeem(secret);
    expect(answer).toHaveProperty('token');
    expect(keys.isSession((answer as { token: string }).token)).toBe(true);
    expect(keys.redeem(secret)).toEqual({ refused: 'wrong' });
    expect(keys.secret()).not.toBe(secret);
    expect(used).toBe(1);
  });

  it('[RS1] knows no session but those it gave out', () => {
    const keys = createUiKeys(new SimulatedClock());
    for (const token of [undefined, '', keys.secret(), 'x'.repeat(43)]) expect(keys.isSession(token)).toBe(false);
  });

  it('[RS2] stops answering after too many wrong secrets, for the rest of the minute', () => {
    const clock = new SimulatedClock();
    const keys = createUiKeys(clock);
    for (let i = 0; i < wrongSecretsMax; i++) expect(keys.redeem('guess')).toEqual({ refused: 'wrong' });
    expect(keys.redeem(keys.secret())).toEqual({ refused: 'too-many' });
    clock.advance(60_000);
    expect(keys.redeem(keys.secret())).toHaveProperty('token');
  });

  it('[RS3] lets the oldest browser go when there are too many', () => {
    const keys = createUiKeys(new SimulatedClock());
    const tokens = Array.from(
      { length: uiSessionsMax + 1 },
      () => (keys.redeem(keys.secret()) as { token: string }).token,
    );
    expect(keys.isSession(tokens[0])).toBe(false);
    expect(tokens.slice(1).every((token) => keys.isSession(token))).toBe(true);
  });
});
