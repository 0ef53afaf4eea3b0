import { decodeMessage } from '@clasp-to/core';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type AnnouncedSignal } from '../../../src-main/core/protocol/messages.ts';
import { carried, decoded, encoded } from './coding.ts';

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

describe('a strategy in ANNOUNCE', () => {
  const signals: AnnouncedSignal[] = [
    { ...bare, meta: { unit: 'dB', strategy: 'max' } },
    bare,
    { ...bare, address: '/b', meta: { strategy: 'lww' } },
  ];
  const announce = { type: messageType.announce, namespace: '/a', signals } as const;

  it('[RT150] comes back from the wire, and stands behind the body, where the official codec reads past it', () => {
    expect(carried(announce)).toEqual(announce);
    expect(encoded(announce)).toMatch(/0002000001000200$/);
    const { message } = decodeMessage(encodeFrame(announce));
    expect(message).toMatchObject({
      signals: [{ address: '/a', meta: { unit: 'dB' } }, { address: '/a' }, { address: '/b' }],
    });
  });

  it('[RT150] is none when what stands there is no whole list of known ones', () => {
    const body = encoded({ ...announce, signals: [bare] });
    for (const behind of ['0001', '000100', '00010000', '0001000005', '0001000101', '0002000001', 'ff'])
      expect(decoded(body + behind)).toEqual({ ...announce, signals: [bare] });
    expect(decoded(`${body}0001000001`)).toEqual({ ...announce, signals: [{ ...bare, meta: { strategy: 'max' } }] });
  });
});
