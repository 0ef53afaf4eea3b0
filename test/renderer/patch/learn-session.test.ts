import { describe, expect, it } from 'vitest';
import type { LearnBatch, LearnCandidate } from '../../../src-main/contract/live-events.ts';
import { LimitError } from '../../../src-main/contract/errors.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { learnShownMax, learnWord, LearnSession } from '../../../src-renderer/patch/learn-session.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';

describe('learn', () => {
  it('[UI29] offers what was likeliest touched, and keeps what the operator chose although another moves more', async () => {
    const { engine, learn } = await listening();
    engine.emit('learn', batch([heard('/a', 0.5), heard('/b', 0.1)]));
    expect(learn.chosen).toBe('/a');
    engine.emit('learn', batch([heard('/b', 0.9), heard('/a', 0.5)]));
    expect(learn.chosen).toBe('/b');
    learn.step(1);
    expect(learn.chosen).toBe('/a');
    engine.emit('learn', batch([heard('/b', 2), heard('/c', 1), heard('/a', 0.5)]));
    expect(learn.chosen).toBe('/a');
  });

  it('[UI29] shows a few and never drops the chosen one', async () => {
    const { engine, learn } = await listening();
    engine.emit('learn', batch([heard('/a', 1), heard('/z', 0.1)]));
    learn.step(1);
    const many = [...Array.from({ length: 20 }, (_, i) => heard(`/n${i}`, 5)), heard('/z', 0.1)];
    engine.emit('learn', { candidates: many, among: 300 });
    expect(learn.candidates).toHaveLength(learnShownMax);
    expect(learn.candidates.some((candidate) => candidate.address === '/z')).toBe(true);
    expect(learn.heard).toBe(300);
  });

  it('[UI30] tells the engine to stop and forgets what it heard', async () => {
    const { engine, learn } = await listening();
    engine.emit('learn', batch([heard('/a', 1)]));
    await learn.stop(engine);
    expect(engine.calls.map((call) => call.name)).toEqual(['startLearn', 'stopLearn']);
    engine.emit('learn', batch([heard('/b', 1)]));
    expect(learn.candidates).toEqual([]);
    expect(learn.listening).toBe(false);
  });

  it('[UI30] says why when the engine refuses to listen', async () => {
    const engine = new FakeEngine();
    engine.refuse('startLearn', new LimitError('too-many-items', 'Somebody else is learning.'));
    const learn = new LearnSession();
    await learn.start(engine, 'm1');
    expect(learn.listening).toBe(false);
    expect(learn.problem).toBe('Somebody else is learning.');
  });

  it('[UI29] says in words how each one behaved', () => {
    expect(learnWord(heard('/a', 1), 0, 1)).toBe('likeliest touched');
    expect(learnWord(heard('/a', 0.5), 1, 1)).toBe('moved');
    expect(learnWord(heard('/a', 0.01), 2, 1)).toBe('noise?');
    expect(learnWord(heard('/a', 0), 1, 1)).toBe('sent');
    expect(learnWord({ ...heard('/a', 0), kind: 'event', count: 2 }, 0, 0)).toBe('pressed 2 times');
  });
});

async function listening(): Promise<{ engine: FakeEngine; learn: LearnSession }> {
  const engine = new FakeEngine();
  const learn = new LearnSession();
  await learn.start(engine, 'm1');
  return { engine, learn };
}

function heard(address: string, travel: number): LearnCandidate {
  return { address, value: f64(0.5), kind: 'param', count: 1, firstAt: millis(0), lastAt: millis(10), travel };
}

function batch(candidates: readonly LearnCandidate[]): LearnBatch {
  return { candidates, among: candidates.length };
}
