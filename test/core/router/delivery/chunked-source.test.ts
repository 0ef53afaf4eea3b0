import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { ChunkedSource, type ChunkedSourceOptions } from '../../../../src-main/core/router/delivery/chunked-source.ts';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';

/** Drains a source of numbers, each as large as it says. */
function drain(items: readonly (number | undefined)[], options: Partial<ChunkedSourceOptions<number>> = {}): Drained {
  const chunks: (readonly number[])[] = [];
  const source = new ChunkedSource<number>({
    items: items.values(),
    sizeOf: (item) => item,
    frameOf: (collected) => {
      chunks.push(collected);
      return new SharedFrame({ type: messageType.ack });
    },
    evenIfEmpty: false,
    bytesMax: 100,
    itemsMax: 8,
    scanPerTurnMax: 10,
    ...options,
  });
  let turns = 0;
  for (let next = source.next(); next !== undefined; next = source.next()) turns++;
  expect(source.next()).toBeUndefined();
  return { chunks, turns };
}
interface Drained {
  readonly chunks: readonly (readonly number[])[];
  readonly turns: number;
}

describe('frames made in parts', () => {
  it('[RT50] hold every item once and in order, within bytes and count; an item too large travels alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }), { maxLength: 200 }),
        (items) => {
          const { chunks } = drain(items);
          expect(chunks.flat()).toEqual(items.filter((item) => item !== undefined));
          for (const chunk of chunks) {
            expect(chunk.length).toBeGreaterThan(0);
            expect(chunk.length).toBeLessThanOrEqual(8);
            if (chunk.length > 1) expect(chunk.reduce((sum, item) => sum + item, 0)).toBeLessThanOrEqual(100);
          }
        },
      ),
      { numRuns: 500, seed: 20_261_121 },
    );
  });

  it('[RT52] are given up for the turn after so many looks in vain', () => {
    const { chunks, turns } = drain([...Array<undefined>(35).fill(undefined), 1]);
    expect([chunks, turns]).toEqual([[[1]], 4]);
  });

  it('[RT50] are one empty frame or none where there are no items', () => {
    expect(drain([]).chunks).toEqual([]);
    expect(drain([undefined], { evenIfEmpty: true }).chunks).toEqual([[]]);
    expect(drain([5], { evenIfEmpty: true }).chunks).toEqual([[5]]);
  });
});
