import { describe, expect, it } from 'vitest';
import { sameShowRef, showNameKey, showNameProblem, showRefText } from '../../src-main/contract/show-ref.ts';

describe('the name of a show', () => {
  it.each(['Gala', 'Gala 2026', 'été à la ferme', '舞台', 'a.b', 'x'.repeat(120), 'console', 'com10'])(
    '[SF5] takes %s',
    (name) => {
      expect(showNameProblem(name)).toBeUndefined();
    },
  );

  it.each([
    '',
    '.',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'c:',
    'what?',
    'a*',
    'tab\t',
    'nul\0',
    ' lead',
    'trail ',
    'dot.',
    'CON',
    'con.x',
    'Lpt1',
    'x'.repeat(121),
    '舞'.repeat(70),
    '\ud800',
  ])('[SF5] refuses %j with a sentence', (name) => {
    expect(showNameProblem(name)).toMatch(/\.$/);
  });

  it('[SF5] says of a name that has few characters and many bytes how many must go', () => {
    expect(showNameProblem('Ω'.repeat(100))).toBeUndefined();
    expect(showNameProblem('Ω'.repeat(120))).toBe(
      'The name is too long for a file: characters beyond A to Z take more room. Take 20 away.',
    );
    expect(showNameProblem('x'.repeat(121))).toBe('The name is too long: at most 120 characters.');
  });

  it('[SF4] has one key for spellings that some file systems cannot tell apart', () => {
    expect(showNameKey('GALA')).toBe(showNameKey('gala'));
    expect(showNameKey('e\u0301te\u0301')).toBe(showNameKey('\u00e9t\u00e9'));
    expect(showNameKey('gala')).not.toBe(showNameKey('gala2'));
  });

  it('[SF4] compares names by key and paths by letter', () => {
    expect(sameShowRef({ name: 'Gala' }, { name: 'gala' })).toBe(true);
    expect(sameShowRef({ path: '/Gala.flyrail' }, { path: '/gala.flyrail' })).toBe(false);
    expect(sameShowRef({ name: 'gala' }, { path: 'gala' })).toBe(false);
    expect(sameShowRef({ path: 'gala' }, { name: 'gala' })).toBe(false);
    expect([showRefText({ name: 'gala' }), showRefText({ path: '/g.flyrail' })]).toEqual(['gala', '/g.flyrail']);
  });
});
