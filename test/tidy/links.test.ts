import { describe, expect, it } from 'vitest';
import { findDeadLinks, findUnlinkedPages } from './links.ts';

const paths = ['README.md', 'docs/dmx.md', 'docs/patch.png', 'src-main/core'];

function deadIn(text: string, path = 'docs/dmx.md'): string[] {
  const readme = { path: 'README.md', text: '# Flyrail\n\n## What `it` does, and why\n' };
  return findDeadLinks([readme, { path, text }], (each) => paths.includes(each));
}

describe('links between documents', () => {
  it.each([
    '[a file](../README.md)',
    '[a heading](../README.md#what-it-does-and-why)',
    '![a picture](patch.png)',
    '[a folder](../src-main/core)',
    '# Grand master\n\n[here](#grand-master)',
    '[elsewhere](https://example.org/missing.md)',
    'in code: `[x](missing.md)`',
    '```md\n[x](missing.md)\n```',
  ])('[RP34] lets %j pass', (text) => {
    expect(deadIn(text)).toEqual([]);
  });

  it.each([
    ['a missing file', '[x](missing.md)', 'missing.md'],
    ['a missing picture', '![x](missing.png)', 'missing.png'],
    ['a missing heading', '[x](../README.md#why)', '../README.md#why'],
    ['a missing heading of its own', '[x](#why)', '#why'],
    ['a path as from the root', '[x](docs/dmx.md)', 'docs/dmx.md'],
    ['a heading in code', '```sh\n# why\n```\n[x](#why)', '#why'],
  ])('[RP34] finds %s', (_what, text, link) => {
    expect(deadIn(text)).toEqual([`docs/dmx.md: ${link}`]);
  });
});

describe('pages of docs/', () => {
  const readme = { path: 'README.md', text: '[bridges](docs/bridges/README.md)' };
  const bridges = { path: 'docs/bridges/README.md', text: '[osc](osc.md#try-it)' };
  const osc = { path: 'docs/bridges/osc.md', text: '# OSC' };

  it('[RP36] are found by links over others', () => {
    expect(findUnlinkedPages([readme, bridges, osc])).toEqual([]);
  });

  it('[RP36] are told where no way leads to them', () => {
    const midi = { path: 'docs/bridges/midi.md', text: '[osc](osc.md)' };
    expect(findUnlinkedPages([readme, bridges, osc, midi])).toEqual(['docs/bridges/midi.md']);
  });
});
