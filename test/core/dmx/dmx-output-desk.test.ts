import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { integer, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { DmxOutput } from '../../../src-main/core/dmx/dmx-output.ts';
import type { DeskLine, DeskOutput, DmxDesk } from '../../../src-main/ports/dmx-desk.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('an output at a desk', () => {
  it('[DK1] sends every frame as the desk finishes it', () => {
    const { clock, output, sent, line } = run();
    output.apply([signal(1, 1, integer(7))]);
    clock.advance(5000);
    sent.splice(1);
    line.finish = (_universe, asked) => asked.map((level) => 255 - level);
    output.apply([signal(1, 1, integer(8))]);
    expect(sent).toEqual([
      [1, 7],
      [1, 247],
    ]);
  });

  it('[DK1] begins at its start, also with universes that the desk wants and it sends', () => {
    const { output, sent, line, desk } = run({ started: false });
    line.wanted = () => [3, 99];
    output.apply([signal(1, 1, integer(7))]);
    expect(desk.outputs).toEqual([]);
    output.start();
    expect(sent).toEqual([
      [3, 0],
      [1, 7],
    ]);
    expect(desk.outputs).toHaveLength(1);
  });

  it('[DK2] sends universes again when the desk asks for it, at their rate; one that has not begun begins', () => {
    const { output, sent, desk, clock } = run();
    output.apply([signal(1, 1, integer(7))]);
    clock.advance(5000);
    const before = sent.length;
    const [at] = desk.outputs;
    at?.refinish();
    at?.refinish();
    at?.refinish([2, 99]);
    expect(sent.slice(before)).toEqual([
      [1, 7],
      [2, 0],
    ]);
    clock.advance(23);
    expect(sent.slice(before)).toHaveLength(4);
    expect(at?.universes()).toEqual([1, 2]);
  });

  it('[DK3] sends with a universe those that its levels leave in', () => {
    const { output, sent, line } = run();
    line.reach = (universe) => (universe === 1 ? [2, 99] : [universe]);
    output.apply([signal(1, 1, integer(7)), signal(4, 1, integer(1))]);
    expect(sent).toEqual([
      [2, 0],
      [4, 1],
    ]);
  });

  it('[DK4] tells which address set each slot last', () => {
    const { output, desk } = run();
    output.apply([
      signal(1, 3, { type: 'array', value: [integer(1), integer(2), integer(3)] }),
      signal(1, 4, integer(9)),
      signal(1, 5, { type: 'string', value: 'no level' }),
    ]);
    const asked = desk.outputs[0]?.asked(1);
    expect([...(asked?.levels.subarray(0, 6) ?? [])]).toEqual([0, 0, 1, 9, 3, 0]);
    expect([1, 3, 4, 5, 6].map((slot) => asked?.addressOf(slot))).toEqual([
      undefined,
      '/sacn/1/3',
      '/sacn/1/4',
      '/sacn/1/3',
      undefined,
    ]);
    expect(desk.outputs[0]?.asked(2)).toBeUndefined();
    expect(desk.outputs[0]?.source?.(1)).toEqual({ name: 'Flyrail', priority: 100 });
    expect(desk.outputs[0]?.source?.(99)).toBeUndefined();
  });

  it('[DK5] leaves the desk when it stops, and sends nothing for it any more', () => {
    const { output, sent, desk } = run();
    const [at] = desk.outputs;
    output.stop();
    expect(desk.outputs).toEqual([]);
    at?.refinish([1]);
    expect(sent).toEqual([]);
  });

  it('[DK5] holds nothing of a universe in which nobody asked for a level', () => {
    const { output, desk, sends } = run();
    desk.outputs[0]?.refinish([2]);
    expect(output.held()).toEqual([]);
    sends.delete(2);
    expect(output.leaveOut()).toEqual([{ universe: 2, held: [] }]);
  });
});

class FakeDesk implements DmxDesk {
  readonly outputs: DeskOutput[] = [];
  readonly line: DeskLine;

  constructor(line: Omit<DeskLine, 'leave'>) {
    this.line = { ...line, leave: () => void this.outputs.pop() };
  }

  join(_bridgeId: string, output: DeskOutput): DeskLine {
    this.outputs.push(output);
    return this.line;
  }

  hear(): () => void {
    return () => undefined;
  }
}

function run({ started = true } = {}) {
  const clock = new SimulatedClock();
  const desk = new FakeDesk({ finish: (_, asked) => asked, reach: (universe) => [universe], wanted: () => [] });
  const sent: [universe: number, first: number | undefined][] = [];
  const sends = new Set([1, 2, 3, 4]);
  const output = new DmxOutput({
    prefix: '/sacn',
    floats: 'unit',
    covers: (universe) => sends.has(universe),
    clock,
    send: ({ universe, levels }) => sent.push([universe, levels[0]]),
    desk: { desk, bridgeId: 'stage' },
    source: () => ({ name: 'Flyrail', priority: 100 }),
  });
  if (started) output.start();
  return { clock, desk, line: desk.line, output, sent, sends };
}

function signal(universe: number, slot: number, value: Value): Signal {
  return { kind: 'param', address: parseAddress(`/sacn/${universe}/${slot}`), value };
}
