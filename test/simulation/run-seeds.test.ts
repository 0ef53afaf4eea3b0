import { describe, expect, it } from 'vitest';
import { makeScenario } from './make-scenario.ts';
import { runSeeds, type SeedRun } from './run-seeds.ts';
import { shrink } from './shrink.ts';
import type { Outcome } from './simulate.ts';

const sound: Outcome = { hash: '', observed: {}, faults: [] };
const broken: Outcome = { ...sound, faults: [{ invariant: 'locks hold', text: 'it broke', atMs: 12 }] };
const run: SeedRun = { from: 5, seeds: 3, kinds: ['simulation'], framesPerSeed: 1, isTraced: false };

describe('a run over many seeds', () => {
  it('[SI3] says of a seed that fails how it is run again, and which steps the fault needs', async () => {
    const lines: string[] = [];
    const needed = makeScenario(6).steps.at(10);
    const play = (scenario: ReturnType<typeof makeScenario>): Promise<Outcome> =>
      Promise.resolve(scenario.seed === 6 && scenario.steps.some(({ seed }) => seed === needed?.seed) ? broken : sound);
    const failed = await runSeeds(run, { print: (line) => lines.push(line), nowMs: () => 0, play });
    expect(failed).toBe(1);
    expect(lines[0]).toContain('npm run simulate -- --only simulation --from 6 --seeds 1 --trace');
    expect(lines.slice(1, 4)).toEqual([
      '  locks hold, at 12.00 ms: it broke',
      `  the fault needs 1 of ${makeScenario(6).steps.length} steps:`,
      `    ${needed?.atMs} ms: actor ${needed?.who}: ${needed?.does}`,
    ]);
    expect(lines.at(-1)).toBe('3 seeds from 5 (simulation): 1 failed, 0.0 s');
  });

  it('[SI3] is quiet about seeds that hold, and fuzzes sessions too', async () => {
    const lines: string[] = [];
    const both: SeedRun = { ...run, seeds: 1, kinds: ['simulation', 'fuzz'] };
    const options = {
      print: (line: string) => void lines.push(line),
      nowMs: () => 0,
      play: () => Promise.resolve(sound),
    };
    expect(await runSeeds(both, options)).toBe(0);
    expect(lines).toEqual(['1 seeds from 5 (simulation, fuzz): 0 failed, 0.0 s']);
  });

  it('[SI3] takes out all steps without which the fault stays, within so many tries', async () => {
    const scenario = makeScenario(1);
    const kept = scenario.steps.filter((_, index) => index % 29 === 3);
    let tries = 0;
    const fails = (smaller: typeof scenario): Promise<boolean> => {
      tries++;
      return Promise.resolve(kept.every((step) => smaller.steps.includes(step)));
    };
    expect((await shrink(scenario, fails)).steps).toEqual(kept);
    tries = 0;
    await shrink(scenario, fails, 5);
    expect(tries).toBe(5);
  });
});
