import { describe, expect, it } from 'vitest';
import { portAddressMax, portAddressWords, writePortAddress } from '../../../src-main/contract/bridges/port-address.ts';

describe('the number of a port address', () => {
  it('[AN36] is written as net, subnet and universe stand on a node', () => {
    expect([0, 15, 16, 256, 303, portAddressMax].map(writePortAddress)).toEqual([
      ...['0.0.0', '0.0.15', '0.1.0', '1.0.0', '1.2.15', '127.15.15'],
    ]);
  });

  it('[AN36] is said in both ways, alone and as a range', () => {
    expect([portAddressWords(16), portAddressWords(4, 4), portAddressWords(0, 3)]).toEqual([
      ...['16 (0.1.0)', '4 (0.0.4)', '0–3 (0.0.0–0.0.3)'],
    ]);
  });
});
