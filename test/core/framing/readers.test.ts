import { describe, expect, it } from 'vitest';
import { DelimiterReader } from '../../../src-main/core/framing/delimiter-reader.ts';
import { FixedReader } from '../../../src-main/core/framing/fixed-reader.ts';
import type { FrameEvents } from '../../../src-main/core/framing/frame-reader.ts';
import { GapReader } from '../../../src-main/core/framing/gap-reader.ts';
import { GrowingBytes } from '../../../src-main/core/framing/growing-bytes.ts';
import {
  headSize,
  lengthHead,
  LengthReader,
  type LengthFraming,
} from '../../../src-main/core/framing/length-reader.ts';
import { SizedReader } from '../../../src-main/core/framing/sized-reader.ts';

function recording(): FrameEvents & { readonly seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    onFrame: (frame) => seen.push(Buffer.from(frame).toString('latin1')) > 0,
    onFault: (why) => seen.push(`!${why}`),
  };
}

describe('readers of messages', () => {
  it('[SL1] take CR, LF and both for a line end, and find nothing between two that meet', () => {
    const events = recording();
    new DelimiterReader(new Uint8Array(), 100, events).read(Buffer.from('a\rb\nc\r\n\n\rd'));
    expect(events.seen).toEqual(['a', 'b', 'c']);
  });

  it('[SL1] keep half a line for what follows, and end what silence ends', () => {
    const [lines, gaps, fixed] = [recording(), recording(), recording()];
    const line = new DelimiterReader(Buffer.from(';'), 100, lines);
    const gap = new GapReader(100, gaps);
    const six = new FixedReader({ sizeBytes: 6, start: new Uint8Array() }, fixed);
    for (const reader of [line, gap, six]) {
      reader.read(Buffer.from('abc'));
      reader.pause();
      reader.pause();
      reader.read(Buffer.from('def;'));
    }
    expect([lines.seen, gaps.seen, fixed.seen]).toEqual([['abcdef'], ['abc'], ['!cut-short']]);
  });

  it('[SL2] find a mark that begins where a line has become too long', () => {
    const events = recording();
    new DelimiterReader(Buffer.from('\r\n'), 4, events).read(Buffer.from('abcd\r\nabcde\r\nab\r\n'));
    expect(events.seen).toEqual(['abcd', '!too-long', 'ab']);
  });

  it('[SL1] write and read a length as it is counted', () => {
    const framing: LengthFraming = {
      by: 'length',
      start: Uint8Array.of(0x7e),
      lengthBytes: 2,
      order: 'little',
      countsItself: true,
      leavesOutBytes: 1,
    };
    expect([headSize(framing), ...lengthHead(framing, 300)]).toEqual([3, 0x7e, (300 + 2 - 1) & 255, 1]);
    const events = recording();
    const reader = new LengthReader(framing, { bytesMax: 300, hasPauses: true }, events);
    reader.read(Buffer.concat([lengthHead(framing, 300), new Uint8Array(300).fill(65)]));
    expect(events.seen.map(({ length }) => length)).toEqual([303]);
  });

  it('[SL3] count noise once until a message is found', () => {
    const events = recording();
    const begun = () => ({ sizeBytes: 2, headBytes: 0 });
    const reader = new SizedReader({ start: Buffer.from('#'), begun, hasPauses: false }, events);
    for (const byte of Buffer.from('noise#ano#b')) reader.read(Uint8Array.of(byte));
    expect(events.seen).toEqual(['!skipped', '#a', '!skipped', '#b']);
  });

  it('[SL2] let go of the memory of a giant', () => {
    const bytes = new GrowingBytes();
    bytes.append(new Uint8Array(1_000_000).fill(1));
    bytes.add(2);
    bytes.drop(999_999);
    expect([bytes.size, ...bytes.view]).toEqual([2, 1, 2]);
    expect(bytes.view.buffer.byteLength).toBeGreaterThan(1_000_000);
    bytes.drop(5);
    expect([bytes.size, bytes.view.buffer.byteLength]).toEqual([0, 1024]);
  });
});
