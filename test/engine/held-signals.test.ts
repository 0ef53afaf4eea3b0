import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { f64, type Signal } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';
import {
  createHeldSignals,
  heldBridgesMax,
  inOrderOfWriting,
  signalsToResume,
} from '../../src-main/engine/held-signals.ts';
import { sampleSacn } from './bridge-samples.ts';

describe('held signals', () => {
  it(`[SU16] are kept of ${heldBridgesMax} bridges, those that closed last`, () => {
    const held = createHeldSignals();
    const keep = (i: number): void => held.keep(sampleSacn(`b${i}`), { signals: [], at: micros(i) });
    for (let i = 0; i < heldBridgesMax; i++) keep(i);
    keep(0);
    keep(heldBridgesMax);
    expect(held.of(sampleSacn('b1'))).toBeUndefined();
    expect(held.of(sampleSacn('b0'))).toEqual({ signals: [], at: 0 });
    expect(held.of(sampleSacn(`b${heldBridgesMax}`))).toBeDefined();
  });

  it('[SU15] stand between params written until then and params written after, each in the order of writing', () => {
    const times: Record<string, number> = { '/a': 30, '/b': 10, '/c': 21, '/d': 20 };
    const writtenAt = (address: string) => (address in times ? micros(times[address] ?? 0) : undefined);
    const params = inOrderOfWriting(['/a', '/b', '/c', '/d', '/e'].map(param), writtenAt);
    const resumed = signalsToResume(params, { signals: [param('/held')], at: micros(20) }, writtenAt);
    expect(resumed.map(({ address }) => address)).toEqual(['/e', '/b', '/d', '/held', '/c', '/a']);
    expect(signalsToResume(params, undefined, writtenAt)).toEqual(params);
  });
});

function param(address: string): Signal {
  return { kind: 'param', address: parseAddress(address), value: f64(1) };
}
