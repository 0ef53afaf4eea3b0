import { describe, expect, it } from 'vitest';
import { simulateSync, type SyncLook, type SyncRun, type SyncScenario } from './simulated-sync.ts';
import { lan, stepsOfBothClocks, syncScenarios, wifi } from './sync-scenarios.ts';

// `node test/bench/clock-accuracy.ts` prints the figures of these very runs.
const clients = 100;
const seconds = 180;

function runsOf(scenario: SyncScenario): SyncRun[] {
  return Array.from({ length: clients }, (_, client) => simulateSync({ ...scenario, seconds }, client + 1));
}

function looksFrom(runs: readonly SyncRun[], second: number): SyncLook[] {
  return runs.flatMap(({ looks }) => looks).filter((look) => look.second >= second && !look.isBlind);
}

/** milliseconds, of the whole and of the best 95 % */
function errors(looks: readonly SyncLook[]): { readonly p95: number; readonly max: number } {
  const sorted = looks.map(({ error }) => Math.abs(error) / 1000).sort((a, b) => a - b);
  return { p95: sorted[Math.floor(0.95 * sorted.length)] ?? NaN, max: sorted.at(-1) ?? NaN };
}

describe('a hundred clients on a simulated network', () => {
  it('[CK40] are within 1 ms on a LAN from the third second on, nearly all within 0.2 ms', () => {
    const { p95, max } = errors(looksFrom(runsOf(lan), 3));
    expect(p95).toBeLessThan(0.2);
    expect(max).toBeLessThan(1);
  });

  it('[CK41] are within 10 ms on Wi-Fi from the third second on, nearly all within 5 ms', () => {
    const { p95, max } = errors(looksFrom(runsOf(wifi), 3));
    expect(p95).toBeLessThan(5);
    expect(max).toBeLessThan(10);
  });

  it.each(syncScenarios)('[CK42] are never further off than they say: $name', (scenario) => {
    const looks = looksFrom(runsOf(scenario), 0);
    expect(looks.length).toBeGreaterThan(clients * seconds);
    expect(looks.filter(({ error, errorBound }) => Math.abs(error) > errorBound + 1)).toEqual([]);
  });

  it('[CK43] find a step of either clock at their next sample, and are back at once', () => {
    const steps = stepsOfBothClocks.map((step) => ({ ...step, atSecond: step.atSecond / 4 }));
    const runs = runsOf({ ...lan, steps });
    expect(runs.map(({ filter }) => filter.counters.stepped)).toEqual(Array<number>(clients).fill(2));
    expect(errors(looksFrom(runs, 3)).max).toBeLessThan(2);
    const blind = runs.map(({ looks }) => looks.filter(({ isBlind }) => isBlind).length / 2);
    expect(Math.max(...blind)).toBeLessThanOrEqual(2 * 30.5);
  });

  it('[CK44] call a LAN good and a radio poor, so that they ask more often there', () => {
    const mean = (runs: readonly SyncRun[]): number =>
      looksFrom(runs, 10).reduce((sum, { quality }) => sum + quality, 0) / looksFrom(runs, 10).length;
    const [wired, radio] = [runsOf(lan), runsOf(wifi)];
    expect(mean(wired)).toBeGreaterThan(0.75);
    expect(mean(radio)).toBeLessThan(0.5);
    const kept = (runs: readonly SyncRun[]): number => runs.reduce((sum, { filter }) => sum + filter.counters.kept, 0);
    expect(kept(radio)).toBeGreaterThan(1.2 * kept(wired));
  });
});
