import { describe, expect, it } from 'vitest';
import { InputError } from '../../src-main/contract/errors.ts';
import {
  formatScope,
  includes,
  parseScope,
  parseScopes,
  scopeContains,
  scopesMax,
} from '../../src-main/contract/scope.ts';

describe('scopes', () => {
  it.each([
    ['read:/a', 'read:/a'],
    ['r:/a/*', 'read:/a/*'],
    ['write:/a/**', 'write:/a/**'],
    ['w:/a', 'write:/a'],
    ['admin:/**', 'admin:/**'],
    ['a:/**', 'admin:/**'],
    ['*:/**', 'admin:/**'],
    ['read:/a:b', 'read:/a:b'],
  ])('[AD16] reads %s as %s', (text, expected) => {
    expect(formatScope(parseScope(text))).toBe(expected);
  });

  it.each([
    ['', /read, write or admin/],
    ['/a/**', /read, write or admin/],
    ['own:/a', /read, write or admin/],
    ['toString:/a', /read, write or admin/],
    ['__proto__:/a', /read, write or admin/],
    ['READ:/a', /read, write or admin/],
    ['read:', /empty/],
    ['read:a', /starts with a slash/],
    ['read:/a/***', /stars stand alone/],
  ])('[AD16] refuses %j', (text, expected) => {
    expect(() => parseScope(text)).toThrow(InputError);
    expect(() => parseScope(text)).toThrow(expected);
  });

  it('[AD16] reads a list, and no longer one than 64', () => {
    expect(parseScopes('read:/a, w:/b/**').map(formatScope)).toEqual(['read:/a', 'write:/b/**']);
    const many = Array.from({ length: scopesMax }, (_, i) => `r:/${i}`);
    expect(parseScopes(many.join())).toHaveLength(scopesMax);
    expect(() => parseScopes([...many, 'r:/more'].join())).toThrow(/At most 64 scopes/);
    expect(() => parseScopes('')).toThrow(InputError);
    expect(() => parseScopes('read:/a,')).toThrow(InputError);
  });

  it('[AD17] admin includes write, write includes read, and none includes more', () => {
    expect(includes('admin', 'read') && includes('admin', 'write') && includes('write', 'read')).toBe(true);
    expect(includes('read', 'write') || includes('write', 'admin') || includes('read', 'admin')).toBe(false);
    expect(includes('read', 'read')).toBe(true);
  });

  it.each([
    ['write:/a/**', 'read:/a/*', true],
    ['read:/a/**', 'write:/a/*', false],
    ['read:/a/*', 'read:/a/**', false],
    ['admin:/**', 'write:/x', true],
  ])('[AD17] %s contains %s: %s', (outer, inner, expected) => {
    expect(scopeContains(parseScope(outer), parseScope(inner))).toBe(expected);
  });
});
