import { describe, expect, it } from 'vitest';
import { dialReason } from '../../src-main/transports/socket-faults.ts';

describe('why a socket did not open', () => {
  it('[TP6] gives the reason of each address of a name', () => {
    const reasons = [new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')];
    expect(dialReason(new AggregateError(reasons))).toBe(
      'connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1',
    );
    expect(dialReason('nothing')).toBe('nothing');
  });

  it('[CT7] says of a certificate that nobody trusted has signed where its authority is to be had', () => {
    const error = Object.assign(new Error('unable to verify'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(dialReason(error)).toContain('flyrail cert export-ca');
    expect(dialReason(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBe('reset');
  });
});
