import { describe, expect, it } from 'vitest';
import { createUiKeys, wrongSecretsMax } from '../../src-main/engine/ui-keys.ts';
import { SimulatedClock } from '../simulated-clock.ts';

describe("keys of the interface's port", () => {
  it('[RS1] lets one in for a secret, once, and then has another secret', () => {
    let used = 0;
    const keys = createUiKeys(new SimulatedClock(), () => used++);
    const secret = keys.secret();
    expect(keys.redeem(secret)).toBe('in');
    expect(keys.redeem(secret)).toBe('wrong');
    expect(keys.secret()).not.toBe(secret);
    expect(used).toBe(1);
  });

  it('[RS2] stops answering after too many wrong secrets, for the rest of the minute', () => {
    const clock = new SimulatedClock();
    const keys = createUiKeys(clock);
    for (let i = 0; i < wrongSecretsMax; i++) expect(keys.redeem('guess')).toBe('wrong');
    expect(keys.redeem(keys.secret())).toBe('too-many');
    expect(keys.redeem(keys.localKey)).toBe('too-many');
    clock.advance(60_000);
    expect(keys.redeem(keys.secret())).toBe('in');
  });

  it('[RS15] lets programs of this user in by a key of their own, as often as they come', () => {
    let used = 0;
    const keys = createUiKeys(new SimulatedClock(), () => used++);
    expect([keys.redeem(keys.localKey), keys.redeem(keys.localKey)]).toEqual(['in', 'in']);
    expect(used).toBe(0);
  });
});
