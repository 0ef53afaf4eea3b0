import { describe, expect, it } from 'vitest';
import { readArtAddress } from '../../../../src-main/core/dmx/artnet/art-address.ts';

/** A command of a controller to a port. */
function address(command: number, bindIndex = 2, length = 107): Uint8Array {
  const bytes = new Uint8Array(107);
  bytes[13] = bindIndex;
  bytes[106] = command;
  return bytes.slice(0, length);
}

describe('readArtAddress', () => {
  it('[AN9] reads how a controller wants a port to merge, and nothing else of what it would set', () => {
    expect(readArtAddress(address(0x01))).toEqual({ bindIndex: 2, command: { does: 'cancel-merge' } });
    expect(readArtAddress(address(0x13))).toMatchObject({ command: { does: 'merge', rule: 'ltp', port: 3 } });
    expect(readArtAddress(address(0x50, 0))).toEqual({
      bindIndex: 1,
      command: { does: 'merge', rule: 'htp', port: 0 },
    });
    for (const code of [0, 0x02, 0x14, 0x54, 0x90, 0xff])
      expect(readArtAddress(address(code))).toMatchObject({ command: { does: 'other' } });
    expect(readArtAddress(address(0x01, 1, 106))).toBeUndefined();
  });
});
