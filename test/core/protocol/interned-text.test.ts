import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { internedText } from '../../../src-main/core/protocol/interned-text.ts';

describe('interned text', () => {
  it('[PR20] is the text, however many others share its place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary-ascii', maxLength: 20 }), { minLength: 50, maxLength: 200 }),
        (texts) => {
          for (const text of texts) expect(interned(text)).toBe(text);
        },
      ),
    );
  });

  it('[PR20] tells texts of one hash apart', () => {
    // With the factor 31, "Aa" and "BB" hash alike.
    expect([interned('Aa'), interned('BB'), interned('Aa')]).toEqual(['Aa', 'BB', 'Aa']);
  });

  it('[PR20] leaves long texts and what is not ASCII to the caller', () => {
    expect(interned('x'.repeat(97))).toBeUndefined();
    expect(interned('é')).toBeUndefined();
    expect(interned('x'.repeat(96))).toHaveLength(96);
    expect(interned('')).toBe('');
  });
});

function interned(text: string): string | undefined {
  const bytes = new TextEncoder().encode(`__${text}__`);
  return internedText(bytes, 2, bytes.length - 4);
}
