import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import {
  formatLocked,
  isLockDenied,
  lockDenied,
  lockGranted,
  tryHolder,
} from '../../../src-main/core/protocol/lock-answers.ts';
import { messageType, type AckMessage } from '../../../src-main/core/protocol/messages.ts';

const address = parseAddress('/a');
const ack: AckMessage = { type: messageType.ack, address, revision: 3n };

describe('answers about locks', () => {
  it('[RT320] tell over the wire whether the lock is given, to whom, and who has it instead', () => {
    for (const answer of [lockGranted(ack, 'me'), lockDenied(address, 'another')])
      expect(decodeFrame(encodeFrame(answer)).message).toEqual(answer);
    expect(isLockDenied(lockDenied(address, 'another'))).toBe(true);
    for (const done of [ack, lockGranted(ack, 'me'), { ...ack, locked: false }]) expect(isLockDenied(done)).toBe(false);
  });

  it('[CC160] name the holder in the words of the ERROR too', () => {
    expect(tryHolder(formatLocked('another'))).toBe('another');
    for (const words of ['The param is locked.', 'LockHeld { holder: "x" }', ''])
      expect(tryHolder(words)).toBeUndefined();
  });
});
