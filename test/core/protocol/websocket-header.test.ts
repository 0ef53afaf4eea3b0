import { describe, expect, it } from 'vitest';
import {
  putLength,
  putWebsocketHeader,
  shortHeader,
  shortHeaderBytes,
  shortMessageBytesMax,
  websocketHeaderBytes,
} from '../../../src-main/core/protocol/websocket-header.ts';
import { toHex } from './plain-message.ts';

describe('header of a WebSocket message', () => {
  it.each([
    [0, '8200'],
    [125, '827d'],
    [126, '827e007e'],
    [0xffff, '827effff'],
    [0x1_0000, '827f0000000000010000'],
  ])('[RT221] is as RFC 6455 5.2 has it for %i bytes', (size, hex) => {
    const into = new Uint8Array(12);
    putWebsocketHeader(into, 1, size);
    expect(toHex(into)).toBe(`00${hex}`.padEnd(24, '0'));
    expect(websocketHeaderBytes(size)).toBe(hex.length / 2);
  });

  it('[RT221] is one u16 for a short message', () => {
    expect([shortHeader(0), shortHeader(shortMessageBytesMax), shortHeaderBytes]).toEqual([0x8200, 0x827d, 2]);
  });

  it('[RT221] counts in big-endian', () => {
    const into = new Uint8Array(4);
    putLength(into, 0, 0x01020304);
    expect(toHex(into)).toBe('01020304');
  });
});
