import { describe, expect, it } from 'vitest';
import { dialledHost, openFault } from '../../src-main/platform/open-port.ts';

describe('a port that is to be opened', () => {
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
