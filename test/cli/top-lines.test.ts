import { describe, expect, it } from 'vitest';
import { formatFor } from '../../src-main/cli/top-command.ts';
import { topBlock, topJson, topRowsMax } from '../../src-main/cli/top-lines.ts';
import type { TrafficReport } from '../../src-main/cli/traffic.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';

const head = { router: 'Stage', trouble: undefined };
const at = micros(1_700_000_000_000_000);
const report = (count: number, name = '/a/'): TrafficReport => ({
  messages: 1234,
  rate: 56.78,
  addresses: count,
  rows: Array.from({ length: count }, (_, i) => ({
    address: `${name}${i}`,
    kind: 'stream',
    value: f64(i / 2),
    rate: 123.4 - i,
  })),
});

describe('a block of flyrail top', () => {
  it('[CL73] has a head, titles and one line for each address', () => {
    expect(topBlock(head, report(2), { columns: 80, rows: 10 })).toEqual([
      'Stage  56.8/s  1234 messages  2 addresses',
      '   per s  kind      address   last value',
      '     123  stream    /a/0      0',
      '     122  stream    /a/1      0.5',
    ]);
  });

  it('[CL73] fits its window and shows what a terminal would obey', () => {
    const lines = topBlock({ router: '\u001b[2J', trouble: 'cut\n' }, report(50, '/x\u009b/ἄδω🎭/'), {
      columns: 30,
      rows: 12,
    });
    expect(lines).toHaveLength(12);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(30);
      expect(line).not.toMatch(/\p{Cc}|[\ud800-\udbff](?![\udc00-\udfff])/u);
    }
    expect(topBlock({ router: 'A', trouble: 'cut' }, report(0), { columns: 80, rows: 3 })[0]).toContain(
      'NO SESSION: cut',
    );
  });

  it('[CL73] takes the place of the last one on a terminal only', () => {
    const plain = formatFor(false, { write: () => undefined })(head, report(1), at);
    expect(plain).toMatch(/^Stage .*\n.*last value\n.*\n\n$/);
    const shown = formatFor(false, { write: () => undefined, isTTY: true, columns: 40, rows: 5 })(head, report(9), at);
    expect(shown.startsWith('\u001b[?7l\u001b[HStage')).toBe(true);
    expect(shown.endsWith('\u001b[J\u001b[?7h')).toBe(true);
    expect(shown.split('\n')).toHaveLength(5);
  });

  it('[CL73] is one object with --json, of the busiest addresses', () => {
    const line = formatFor(true, { write: () => undefined, isTTY: true })(head, report(topRowsMax + 1), at);
    expect(line.endsWith('}\n')).toBe(true);
    const { top, ...rest } = JSON.parse(line) as { top: unknown[] };
    expect(rest).toEqual({
      at: '2023-11-14T22:13:20.000Z',
      router: 'Stage',
      connected: true,
      messages: 1234,
      rate: 56.8,
      addresses: topRowsMax + 1,
    });
    expect(top).toHaveLength(topRowsMax);
    expect(top[1]).toEqual({ address: '/a/1', kind: 'stream', rate: 122.4, value: 0.5 });
    expect(topJson({ router: 'A', trouble: 'cut' }, report(0), at)).toBe(
      '{"at":"2023-11-14T22:13:20.000Z","router":"A","connected":false,"messages":1234,"rate":56.8,"addresses":0,"top":[]}',
    );
  });
});
