import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { showFormat } from '../../src-main/contract/show.ts';
import { checksumOf, rowsOf, showFromRows } from '../../src-main/platform/show-tables.ts';
import { sampleShow } from '../show-samples.ts';

describe('the tables of a show', () => {
  it('[SF13] give the show back, its empty lists too', () => {
    const show = sampleShow('one', 3);
    expect(showFromRows(rowsOf(show), showFormat)).toEqual(show);
    expect(JSON.stringify(rowsOf(show))).not.toContain('format');
  });

  it('[SF13] have the checksum that docs/show-format.md describes', () => {
    const rows = {
      keys: [
        ['name', '"Gala"'],
        ['id', '"g"'],
      ],
      objects: [
        ['mappings', 1, 'b', '{}'],
        ['mappings', 0, 'c', '{}'],
        ['cues', 10, 'x', '{"é":1}'],
      ],
    } satisfies Parameters<typeof checksumOf>[0] as Parameters<typeof checksumOf>[0];
    const text = 'id\t"g"\nname\t"Gala"\ncues\t10\tx\t{"é":1}\nmappings\t0\tc\t{}\nmappings\t1\tb\t{}\n';
    expect(checksumOf(rows)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  });
});
