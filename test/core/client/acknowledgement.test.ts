import { describe, expect, it } from 'vitest';
import { acknowledgementOf } from '../../../src-main/core/client/acknowledgement.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';

describe('an acknowledgement', () => {
  it('[CC12] is made of ACK and nothing else', () => {
    const ack = { type: messageType.ack, address: '/a', correlationId: 3 };
    expect(acknowledgementOf(ack)).toEqual({ value: { acknowledged: true } });
    const full = { ...ack, revision: 0n, locked: true, holder: 'h' };
    expect(acknowledgementOf(full)?.value).toEqual({ acknowledged: true, revision: 0n, locked: true, holder: 'h' });
    const unlocked = { ...ack, locked: false };
    expect(acknowledgementOf(unlocked)?.value).toEqual({ acknowledged: true, locked: false });
    expect(acknowledgementOf({ ...unlocked, holder: 'h' })).toBe(undefined);
    expect(acknowledgementOf({ type: messageType.result, signals: [] })).toBe(undefined);
    expect(acknowledgementOf({ type: messageType.error, code: 1, message: '' })).toBe(undefined);
  });

  it('[CC14] says when all that is known is that it was sent', () => {
    expect(acknowledgementOf('sent')).toEqual({ value: { acknowledged: false } });
  });
});
