import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { ProSplitter, silentMax } from '../../../src-main/bridges/dmx-usb/pro-splitter.ts';

interface Message {
  readonly label: number;
  readonly data: number[];
}

/** Written out, not with the codec that is tested. */
function bytesOf({ label, data }: Message): number[] {
  return [0x7e, label, data.length & 0xff, data.length >> 8, ...data, 0xe7];
}

function collect() {
  const messages: Message[] = [];
  const counts = { skipped: 0 };
  const splitter = new ProSplitter({
    onMessage: ({ label, data }) => messages.push({ label, data: [...data] }),
    onSkipped: (bytes) => (counts.skipped += bytes),
  });
  return { messages, counts, splitter };
}

const byte = fc.integer({ min: 0, max: 255 });
const message = fc.record({ label: byte, data: fc.array(byte, { maxLength: 600, size: 'large' }) });
/** without the byte that messages begin with */
const noise = fc.array(
  byte.filter((value) => value !== 0x7e),
  { maxLength: 40 },
);

describe('messages of a USB Pro in what comes from it', () => {
  it('[DU4] are all found in their order, wherever chunks end and whatever noise is between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, message), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 700 })),
        (parts, cuts) => {
          const { messages, counts, splitter } = collect();
          let rest = parts.flatMap(([junk, each]) => [...junk, ...bytesOf(each)]);
          for (const cut of cuts) {
            splitter.read(Uint8Array.from(rest.slice(0, cut)), micros(0));
            rest = rest.slice(cut);
          }
          splitter.read(Uint8Array.from(rest), micros(0));
          expect(messages).toEqual(parts.map(([, each]) => each));
          expect(counts.skipped).toBe(parts.reduce((sum, [junk]) => sum + junk.length, 0));
          expect(splitter.waitingBytes).toBe(0);
        },
      ),
    );
  });

  it('[DU4] never throw, never wait for more than one message, and account for every byte, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        const { messages, counts, splitter } = collect();
        for (const chunk of chunks) splitter.read(chunk, micros(0));
        const inMessages = messages.reduce((sum, { data }) => sum + data.length + 5, 0);
        expect(inMessages + counts.skipped + splitter.waitingBytes).toBe(
          chunks.reduce((sum, { length }) => sum + length, 0),
        );
        expect(splitter.waitingBytes).toBeLessThanOrEqual(605);
      }),
    );
  });

  it('[DU4] are found again behind one that lost bytes', () => {
    const { messages, splitter } = collect();
    const cut = bytesOf({ label: 5, data: Array.from({ length: 514 }, () => 1) });
    cut.splice(100, 30);
    const whole: Message = { label: 5, data: Array.from({ length: 514 }, () => 2) };
    splitter.read(Uint8Array.from([...cut, ...bytesOf(whole), ...bytesOf(whole)]), micros(0));
    expect(messages).toEqual([whole, whole]);
  });

  it('[DU4] are not waited for when the rest does not come, and those inside what waited are found', () => {
    const { messages, counts, splitter } = collect();
    const inside: Message = { label: 10, data: [1, 2, 3, 4] };
    // A beginning that claims 600 bytes, and an answer behind it.
    splitter.read(Uint8Array.from([0x7e, 5, 0x58, 0x02, ...bytesOf(inside)]), micros(0));
    expect(messages).toEqual([]);
    splitter.read(Uint8Array.from(bytesOf(inside)), micros(silentMax * 1000 + 1));
    expect(messages).toEqual([inside, inside]);
    expect(counts.skipped).toBe(4);
  });
});
