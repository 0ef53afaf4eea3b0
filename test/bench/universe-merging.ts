import { performance } from 'node:perf_hooks';
import { millis } from '../../src-main/contract/units.ts';
import { DmxInput, type InputForm } from '../../src-main/core/dmx/dmx-input.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';

/** What merging costs: 64 universes at 44 Hz from two sources of one priority, as fast as it goes, without network and
 *  router: `node test/bench/universe-merging.ts` */
const universes = 64;
const framesPerSecond = 44;
const seconds = 10;
const levels = new Uint8Array(512);

for (const rule of ['htp', 'ltp'] as const)
  for (const changing of [0, 16, 512]) for (const form of ['slots', 'frames'] as const) measure(rule, changing, form);

function measure(rule: 'htp' | 'ltp', changing: number, form: InputForm): void {
  let signals = 0;
  const merge = { rule, sourcesMax: 8, lostAfter: millis(2500), settle: millis(0) };
  const clock = createSystemClock();
  const input = new DmxInput({ form, merge, prefix: '/sacn', clock, publish: (batch) => (signals += batch.length) });
  const play = (frames: number): number => {
    const begun = performance.now();
    for (let frame = 0; frame < frames; frame++) {
      for (const id of ['a', 'b']) {
        for (let slot = 0; slot < changing; slot++) levels[slot] = (frame * 7 + slot + (id === 'a' ? 0 : 90)) & 0xff;
        for (let universe = 1; universe <= universes; universe++)
          input.hear(universe, { id, name: 'Desk', address: '10.0.0.1', priority: 100, levels });
      }
    }
    return performance.now() - begun;
  };
  play(framesPerSecond);
  signals = 0;
  const took = play(framesPerSecond * seconds);
  input.stop();
  const packets = universes * framesPerSecond * seconds * 2;
  const share = ((took / (seconds * 1000)) * 100).toFixed(2);
  const each = ((took * 1000) / packets).toFixed(2);
  console.log(
    `${rule}, ${changing} of 512 slots changing, as ${form}: ${share} % of one core, ${each} µs a packet, ${Math.round(signals / seconds)} params a second`,
  );
}
