import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { frameShapeAt } from '../../../src-main/core/protocol/frame-shape.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import vectors from '../../fixtures/clasp-vectors.json' with { type: 'json' };

const kindOf = (bytes: Uint8Array, at = 0): string => frameShapeAt(bytes, at).kind;

describe('the shape of a frame', () => {
  const good = vectors
    .filter(({ id }) => !/^N|^V68$/.test(id))
    .map(({ id, hex }) => [id, Buffer.from(hex, 'hex')] as const);

  it.each(good)('[TP73] is that of golden vector %s, and at every cut of it that of a beginning', (_, bytes) => {
    expect(frameShapeAt(bytes, 0)).toEqual({ kind: 'frame', sizeBytes: bytes.length });
    expect(frameShapeAt(Buffer.concat([Buffer.of(0), bytes, bytes]), 1)).toEqual({
      kind: 'frame',
      sizeBytes: bytes.length,
    });
    for (let cut = 1; cut < bytes.length; cut++) expect(kindOf(bytes.subarray(0, cut))).toBe('beginning');
  });

  it('[TP73] is not that of noise, of unknown types, of headers that nobody sends, nor of what goes on behind its message', () => {
    const ping = encodeFrame({ type: messageType.ping });
    for (const bytes of [
      [0x00, 0x01, 0x00, 0x01, 0x41],
      [0x53, 0x09, 0x00, 0x01, 0x41],
      [0x53, 0x11, 0x00, 0x01, 0x41],
      [0x53, 0x02, 0x00, 0x01, 0x41],
      [0x53, 0x01, 0x00, 0x01, 0x7f],
      [0x53, 0x01, 0x00, 0x00],
      [0x53, 0x01, 0xff, 0xff, 0x41],
      [0x53, 0x01, 0x00, 0x02, 0x41, 0x00],
      [0x53, 0x01, 0x00, 0x06, 0x22, 0x00, 0x03, 0xff, 0xfe, 0xfd],
    ])
      expect(kindOf(Uint8Array.from(bytes))).toBe('garbage');
    expect(kindOf(ping)).toBe('frame');
  });

  it('[TP73] tells a long frame that noise made up from its first bytes, where they cannot be one', () => {
    const claimed = Uint8Array.of(0x53, 0x01, 0xea, 0x60, 0x22, 0xff, 0xff, 0x41);
    expect(kindOf(claimed)).toBe('garbage');
  });
});
