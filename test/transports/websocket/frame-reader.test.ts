import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../../src-main/transports/websocket/frame-reader.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';

const frameBytesMax = 65_547;
const [binary, text, close, ping, pong] = [0x82, 0x81, 0x88, 0x89, 0x8a];

/** A masked frame as a client sends it. [RFC 6455 5.2] */
function framed(kind: number, payload: Uint8Array, mask = [1, 2, 3, 4]): Buffer {
  const size = payload.length;
  const length = size < 126 ? [0x80 | size] : [0x80 | 126, size >> 8, size & 0xff];
  const masked = payload.map((byte, index) => byte ^ (mask[index & 3] ?? 0));
  return Buffer.concat([Uint8Array.from([kind, ...length, ...mask]), masked]);
}

interface Heard {
  readonly frames: string[];
  readonly heartbeats: string[];
  readonly other: string[];
}

/** Feeds bytes in pieces that end where told. */
function read(bytes: Buffer, ends: readonly number[] = []): Heard {
  const heard: Heard = { frames: [], heartbeats: [], other: [] };
  const reader = new FrameReader({
    frameBytesMax,
    onFrame: (frame) => heard.frames.push(Buffer.from(bytesOfFrame(frame)).toString('hex')),
    onHeartbeat: (heartbeat) => heard.heartbeats.push(heartbeat.toString('hex')),
    onOther: (rest) => heard.other.push(rest.toString('hex')),
  });
  let from = 0;
  for (const end of [...ends.toSorted((a, b) => a - b), bytes.length]) {
    // A copy: chunks belong to the reader.
    reader.read(Buffer.from(bytes.subarray(from, end)));
    from = end;
  }
  return heard;
}

describe('the frame reader', () => {
  it('[TP1] reads frames of every size, whatever the mask and wherever chunks end', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 });
    const masks = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(payloads, masks, fc.array(fc.nat(2000), { maxLength: 12 }), (sent, mask, cuts) => {
        const bytes = Buffer.concat(sent.map((payload) => framed(binary, payload, mask)));
        const ends = cuts.map((cut) => cut % (bytes.length + 1));
        expect(read(bytes, ends).frames).toEqual(sent.map((payload) => Buffer.from(payload).toString('hex')));
      }),
    );
    const large = Uint8Array.from({ length: 65_535 }, (_, i) => i % 251);
    expect(read(framed(binary, large), [1, 5, 9, 4000]).frames).toEqual([Buffer.from(large).toString('hex')]);
    const everyByte = Buffer.concat([framed(binary, Uint8Array.of(1, 2, 3)), framed(binary, Uint8Array.of(4))]);
    expect(read(everyByte, [...everyByte.keys()]).frames).toEqual(['010203', '04']);
  });

  it('[RT443] holds of a frame that comes slowly little more than has come of it', () => {
    const heard: string[] = [];
    const reader = new FrameReader({
      frameBytesMax,
      onFrame: (frame) => heard.push(Buffer.from(bytesOfFrame(frame)).toString('hex')),
      onHeartbeat: () => undefined,
      onOther: () => undefined,
    });
    /** What the reader still holds of these goes wrong. */
    const spoil = (chunks: readonly Buffer[]): void => chunks.forEach((chunk) => chunk.fill(0));
    const whole = framed(binary, new Uint8Array(1000).fill(7));
    const many = Buffer.concat([
      ...Array.from({ length: 20 }, () => framed(binary, Uint8Array.of(1))),
      whole.subarray(0, 60),
    ]);
    reader.read(many);
    spoil([many]);
    const crumbs = [...whole.subarray(60)].map((byte) => Buffer.of(byte));
    for (const crumb of crumbs.slice(0, -64)) reader.read(crumb);
    spoil(crumbs.slice(0, -128));
    for (const crumb of crumbs.slice(-64)) reader.read(crumb);
    expect(heard.slice(20)).toEqual(['07'.repeat(1000)]);
  });

  it('[TP16] hands heartbeats on as they came, between frames', () => {
    const beats = [framed(ping, Uint8Array.of(7)), framed(pong, new Uint8Array(125))];
    const bytes = Buffer.concat([beats[0]!, framed(binary, Uint8Array.of(9)), beats[1]!]);
    for (const ends of [[], [1], [...bytes.keys()]]) {
      const { frames, heartbeats, other } = read(bytes, ends);
      expect(frames).toEqual(['09']);
      expect(heartbeats).toEqual(beats.map((beat) => beat.toString('hex')));
      expect(other).toEqual([]);
    }
  });

  const others: Record<string, Buffer> = {
    'a text': framed(text, Uint8Array.of(65)),
    'a fragment': framed(0x02, Uint8Array.of(1)),
    'a continuation': framed(0x80, Uint8Array.of(1)),
    'a close': framed(close, Uint8Array.of(3, 232)),
    'a reserved bit': framed(0xc2, Uint8Array.of(1)),
    'a reserved kind': framed(0x83, Uint8Array.of(1)),
    'a frame without a mask': Buffer.from([binary, 1, 0]),
    'an empty frame without a mask': Buffer.from([binary, 0]),
    'a size in eight bytes': Buffer.from([binary, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    'a ping too long': Buffer.from([ping, 0x80 | 126, 0, 200]),
    'a ping without a mask': Buffer.from([ping, 0]),
  };
  it.each(Object.entries(others))('[TP14] lets go at %s, and leaves all from there on to the library', (_, odd) => {
    const bytes = Buffer.concat([framed(binary, Uint8Array.of(1)), odd, framed(binary, Uint8Array.of(2))]);
    const rest = bytes.subarray(7).toString('hex');
    expect(read(bytes)).toEqual({ frames: ['01'], heartbeats: [], other: [rest] });
    // Nothing more is read once it has let go; what came before the two bytes that tell is not lost.
    const cut = read(bytes, [8]);
    expect(cut.frames).toEqual(['01']);
    expect(cut.other).toEqual([rest]);
  });

  it('[TP15] lets go at a frame larger than may be, before it has come', () => {
    const heard: string[] = [];
    const reader = new FrameReader({
      frameBytesMax: 200,
      onFrame: () => heard.push('frame'),
      onHeartbeat: () => heard.push('heartbeat'),
      onOther: () => heard.push('other'),
    });
    reader.read(Buffer.from([binary, 0x80 | 126, 0, 201, 1, 2, 3, 4]));
    reader.read(framed(binary, Uint8Array.of(1)));
    expect(heard).toEqual(['other']);
  });
});
