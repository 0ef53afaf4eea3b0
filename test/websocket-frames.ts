/** A message of a WebSocket as it is read from recorded frames. */
export interface FrameMessage {
  readonly isBinary: boolean;
  readonly data: Buffer;
}

/** The messages in frames that were recorded whole, in hexadecimal; those that end or ping are left out. [RFC 6455 5.2] */
export function messagesInFrames(frames: readonly string[]): FrameMessage[] {
  return frames.flatMap((hex) => {
    const frame = Buffer.from(hex, 'hex');
    const [opcode, length = 0] = frame;
    if (opcode !== 0x81 && opcode !== 0x82) return [];
    const maskAt = (length & 0x7f) === 126 ? 4 : 2;
    const mask = length & 0x80 ? frame.subarray(maskAt, maskAt + 4) : Buffer.alloc(4);
    const data = frame.subarray(length & 0x80 ? maskAt + 4 : maskAt).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
    return [{ isBinary: opcode === 0x82, data: Buffer.from(data) }];
  });
}
