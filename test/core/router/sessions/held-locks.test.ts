import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { f64 } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import { HeldLocks } from '../../../../src-main/core/router/sessions/held-locks.ts';
import { routerLimits } from '../../../../src-main/core/router/limits.ts';
import { isRefusal } from '../../../../src-main/core/router/state/param-write.ts';
import { ValueTable } from '../../../../src-main/core/router/state/value-table.ts';

describe('locks of one writer', () => {
  it('[RT12] are released once, without those it had unlocked itself', () => {
    const table = new ValueTable(routerLimits);
    const locks = new HeldLocks('w');
    const write = (address: string, writer: string, more: object = {}): boolean => {
      const record = table.write({
        address: parseAddress(address),
        value: WireValue.of(f64(1)),
        writer,
        at: micros(1),
        ...more,
      });
      if (isRefusal(record)) return false;
      if (writer === 'w') locks.note(record);
      return true;
    };
    write('/held', 'w', { lock: true });
    write('/given-back', 'w', { lock: true });
    write('/given-back', 'w', { unlock: true });
    write('/given-back', 'other', { lock: true });
    expect(write('/held', 'other')).toBe(false);
    locks.release(table);
    expect([write('/held', 'other'), write('/given-back', 'w')]).toEqual([true, false]);
  });
});
