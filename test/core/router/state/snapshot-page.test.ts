import { describe, expect, it } from 'vitest';
import { matcherOf, parseAddress } from '../../../../src-main/contract/address.ts';
import { f64, type Value } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import { decodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../../src-main/core/router/limits.ts';
import type { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import type { SnapshotPage } from '../../../../src-main/core/router/state/snapshot-page.ts';
import { ValueTable } from '../../../../src-main/core/router/state/value-table.ts';
import { pattern } from '../router-fixture.ts';

function filled(count: number): { readonly page: SnapshotPage; readonly set: (name: string, value: Value) => void } {
  const table = new ValueTable(routerLimits);
  const set = (name: string, value: Value): void =>
    void table.write({ address: parseAddress(name), value: WireValue.of(value), writer: 'w', at: micros(1) });
  for (let i = 0; i < count; i++) set(`/p/${i}`, f64(i));
  const [page] = table.pages;
  if (!page) throw new Error('There is no page.');
  return { page, set };
}

function valuesOf(frame: SharedFrame): unknown[] {
  const { message } = decodeFrame(frame.bytes);
  if (message.type !== messageType.snapshot) throw new Error('This is no SNAPSHOT.');
  return message.params.map(({ value }) => ('value' in value.value ? value.value.value : null));
}

describe('a page of params', () => {
  it('[RT240] is the same frame for all as long as nothing is written, framed for WebSockets on the same bytes', () => {
    const { page } = filled(3);
    const frame = page.frame();
    expect(page.frame()).toBe(frame);
    expect(frame.bytesFor('websocket').buffer).toBe(frame.bytes.buffer);
    expect(frame.bytesFor('websocket').subarray(-frame.size)).toEqual(frame.bytes);
    expect(page.encoded().bytes.buffer).toBe(frame.bytes.buffer);
  });

  it('[RT240] has what was written since, of any size, and leaves what was handed out as it was', () => {
    const { page, set } = filled(3);
    const first = page.frame();
    set('/p/1', f64(7));
    const second = page.frame();
    set('/p/1', { type: 'string', value: 'long' });
    set('/p/2', f64(8));
    const third = page.frame();
    set('/p/3', f64(9));
    expect([first, second, third, page.frame()].map(valuesOf)).toEqual([
      [0, 1, 2],
      [0, 7, 2],
      [0, 'long', 8],
      [0, 'long', 8, 9],
    ]);
  });

  it('[RT240] remembers which of its params a pattern covers until one comes', () => {
    const { page, set } = filled(3);
    const wanted = (text: string) => ({ pattern: pattern(text), covers: matcherOf(pattern(text)) });
    const one = wanted('/p/1*');
    expect([page.knows(one), page.coveredBy(wanted('/p/**'))]).toEqual([false, 'all']);
    expect(page.coveredBy(one)).toMatchObject([{ address: '/p/1' }]);
    expect(page.knows(one)).toBe(true);
    set('/p/1', f64(2));
    expect(page.knows(one)).toBe(true);
    set('/p/11', f64(2));
    expect(page.knows(one)).toBe(false);
    expect(page.coveredBy(one)).toMatchObject([{ address: '/p/1' }, { address: '/p/11' }]);
    for (const text of ['/a*', '/b*', '/c*', '/d*']) page.coveredBy(wanted(text));
    expect(page.knows(one)).toBe(false);
  });
});
