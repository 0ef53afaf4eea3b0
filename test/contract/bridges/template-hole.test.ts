import { describe, expect, it } from 'vitest';
import { capturesIn, tooManyCaptures, wildcardsIn } from '../../../src-main/contract/bridges/template-hole.ts';

describe('holes of templates', () => {
  it('[HB3] are counted, and so are the wildcards that fill them', () => {
    expect([capturesIn('/a'), capturesIn('/{1}/{value}'), capturesIn('{2}{12}{123}')]).toEqual([0, 1, 12]);
    expect([wildcardsIn('/a'), wildcardsIn('/*/x*y*'), wildcardsIn('/*/**')]).toEqual([0, 3, 2]);
    expect([tooManyCaptures(0), tooManyCaptures(2)]).toEqual([
      'expected no {1}: there is no wildcard',
      'expected {1} to {2}, one for each wildcard',
    ]);
  });
});
