import { describe, expect, it } from 'vitest';
import { learnCountedMax } from '../../src-main/engine/feeds/learn-feed.ts';
import { LearnRig } from './learn-rig.ts';

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

/** Everything that speaks by itself on a busy rig, of each kind some. */
function fill(rig: LearnRig, count: number): void {
  const { random } = rig;
  const kinds: ((address: string) => void)[] = [
    (address) => {
      const [phase, speed] = [random() * 6, 200 + random() * 800];
      rig.noisy(address, (ms) => 1_500 + Math.sin(ms / speed + phase) * 3);
    },
    (address) => rig.noisy(address, random, { everyMs: 10 + random() * 60 }),
    (address) => rig.noisy(address, random, { everyMs: 25 + random() * 100, jitter: 1 }),
    (address) => {
      const rest = random();
      rig.noisy(address, () => rest + (random() - 0.5) / 100, { everyMs: 20, kind: 'stream' });
    },
    (address) => rig.noisy(address, random, { everyMs: 500 + random() * 700, jitter: 0.2 }),
    (address) => rig.noisy(address, () => 1, { everyMs: 500 + random() * 500, kind: 'event' }),
    (address) => rig.noisy(address, () => 0.25, { everyMs: 40 }),
    (address) => {
      const period = (1_000 + random() * 3_000) / 6.28;
      rig.noisy(address, (ms) => 0.5 + Math.sin(ms / period) / 2, { everyMs: 25, kind: 'stream' });
    },
    (address) => rig.noisy(address, (ms) => 20 + ms / 1e6 + random() / 100, { everyMs: 200, jitter: 0.5 }),
  ];
  for (let i = 0; i < count; i++) kinds[i % kinds.length]?.(`/noise/${i}`);
}

describe('learn on a busy rig', () => {
  it.each(seeds)('[EA14] puts the touched control first, seed %i', async (seed) => {
    const rig = new LearnRig(seed);
    fill(rig, 9 + Math.floor(rig.random() * 60));
    const [from, to] = [rig.random() * 0.3, 0.6 + rig.random() * 0.4];
    if (seed % 2) rig.say('/desk/fader/9', { atMs: -5_000, value: from });
    const atMs = 600 + rig.random() * 1_500;
    const forMs = 400 + rig.random() * 1_000;
    rig.sweep('/desk/fader/9', { atMs, forMs, from, to, everyMs: 10 + rig.random() * 20 });
    for (const untilMs of [atMs + forMs + 50, atMs + forMs + 2_000])
      expect((await rig.learn(untilMs)).candidates[0]?.address, `seed ${seed} at ${untilMs} ms`).toBe('/desk/fader/9');
  });

  it.each(seeds.slice(0, 20))(
    '[EA14] puts a pressed key and a button before what speaks by itself, seed %i',
    async (seed) => {
      const rig = new LearnRig(seed);
      fill(rig, 40);
      rig.say('/pad/36', { atMs: 2_000, value: 1, kind: 'event' });
      rig.say('/desk/button', { atMs: -4_000, value: 0 });
      rig.say('/desk/button', { atMs: 2_100, value: 1 });
      rig.say('/desk/button', { atMs: 2_250, value: 0 });
      const first = (await rig.learn(2_400)).candidates.slice(0, 2).map(({ address }) => address);
      expect(first.toSorted(), `seed ${seed}`).toEqual(['/desk/button', '/pad/36']);
    },
  );

  it('[EA14] finds a fader moved three times beside twelve sensors that wobble around 1,500', async () => {
    const rig = new LearnRig(1);
    for (let i = 0; i < 12; i++) rig.noisy(`/sensor/${i}/mm`, (ms) => 1_500 + Math.sin(ms / 350 + i) * 3);
    for (let k = 0; k < 3; k++)
      rig.sweep('/desk/fader/9', { atMs: 1_500 + k * 500, forMs: 492, from: 0, to: 1, everyMs: 12 });
    expect((await rig.learn(3_400)).candidates[0]?.address).toBe('/desk/fader/9');
  });

  it('[EA14] finds a pot that was turned among pots that all tremble', async () => {
    for (const seed of seeds.slice(0, 20)) {
      const rig = new LearnRig(seed);
      const tremble = () => (rig.random() - 0.5) / 100;
      for (let i = 0; i < 16; i++) {
        const rest = rig.random();
        const turned = (ms: number) =>
          i === 7 && ms > 2_000 ? Math.min(1, (ms - 2_000) / 800) * (rest > 0.5 ? -0.4 : 0.4) : 0;
        rig.noisy(`/pot/${i}`, (ms) => rest + turned(ms) + tremble(), { everyMs: 20 });
      }
      expect((await rig.learn(3_500)).candidates[0]?.address, `seed ${seed}`).toBe('/pot/7');
    }
  });

  it('[EA14] finds the touched control among more addresses than it follows', async () => {
    const rig = new LearnRig(3);
    for (let i = 0; i < 2_500; i++)
      rig.noisy(`/noise/${i}`, rig.random, { everyMs: 400, fromMs: -400, untilMs: 2_500 });
    rig.sweep('/desk/fader/9', { atMs: 1_000, forMs: 500, from: 0, to: 1 });
    const { candidates, among } = await rig.learn(2_400);
    expect(candidates[0]?.address).toBe('/desk/fader/9');
    expect(among).toBe(2_501);
  });

  it('[EA14] says of how many addresses the list is, up to a limit', async () => {
    const rig = new LearnRig(4);
    for (let i = 0; i < learnCountedMax + 10; i++) rig.say(`/n/${i}`, { atMs: 1 + i / 100, value: 1 });
    expect((await rig.learn(1_000)).among).toBe(learnCountedMax);
  });

  it('[EA14] does not offer what only repeats what it stood at', async () => {
    const rig = new LearnRig(5);
    rig.noisy('/repeats', () => 0.5);
    rig.sweep('/moved', { atMs: 500, forMs: 100, from: 0.5, to: 0.51 });
    const [first, second] = (await rig.learn(1_000)).candidates;
    expect(first?.address).toBe('/moved');
    expect(second).toMatchObject({ address: '/repeats', travel: 0 });
  });
});
