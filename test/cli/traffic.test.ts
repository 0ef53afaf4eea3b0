import { describe, expect, it } from 'vitest';
import { countedMax, Traffic } from '../../src-main/cli/traffic.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import type { Received } from '../../src-main/core/client/received.ts';
import { address } from '../core/client/addresses.ts';

const heard = (name: string, value: number, isSnapshot = false): Received => ({
  signal: { kind: 'param', address: address(name), value: f64(value) },
  isSnapshot,
});

describe('traffic', () => {
  it('[CL72] is told fastest first, then by address, with rates since the last report and last values', () => {
    const traffic = new Traffic();
    traffic.heard(heard('/slow', 1));
    for (let i = 0; i < 10; i++) traffic.heard(heard('/fast', i));
    traffic.heard(heard('/rest', 5, true));
    traffic.heard(heard('/also', 6, true));
    const report = traffic.report(2);
    expect(report).toMatchObject({ messages: 11, rate: 5.5, addresses: 4 });
    expect(report.rows).toEqual([
      { address: '/fast', kind: 'param', value: f64(9), rate: 5 },
      { address: '/slow', kind: 'param', value: f64(1), rate: 0.5 },
      { address: '/also', kind: 'param', value: f64(6), rate: 0 },
      { address: '/rest', kind: 'param', value: f64(5), rate: 0 },
    ]);
    traffic.heard(heard('/rest', 7));
    const next = traffic.report(1);
    expect(next).toMatchObject({ messages: 12, rate: 1, addresses: 4 });
    expect(next.rows.map(({ address: name, rate }) => [name, rate])).toEqual([
      ['/rest', 1],
      ['/also', 0],
      ['/fast', 0],
      ['/slow', 0],
    ]);
  });

  it('[CL72] is kept for a bounded number of addresses; the one unheard for longest goes', () => {
    const traffic = new Traffic();
    for (let i = 0; i < countedMax; i++) traffic.heard(heard(`/a/${i}`, i));
    traffic.heard(heard('/a/0', 1));
    traffic.heard(heard('/new', 1));
    const { addresses, messages, rows } = traffic.report(1);
    expect({ addresses, messages }).toEqual({ addresses: countedMax, messages: countedMax + 2 });
    const names = new Set(rows.map((row) => row.address));
    expect([names.has('/a/0'), names.has('/a/1'), names.has('/new')]).toEqual([true, false, true]);
  });
});
