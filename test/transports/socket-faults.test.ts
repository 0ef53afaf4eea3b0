import { describe, expect, it } from 'vitest';
import { dialledHost, dialReason, openFault } from '../../src-main/transports/socket-faults.ts';

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

  it('[TP18] names host and port, and what to do about a port in use', () => {
    const inUse = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
    expect(openFault(inUse, '0.0.0.0', 7330)).toMatchObject({
      code: 'port-in-use',
      message: 'Port 7330 on 0.0.0.0 is in use by another program. Choose another port, or end that program.',
      details: { host: '0.0.0.0', port: 7330 },
    });
    expect(openFault(new Error('listen EACCES'), 'desk', 80)).toMatchObject({ code: 'cannot-open-port' });
  });

  it.each([
    ['0.0.0.0', 'IPv4', '127.0.0.1'],
    ['::', 'IPv6', '[::1]'],
    ['fe80::1', 'IPv6', '[fe80::1]'],
    ['10.0.0.5', 'IPv4', '10.0.0.5'],
  ])('[TP23] says where a client dials a port that is open on %s', (address, family, host) => {
    expect(dialledHost({ address, family })).toBe(host);
  });
});
