import { describe, expect, it } from 'vitest';
import {
  capturesIn,
  capturesOf,
  fillJsonTemplate,
  fillTemplate,
  looksLikeJson,
} from '../../src-main/contract/text-template.ts';

describe('templates of foreign messages', () => {
  it('[WJ1] put what a hole stands for where it is, and leave all other braces', () => {
    const holes = { ...capturesOf(['a', 'b']), address: '/x' };
    expect(fillTemplate('{2}{1}{3} {address} {"json": {}} {other}', holes)).toBe('ba /x {"json": {}} {other}');
    expect([capturesIn('{1}/{12}'), capturesIn('{value}')]).toEqual([12, 0]);
  });

  it('[WJ1] keep JSON what is JSON: outside of quotation marks a hole is JSON, inside it is escaped', () => {
    const filled = fillJsonTemplate(
      '{"a\\"{1}": {value}, "b": {address}}',
      { '1': 'x"y', address: '/"' },
      { value: '[1]' },
    );
    expect(JSON.parse(filled)).toEqual({ 'a"x"y': [1], b: '/"' });
    expect([looksLikeJson(' {"a":1}'), looksLikeJson('[{value}]'), looksLikeJson('{value}')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
