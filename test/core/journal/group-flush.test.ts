import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupFlush } from '../../../src-main/core/journal/group-flush.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

/** A disk that answers when told to, and whoever waits for it. */
function bench() {
  const clock = new SimulatedClock();
  const turns: (() => void)[] = [];
  const writes: { readonly end: (error?: Error) => void }[] = [];
  const said: string[] = [];
  const heard: string[] = [];
  const flush = new GroupFlush({
    clock,
    random: { fraction: () => 0, uuid: () => '' },
    defer: (run) => void turns.push(run),
    write: () =>
      new Promise((resolve, reject) => void writes.push({ end: (error) => (error ? reject(error) : resolve()) })),
    onFailing: (reason) => said.push(`failing: ${reason}`),
    onMended: () => said.push('mended'),
  });
  return {
    clock,
    turns,
    writes,
    said,
    heard,
    flush,
    wait: (name: string): void => flush.whenDone((failure) => heard.push(failure ? `${name}: ${failure}` : name)),
    commit(name: string): void {
      flush.mark();
      this.wait(name);
    },
    turn: async (): Promise<void> => {
      for (const run of turns.splice(0)) run();
      await clock.advanceAsync(0);
    },
    end: async (index: number, error?: Error): Promise<void> => {
      writes[index]?.end(error);
      await clock.advanceAsync(0);
    },
  };
}

describe('writing in groups', () => {
  it('[JR20] begins at the end of the turn when somebody waits; all of the turn share the batch', async () => {
    const on = bench();
    for (const name of ['a', 'b', 'c']) on.commit(name);
    expect(on.writes).toHaveLength(0);
    await on.turn();
    expect(on.writes).toHaveLength(1);
    expect(on.heard).toEqual([]);
    await on.end(0);
    expect(on.heard).toEqual(['a', 'b', 'c']);
    expect(on.clock.waiting).toBe(0);
  });

  it('[JR20] takes what comes while a batch is written into the next, which begins at once', async () => {
    const on = bench();
    on.commit('a');
    await on.turn();
    on.commit('b');
    on.commit('c');
    await on.turn();
    expect(on.writes).toHaveLength(1);
    await on.end(0);
    expect(on.heard).toEqual(['a']);
    expect(on.writes).toHaveLength(2);
    await on.end(1);
    expect(on.heard).toEqual(['a', 'b', 'c']);
  });

  it('[JR20] waits the interval for what nobody waits for, and is there sooner once somebody does', async () => {
    const on = bench();
    on.flush.mark();
    await on.clock.advanceAsync(199);
    await on.turn();
    expect(on.writes).toHaveLength(0);
    await on.clock.advanceAsync(1);
    expect(on.writes).toHaveLength(1);
    await on.end(0);
    on.flush.mark();
    on.wait('a');
    await on.turn();
    expect(on.writes).toHaveLength(2);
  });

  it('[JR22] says at once what is on disk already, and joins the batch under way where that has it', async () => {
    const on = bench();
    on.wait('nothing');
    expect(on.heard).toEqual(['nothing']);
    on.flush.mark();
    await on.clock.advanceAsync(200);
    on.wait('under way');
    expect(on.heard).toEqual(['nothing']);
    await on.end(0);
    expect(on.heard).toEqual(['nothing', 'under way']);
    expect(on.writes).toHaveLength(1);
  });

  it('[JR21] tells all of a batch why it failed, and writes it again; it is said once', async () => {
    const on = bench();
    on.commit('a');
    on.commit('b');
    await on.turn();
    await on.end(0, new Error('full'));
    expect(on.heard).toEqual(['a: full', 'b: full']);
    on.commit('c');
    await on.turn();
    expect(on.writes).toHaveLength(1);
    await on.clock.advanceAsync(200);
    expect(on.writes).toHaveLength(2);
    await on.end(1, new Error('still full'));
    expect(on.heard.slice(2)).toEqual(['c: still full']);
    on.commit('d');
    await on.clock.advanceAsync(200);
    await on.end(2);
    expect(on.heard.slice(3)).toEqual(['d']);
    expect(on.said).toEqual(['failing: full', 'mended']);
  });

  it('[JR21] tells those beyond 65,536 that the disk is too slow', async () => {
    const on = bench();
    for (let i = 0; i < 65_537; i++) on.commit(String(i));
    expect(on.heard).toEqual(['65536: the disk is too slow']);
    await on.turn();
    await on.end(0);
    expect(on.heard).toHaveLength(65_537);
  });

  it('[JR23] tells everybody something before it ends, and writes nothing afterwards', async () => {
    const on = bench();
    on.commit('a');
    await on.turn();
    on.commit('b');
    const closed = on.flush.close();
    await on.end(0);
    expect(on.writes).toHaveLength(2);
    on.commit('c');
    await on.end(1);
    await closed;
    on.commit('d');
    await on.turn();
    await on.clock.advanceAsync(10_000);
    expect(on.writes).toHaveLength(2);
    expect(on.heard).toEqual(['a', 'b', 'c: Flyrail is ending.', 'd: Flyrail is ending.']);
  });

  it('[JR20] tells each exactly once and never before a batch that began after its change, whatever happens when', async () => {
    const step = fc.oneof(
      fc.record({ does: fc.constantFrom('mark', 'commit', 'turn', 'end', 'fail') }),
      fc.record({ does: fc.constant('time'), ms: fc.nat(500) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const on = bench();
        let ended = 0;
        let asked = 0;
        // Which write the change of each is in, at the earliest.
        const earliest = new Map<number, number>();
        const kept: number[] = [];
        for (const each of steps) {
          if (each.does === 'mark') on.flush.mark();
          else if (each.does === 'time') await on.clock.advanceAsync('ms' in each ? each.ms : 0);
          else if (each.does === 'turn') await on.turn();
          else if (each.does === 'commit') {
            const id = asked++;
            earliest.set(id, on.writes.length);
            on.flush.mark();
            on.flush.whenDone((failure) => {
              kept.push(id);
              if (failure === undefined) expect(ended).toBeGreaterThan(earliest.get(id) ?? 0);
            });
          } else if (ended < on.writes.length) {
            const index = ended++;
            await on.end(index, each.does === 'fail' ? new Error('full') : undefined);
          }
          expect(on.writes.length - ended).toBeLessThanOrEqual(1);
        }
        for (let i = 0; i < 5; i++) {
          await on.turn();
          await on.clock.advanceAsync(20_000);
          while (ended < on.writes.length) await on.end(ended++);
        }
        expect(kept.toSorted((a, b) => a - b)).toEqual([...earliest.keys()]);
      }),
      { numRuns: 300, seed: 20261121 },
    );
  });
});
