import { describe, expect, it } from 'vitest';
import { parseShow } from '../../src-main/contract/parse-show.ts';
import { emptyShow, type Bridge, type ShowDocument } from '../../src-main/contract/show.ts';
import { refuseBadPrefixes } from '../../src-main/engine/refuse-bad-prefixes.ts';
import { sampleOsc } from './bridge-samples.ts';

const show = (...bridges: Bridge[]): ShowDocument => ({ ...emptyShow('gala', 'Gala'), bridges });

describe('the prefix of a bridge', () => {
  it.each([
    ['no', 'Desk cannot have the prefix no. It starts with a slash: /desk/fader/1. Nothing was changed.'],
    ['/a/*', 'Desk cannot have the prefix /a/*. An address names one thing: remove the *. Nothing was changed.'],
    ['/', 'Desk cannot have the prefix /. Name something after the slash: /desk/fader/1. Nothing was changed.'],
    ['/x/', 'Desk cannot have the prefix /x/. Remove the slash at the end. Nothing was changed.'],
    ['/x//y', 'Desk cannot have the prefix /x//y. Two slashes meet. Remove one. Nothing was changed.'],
  ])('[SU36] is refused in an edit when it is %s', (prefix, sentence) => {
    const bad = { ...sampleOsc('d', { prefix }), name: 'Desk' };
    const error = { code: 'bad-address', message: sentence };
    expect(() => refuseBadPrefixes(show(), show(bad))).toThrow(expect.objectContaining(error) as Error);
    expect(() => refuseBadPrefixes(show(sampleOsc('d')), show(bad))).toThrow(expect.objectContaining(error) as Error);
  });

  it.each([`/${'x'.repeat(1022)}`, '/x'.repeat(64)])('[SU36] leaves room for what is under it', (prefix) => {
    expect(() => refuseBadPrefixes(show(), show(sampleOsc('d', { prefix })))).toThrow('cannot have the prefix /x');
  });

  it('[SU36] of an older show opens, and hinders no edit but one that makes another bad one', () => {
    const old = sampleOsc('d', { prefix: '/x/' });
    const before = parseShow(show(old));
    expect(() => refuseBadPrefixes(before, show({ ...old, enabled: false }, sampleOsc('e')))).not.toThrow();
    expect(() => refuseBadPrefixes(before, show(sampleOsc('d', { prefix: '/x' })))).not.toThrow();
    expect(() => refuseBadPrefixes(before, show(sampleOsc('d', { prefix: '/y/' })))).toThrow('/y/');
  });
});
