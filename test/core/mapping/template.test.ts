import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capture, matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { InputError } from '../../../src-main/contract/errors.ts';
import { parseTemplate, wildcardsOf, type Wildcard } from '../../../src-main/core/mapping/template.ts';

const seed = 20261121;
const word = fc.stringMatching(/^[a-z]{1,3}$/);

describe('parseTemplate', () => {
  it('[MP1] fills {n} with what the n-th wildcard caught, in any order and more than once', () => {
    const template = parseTemplate('/x/{2}/ch{1}-{2}', ['*', '*']);
    expect(template.expand(['7', 'red'])).toBe('/x/red/ch7-red');
    expect(parseTemplate('/sacn/1/1', ['*']).expand(['7'])).toBe('/sacn/1/1');
  });

  it('[MP2] spreads ** over as many segments as it caught, and leaves its segment out when that is none', () => {
    const template = parseTemplate('/osc/{1}/end', ['**']);
    expect(template.expand(['a/b/c'])).toBe('/osc/a/b/c/end');
    expect(template.expand([''])).toBe('/osc/end');
  });

  it.each<[string, Wildcard[], string]>([
    ['/a/{1}', [], 'The source has no *, so there is nothing for {1}. Remove it, or put a * into the source.'],
    ['/a/{2}', ['*'], 'The source has one wildcard: use {1}, not {2}.'],
    ['/a/{0}', ['*', '*'], 'The source has 2 wildcards: use {1} to {2}, not {0}.'],
    ['/a/x{1}', ['**'], '{1} stands for several parts, so it stands alone between slashes: /…/{1}.'],
    ['/a/*', ['*'], 'A target names one thing: write {1} for what the first * of the source caught.'],
    ['/a/{1', ['*'], 'A brace is open or empty. Write {1} for what the first * of the source caught.'],
    ['/a/{}', ['*'], 'A brace is open or empty. Write {1} for what the first * of the source caught.'],
    ['a/{1}', ['*'], 'It starts with a slash: /sacn/1/{1}.'],
    ['/a//{1}', ['*'], 'Two slashes meet. Remove one.'],
    ['/a\u0000', ['*'], 'It is not an address. Write it like /sacn/1/{1}.'],
    ['', [], 'It starts with a slash: /sacn/1/{1}.'],
  ])('[MP3] refuses %s with a repair', (text, wildcards, repair) => {
    expect(() => parseTemplate(text, wildcards)).toThrow(
      expect.objectContaining({ code: 'mapping-bad-template', message: repair }),
    );
  });

  it('[MP4] gives no address when what was caught makes none', () => {
    expect(parseTemplate('/a{1}', ['*']).expand(['x'.repeat(1024)])).toBeUndefined();
    expect(parseTemplate('/a/{1}/b', ['*']).expand([''])).toBeUndefined();
    expect(parseTemplate('/{1}', ['**']).expand([''])).toBeUndefined();
  });

  it('[MP5] either refuses a text with mapping-bad-template or makes addresses within its reach, whatever the text', () => {
    const piece = fc.oneof(
      { weight: 12, arbitrary: fc.oneof(word, fc.constantFrom('{1}', '{2}')) },
      fc.constantFrom('{3}', '{', '}', '*', '/', ''),
    );
    const text = fc
      .array(fc.array(piece, { minLength: 1, maxLength: 2 }), { maxLength: 3 })
      .map((parts) => parts.map((part) => `/${part.join('')}`).join(''));
    const source = fc
      .array(fc.constantFrom('ab', '*', '**', 'a*', '*b*'), { minLength: 1, maxLength: 4 })
      .map((parts) => parsePattern(`/${parts.join('/')}`));
    const address = fc
      .array(fc.oneof(word, fc.constant('ab')), { minLength: 1, maxLength: 4 })
      .map((parts) => parseAddress(`/${parts.join('/')}`));
    let made = 0;
    const property = fc.property(source, text, address, (pattern, target, from) => {
      const captures = capture(pattern, from);
      const template = tryParse(target, wildcardsOf(pattern));
      const to = captures && template?.expand(captures);
      if (!to || !template) return;
      made++;
      expect(matches(template.reach, to)).toBe(true);
    });
    fc.assert(property, { seed, numRuns: 20_000 });
    expect(made).toBeGreaterThan(500);
  });
});

describe('wildcardsOf', () => {
  it('[MP6] lists wildcards in the order capture gives what they caught', () => {
    expect(wildcardsOf(parsePattern('/a*b*/**/c/*'))).toEqual(['*', '*', '**', '*']);
    expect(wildcardsOf(parsePattern('/a/b'))).toEqual([]);
  });
});

function tryParse(text: string, wildcards: readonly Wildcard[]): ReturnType<typeof parseTemplate> | undefined {
  try {
    return parseTemplate(text, wildcards);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code: 'mapping-bad-template' });
    return undefined;
  }
}
