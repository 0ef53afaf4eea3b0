import { describe, expect, it } from 'vitest';
import type { Target } from '../targets/target.ts';
import { measureCase } from './case-rounds.ts';
import { reportOf } from './report.ts';
import { failuresOf, type ScenarioResult } from './result.ts';

const [ours, peer] = (['flyrail', 'nats'] as const).map((name): Target => ({
  name,
  version: () => '1',
  start: () => expect.unreachable(),
})) as [Target, Target];
const one = { kind: 'mqtt', way: 'out' };

describe('the rounds of a case', () => {
  it('[BN39] leave out who fails, with the reason, and go on with the others', async () => {
    const asked: string[] = [];
    const mended: string[] = [];
    const series = await measureCase({
      one,
      targets: [ours, peer],
      rounds: 3,
      measure: async ({ name }) => {
        asked.push(name);
        if (asked.length === 3) throw new Error('flyrail, mqtt kind: Error: No number came through.\n    at measure');
        return { p50Micros: asked.length };
      },
      onFailure: async ({ name }) => void mended.push(name),
    });
    expect(asked).toEqual(['flyrail', 'nats', 'flyrail', 'nats', 'nats']);
    expect(mended).toEqual(['flyrail']);
    expect(series).toEqual([
      { target: 'flyrail', one, rounds: [], failure: 'flyrail, mqtt kind: No number came through.' },
      { target: 'nats', one, rounds: [{ p50Micros: 2 }, { p50Micros: 4 }, { p50Micros: 5 }] },
    ]);
  });

  it('[BN39] end with the run when it is interrupted', async () => {
    const measured = measureCase({
      one,
      targets: [ours, peer],
      rounds: 2,
      measure: async () => Promise.reject(new Error('load gone')),
      onFailure: async () => Promise.reject(new Error('SIGINT')),
    });
    await expect(measured).rejects.toThrow('SIGINT');
  });

  it('[BN39] stand in the report as failed, beside those that were measured', () => {
    const machine = { cpu: 'Some CPU', cores: 2, memoryGigabytes: 24, system: 'Linux 6', node: 'v24', pinning: '' };
    const result: ScenarioResult = {
      ...{ name: 'bridge-overhead', title: 'Numbers.', shows: ['p50Micros'], measured: '2026-11-23', seconds: 1 },
      series: [
        { target: 'flyrail', one, rounds: [], failure: 'No number came through.' },
        { target: 'nats', one, rounds: [{ p50Micros: 5 }, { p50Micros: 7 }] },
      ],
      missing: [],
    };
    const report = reportOf({ machine: { ...machine, versions: {}, loadBefore: 0 }, scenarios: [result] });
    expect(report).toContain('| mqtt kind, out way | flyrail | failed |');
    expect(report).toContain('| mqtt kind, out way | nats | 6 |');
    expect(report).toContain('2 rounds, 2026-11-23');
    expect(report).toContain('- Failed: mqtt kind, out way, flyrail: No number came through.');
    expect(failuresOf(result)).toEqual(['mqtt kind, out way, flyrail: No number came through.']);
  });
});
