import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { f64, toJson } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { compileMapping, isCompiled } from '../../../src-main/core/mapping/compile-mapping.ts';
import { TakeOver } from '../../../src-main/core/mapping/take-over.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { ValueTable } from '../../../src-main/core/router/state/value-table.ts';
import { sampleMapping } from '../../show-samples.ts';

function bench(patterns: readonly string[], addresses: readonly string[]) {
  const params = new ValueTable(routerLimits);
  const write = (address: string, value: number): void =>
    void params.write({
      address: parseAddress(address),
      value: WireValue.of(f64(value)),
      writer: 'w',
      at: micros(value),
    });
  addresses.forEach((address, i) => write(address, i));
  const turns: (() => void)[] = [];
  const passed: string[] = [];
  const takeOver = new TakeOver({
    mappings: patterns
      .map((pattern, i) => compileMapping({ ...sampleMapping(i + 1), source: { pattern: parsePattern(pattern) } }))
      .filter(isCompiled),
    params,
    defer: (run) => void turns.push(run),
    pass: ({ mapping }, { address, value }) =>
      passed.push(`${mapping.number} ${address} ${String(toJson(value.value))}`),
  });
  return { takeOver, turns, passed, write, params };
}

describe('a take-over', () => {
  it('[MP46] shows each mapping every param that its source covers, once', () => {
    const { takeOver, passed, turns } = bench(['/a/1', '/a/*', '/**', '/none'], ['/a/1', '/b', '/a/2']);
    takeOver.run();
    expect(passed.toSorted()).toEqual(['1 /a/1 0', '2 /a/1 0', '2 /a/2 2', '3 /a/1 0', '3 /a/2 2', '3 /b 1']);
    expect([turns.length, takeOver.unfinished.length]).toEqual([0, 0]);
  });

  it('[MP46] looks at 1000 and passes 64 in a turn, the newest first, and gives what is there by then', () => {
    const addresses = Array.from({ length: 2500 }, (_, i) => `/${i < 100 ? 'few' : 'many'}/${i}`);
    const { takeOver, passed, turns, write, params } = bench(['/few/*'], addresses);
    takeOver.run();
    turns.shift()?.();
    turns.shift()?.();
    expect([passed.length, passed[0], takeOver.unfinished.length]).toEqual([64, '1 /few/99 99', 1]);
    write('/few/0', 7);
    params.write({
      address: parseAddress('/few/1'),
      value: WireValue.of(f64(0)),
      writer: 'w',
      at: micros(1),
      isOwn: true,
    });
    params.forgetOwn();
    let count = 0;
    for (let run = turns.shift(); run; run = turns.shift(), count++) run();
    expect([passed.length, passed.at(-1), count]).toEqual([99, '1 /few/0 7', 1]);
  });

  it('[MP46] keeps one place for each param, however many wildcards cover it, and passes 64 in a turn also then', () => {
    const addresses = Array.from({ length: 300 }, (_, i) => `/in/${i}`);
    const { takeOver, passed, turns } = bench(
      Array.from({ length: 100 }, () => '/in/*'),
      addresses,
    );
    takeOver.run();
    expect(passed).toHaveLength(64);
    let most = 0;
    for (let run = turns.shift(); run; run = turns.shift()) {
      const before = passed.length;
      run();
      most = Math.max(most, passed.length - before);
    }
    expect([passed.length, most]).toEqual([30_000, 64]);
    expect([passed[0], passed.at(-1)]).toEqual(['1 /in/299 299', '100 /in/0 0']);
  });

  it('[MP46] ends when it is called off', () => {
    const { takeOver, passed, turns } = bench(
      ['/**'],
      Array.from({ length: 200 }, (_, i) => `/${i}`),
    );
    takeOver.run();
    takeOver.cancel();
    for (let run = turns.shift(); run; run = turns.shift()) run();
    expect(passed).toHaveLength(64);
  });
});
