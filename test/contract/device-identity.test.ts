import { expect, it } from 'vitest';
import { identityWords } from '../../src-main/contract/device-identity.ts';

it('[DU43] what a device says of itself is one line, without what it does not say', () => {
  expect(identityWords({ model: 'ultraDMX Micro', serialNumber: '1004', firmware: '4.8' })).toBe(
    'ultraDMX Micro, serial number 1004, firmware 4.8',
  );
  expect(identityWords({ serialNumber: '1004' })).toBe('serial number 1004');
  expect(identityWords({})).toBe('');
});
