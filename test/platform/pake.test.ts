import { describe, expect, it } from 'vitest';
import { createPakeSetup, isPassword, pakeReady, pakeRecord } from '../../src-main/platform/pake.ts';
import { stretchPin } from '../../src-main/platform/stretch-pin.ts';

describe('records of secrets', () => {
  it('[RS19] know their password again, and no other, no other way in, and no other machine', async () => {
    await pakeReady;
    const setup = createPakeSetup();
    const record = pakeRecord({ setup, user: 'pin view', way: 'pin' }, 'secret');
    expect(isPassword(record, 'secret')).toBe(true);
    expect(isPassword(record, 'Secret')).toBe(false);
    expect(isPassword({ ...record, way: 'code' }, 'secret')).toBe(false);
    expect(isPassword({ ...record, setup: createPakeSetup() }, 'secret')).toBe(false);
    expect(JSON.stringify(record)).not.toContain('secret');
  });

  it('[RS19] stretch a PIN alike for one salt, and differently for another', async () => {
    const [one, again, other] = await Promise.all([
      stretchPin('481623', '00'.repeat(16)),
      stretchPin('481623', '00'.repeat(16)),
      stretchPin('481623', '01'.repeat(16)),
    ]);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });
});
