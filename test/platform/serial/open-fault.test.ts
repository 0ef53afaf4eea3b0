import { describe, expect, it } from 'vitest';
import { serialFault } from '../../../src-main/platform/serial/open-fault.ts';

describe('why a serial port cannot be opened', () => {
  it.each(['Error: Inappropriate ioctl for device, cannot open /x', 'Error: Is a directory, cannot open /x'])(
    '[SL37] is that there is no serial port: %s',
    (said) => {
      expect(serialFault('/x', new Error(said)).message).toBe('/x is no serial port.');
    },
  );
});
