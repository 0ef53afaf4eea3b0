import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bridgeSchema } from '../../../src-main/contract/bridges/bridge.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { parseShow } from '../../../src-main/contract/parse-show.ts';

interface Block {
  readonly kind?: string;
  readonly settings?: object;
}

const folder = new URL('../../../docs/bridges/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');

/** What of a page is the block of a bridge, fenced or indented. */
function blocksOf(page: string): Block[] {
  const text = readFileSync(new URL(page, folder), 'utf8');
  const fenced = [...text.matchAll(/^```json\n([^]*?)^```/gm)].map(([, json]) => json ?? '');
  const indented = [...text.matchAll(/(?:^ {4}.*\n(?:\n(?= {4}))?)+/gm)].map(([all]) => all.replaceAll(/^ {4}/gm, ''));
  return [...fenced, ...indented].flatMap((json) => {
    try {
      const block = JSON.parse(json) as Block;
      return block.kind === undefined ? [] : [block];
    } catch {
      return [];
    }
  });
}

describe('the pages of the kinds of bridges', () => {
  it('[BF23] are there for every kind but links, which docs/show-format.md has', () => {
    const kinds = bridgeSchema.options.map((option) => option.shape.kind.value).filter((kind) => kind !== 'clasp');
    expect(pages.map((page) => page.replace('.md', '')).toSorted()).toEqual(kinds.toSorted());
  });

  it.each(pages)('[BF23] have blocks that a show takes as they stand, of their kind: %s', (page) => {
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      expect(block.kind).toBe(page.replace('.md', ''));
      expect(parseShow({ ...emptyShow('docs', 'Docs'), bridges: [block] }).bridges).toHaveLength(1);
    }
  });

  it.each(pages)('[BF23] name every setting of their kind: %s', (page) => {
    const text = readFileSync(new URL(page, folder), 'utf8');
    const option = bridgeSchema.options.find(({ shape }) => `${shape.kind.value}.md` === page);
    const names = Object.keys(option?.shape.settings.shape ?? {});
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});
