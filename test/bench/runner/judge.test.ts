import { describe, expect, it } from 'vitest';
import { goals, type Goal } from '../goals.ts';
import { scenarioNamed, scenarios } from '../scenarios/catalogue.ts';
import { mergeResults } from './bench-record.ts';
import { parseBenchFlags } from './bench-flags.ts';
import { judge } from './judge.ts';
import type { Machine } from './machine.ts';
import { reportOf } from './report.ts';
import { isSameCase, type ScenarioResult } from './result.ts';

const goal: Goal = {
  sentence: 'deliveries',
  scenario: 'fan-out',
  one: { subscribers: 100 },
  figure: 'deliveriesPerCpuSecond',
  ours: 'flyrail',
  theirs: 'nats',
  atLeast: 2,
};

function resultWith(ours: readonly number[], theirs: readonly number[]): ScenarioResult {
  const series = (target: 'flyrail' | 'nats', figures: readonly number[]) => ({
    target,
    one: { subscribers: 100 },
    rounds: figures.map((deliveriesPerCpuSecond) => ({ deliveriesPerCpuSecond })),
  });
  return {
    name: 'fan-out',
    title: 'All get all.',
    shows: ['deliveriesPerCpuSecond'],
    measured: '2026-11-22',
    seconds: 3,
    series: [series('flyrail', ours), series('nats', theirs)].filter(({ rounds }) => rounds.length > 0),
    missing: [],
  };
}

describe('the bench', () => {
  it('[BN3] sets each goal beside what was measured, and says so when a peer is missing', () => {
    expect(judge(goal, [resultWith([300, 100, 200], [100, 50, 110])])).toMatchObject({ ratio: 2, verdict: 'pass' });
    expect(judge(goal, [resultWith([300, 99, 200], [150, 50, 110])])).toMatchObject({ verdict: 'missed' });
    expect(judge({ ...goal, atMost: 1.5 }, [resultWith([300], [100])])).toMatchObject({ verdict: 'missed' });
    expect(judge(goal, [resultWith([300], [])])).toMatchObject({ ratio: undefined, verdict: 'missing' });
    expect(judge(goal, [])).toMatchObject({ verdict: 'missing' });
  });

  it('[BN4] has goals only for figures that its scenarios measure for both sides', () => {
    for (const { scenario, one, ours, theirs } of goals) {
      const { cases, targets, leavesOut } = scenarioNamed(scenario);
      expect(cases.some((each) => isSameCase(each, one))).toBe(true);
      for (const target of theirs === undefined ? [ours] : [ours, theirs]) {
        expect(targets).toContain(target);
        expect(leavesOut?.(target, one) ?? false).toBe(false);
      }
    }
  });

  it('[BN5] keeps what an earlier run measured of other scenarios', () => {
    const [older, newer] = [resultWith([1], [1]), resultWith([2], [1])];
    const soak = { ...older, name: 'soak' };
    expect(mergeResults([soak, older], [newer])).toEqual([newer, soak]);
  });

  it('[BN6] runs what is named, and writes into docs/ only what was measured in full', () => {
    const all = parseBenchFlags([]);
    expect(all).toMatchObject({ rounds: 5, isQuick: false, saves: true });
    expect(all.scenarios.map(({ name }) => name)).not.toContain('soak');
    expect(all.scenarios.length).toBe(scenarios.length - 1);
    expect(parseBenchFlags(['quick'])).toMatchObject({ rounds: 1, isQuick: true, saves: false });
    expect(parseBenchFlags(['soak'])).toMatchObject({ scenarios: [scenarioNamed('soak')], saves: false });
    expect(parseBenchFlags(['soak', '--save', '--rounds', '2'])).toMatchObject({ rounds: 2, saves: true });
    expect(() => parseBenchFlags(['fanout'])).toThrow('There is no scenario "fanout"');
    expect(() => parseBenchFlags(['--rounds', '0'])).toThrow('expected a number from 1 to 99');
    expect(() => parseBenchFlags(['quick', '--save'])).toThrow('too short to be kept');
  });

  it('[BN40] runs the cases that are named by their words, and keeps none of that', () => {
    expect(parseBenchFlags(['--only', 'mqtt,out'])).toMatchObject({
      scenarios: [scenarioNamed('bridge-overhead')],
      only: ['mqtt', 'out'],
      saves: false,
    });
    expect(() => parseBenchFlags(['bridge-overhead', '--only', 'mqtt', '--save'])).toThrow('not to be kept');
    expect(() => parseBenchFlags(['--only', 'mqtt,aside'])).toThrow('expected words of a case');
  });

  it('[BN7] reports machine, goals and medians in one table each', () => {
    const machine: Machine = {
      cpu: 'Some CPU',
      cores: 2,
      memoryGigabytes: 24,
      system: 'Linux 6',
      node: 'v24',
      pinning: 'server on core 1, load on core 0',
      versions: { nats: '2.9.10' },
      loadBefore: 0.1,
    };
    const report = reportOf({
      machine,
      scenarios: [resultWith([300_000, 100_000, 200_000], [100_000, 50_000, 110_000])],
    });
    expect(report).toContain('Some CPU, 2 cores, 24 GB');
    expect(report).toContain('| fan-out 100: deliveries per CPU-second, against nats | ≥ 2 | 2 | pass |');
    expect(report).toContain('| 100 subscribers | flyrail | 200,000 |');
    expect(report).toContain('3 rounds, 2026-11-22');
  });
});
