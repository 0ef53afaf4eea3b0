import { describe, expect, it } from 'vitest';
import { addressToward } from '../../src-main/platform/address-toward.ts';

describe('the address from which another machine is reached', () => {
  it('[RZ53] is one of this machine, of the right family; none where it cannot be', async () => {
    expect(await addressToward('127.0.0.1')).toBe('127.0.0.1');
    expect(await addressToward('localhost')).toBe('127.0.0.1');
    expect(await addressToward('no-such-host.invalid')).toBeUndefined();
  });
});
