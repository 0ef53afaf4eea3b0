import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { createTakeOverRule } from '../../../src-main/core/mapping/take-over-rule.ts';
import { TargetOwners } from '../../../src-main/core/mapping/target-owners.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { ValueTable } from '../../../src-main/core/router/state/value-table.ts';

const lamp = parseAddress('/lamp');

function bench() {
  const params = new ValueTable(routerLimits);
  const owners = new TargetOwners();
  const running = new Set(['m1', 'm2']);
  const rule = createTakeOverRule({ params, name: 'mappings', owners, leadsTo: (id) => running.has(id) });
  /** what a mapping sent, of something moved then */
  const sentBy = (mappingId: string | undefined, movedAt: number): void => {
    const value = WireValue.of(f64(0));
    params.write({ address: lamp, value, writer: 'mappings', at: micros(movedAt + 1), movedAt: micros(movedAt) });
    if (mappingId !== undefined) owners.set(lamp, { mappingId, movedAt: micros(movedAt), isKept: true });
  };
  const setBy = (writer: string, at: number): void =>
    void params.write({ address: lamp, value: WireValue.of(f64(0)), writer, at: micros(at) });
  const may = (movedAt: number, more: { isFirst?: boolean; kind?: 'param' | 'stream' | 'event' } = {}): boolean => {
    const { isFirst = false, kind = 'param' } = more;
    return rule({ mappingId: 'm1', movedAt: micros(movedAt), to: { kind, address: lamp }, isFirst });
  };
  return { owners, sentBy, setBy, may };
}

describe('whether a mapping whose source nobody moves may set its target', () => {
  it('[MP42] depends on what was moved last', () => {
    const { sentBy, setBy, may } = bench();
    expect(may(5)).toBe(true);
    sentBy('m2', 4);
    expect(may(5)).toBe(true);
    sentBy('m2', 6);
    expect(may(5)).toBe(false);
    setBy('phone', 4);
    expect([may(5), may(4)]).toEqual([true, false]);
  });

  it.each([
    ['the same mapping', 'm1', true],
    ['a mapping that is gone', 'gone', true],
    ['nobody knows which mapping', undefined, true],
    ['another mapping', 'm2', false],
  ])('[MP42] of the same movement depends on who set it: %s', (_, owner, allowed) => {
    const { sentBy, may } = bench();
    sentBy(owner, 5);
    expect(may(5)).toBe(allowed);
  });

  it('[MP42] of an older movement is refused also to the mapping that set it: it has a newer source', () => {
    const { sentBy, may } = bench();
    sentBy('m1', 6);
    expect(may(5)).toBe(false);
    sentBy('gone', 6);
    expect(may(5)).toBe(true);
  });

  it('[MP42] of an older movement is refused when nobody knows who set the target', () => {
    const { sentBy, may } = bench();
    sentBy(undefined, 6);
    expect(may(5)).toBe(false);
  });

  it('[MP42] counts what the router does not keep, in both directions', () => {
    const { owners, setBy, may } = bench();
    setBy('phone', 3);
    owners.set(lamp, { mappingId: 'm1', movedAt: micros(5), isKept: false });
    expect([4, 5].map((at) => may(at, { kind: 'stream' }))).toEqual([false, true]);
    setBy('phone', 6);
    expect(may(5, { kind: 'stream' })).toBe(false);
    owners.noteOther(lamp, micros(8));
    expect([may(7), may(9)]).toEqual([false, true]);
  });

  it('[MP42] is never so for what fires', () => {
    expect(bench().may(5, { kind: 'event' })).toBe(false);
  });

  it('[MP45] is not so at a start for what the last run has sent, and it is known from then on whose the target is', () => {
    const { owners, sentBy, may } = bench();
    sentBy(undefined, 5);
    expect(may(4, { isFirst: true })).toBe(false);
    expect(owners.of(lamp)).toBeUndefined();
    expect(may(5, { isFirst: true })).toBe(false);
    expect(owners.of(lamp)).toEqual({ mappingId: 'm1', movedAt: 5, isKept: true });
    expect(may(6, { isFirst: true })).toBe(true);
  });

  it('[MP45] is so at a start for a level that only a stream carries', () => {
    expect(bench().may(5, { isFirst: true, kind: 'stream' })).toBe(true);
  });
});
