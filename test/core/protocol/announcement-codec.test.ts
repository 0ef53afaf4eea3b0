import { describe, expect, it } from 'vitest';
import { messageType, type AnnouncedSignal } from '../../../src-main/core/protocol/messages.ts';
import { carried, decoded } from './coding.ts';

const bare: AnnouncedSignal = { address: '/a', kind: 'param' };

describe('ANNOUNCE and RESULT', () => {
  it('[PR12] tell an absent text from an empty one', () => {
    const signals: AnnouncedSignal[] = [
      bare,
      { ...bare, datatype: '', access: '' },
      { ...bare, meta: {} },
      { ...bare, meta: { unit: '' } },
    ];
    const announce = { type: messageType.announce, namespace: '/a', signals };
    expect(carried(announce)).toEqual(announce);
  });

  it('[PR12] carry meta in ANNOUNCE only', () => {
    const signals: AnnouncedSignal[] = [{ ...bare, meta: { description: 'x' } }, bare];
    expect(carried({ type: messageType.result, signals })).toEqual({ type: messageType.result, signals: [bare, bare] });
  });

  it('[PR7] refuse a count of signals that are not there', () => {
    expect(() => decoded('61ffff00022f610000')).toThrow(expect.objectContaining({ code: 'bad-length' }));
  });
});
