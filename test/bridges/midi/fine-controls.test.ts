import { describe, expect, it } from 'vitest';
import { FineControls, type FineValue } from '../../../src-main/bridges/midi/fine-controls.ts';
import { seededChance, wholeNumber } from '../../seeded-chance.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

function make({ fine = [7], numbered = false }: { fine?: number[]; numbered?: boolean } = {}) {
  const clock = new SimulatedClock();
  const told: FineValue[] = [];
  const controls = new FineControls({ clock, fine, numbered, onValue: (value) => told.push(value) });
  const take = (controller: number, value: number): boolean => controls.take(0, controller, value);
  return { clock, controls, told, take, values: () => told.splice(0).map(({ value }) => value) };
}

describe('controllers of 14 bits', () => {
  it('[MI7] are told once both parts are there, never between the two', () => {
    const { take, values, clock } = make();
    expect([take(7, 1), take(39, 127)]).toEqual([true, true]);
    expect(values()).toEqual([255]);
    take(7, 2);
    expect(values()).toEqual([]);
    take(39, 0);
    expect(values()).toEqual([256]);
    clock.advance(100);
    expect([values(), clock.waiting]).toEqual([[], 0]);
    expect([take(8, 1), take(40, 1), take(71, 1)]).toEqual([false, false, false]);
  });

  it('[MI7] are told without a fine part 10 ms later, and by their fine part alone', () => {
    const { take, values, clock } = make();
    take(7, 64);
    clock.advance(9);
    expect(values()).toEqual([]);
    clock.advance(2);
    expect(values()).toEqual([64 * 128]);
    take(39, 5);
    take(39, 6);
    clock.advance(11);
    expect(values()).toEqual([64 * 128 + 5, 64 * 128 + 6]);
    take(7, 65);
    take(39, 1);
    take(39, 2);
    expect(values()).toEqual([65 * 128 + 1, 65 * 128 + 2]);
  });

  it('[MI40] are told while they move fast, where their device sends no fine part', () => {
    const { take, values, clock } = make({ numbered: true });
    take(99, 0);
    take(98, 5);
    for (const controller of [7, 6]) {
      for (let coarse = 1; coarse <= 20; coarse++) {
        take(controller, coarse);
        clock.advance(4);
      }
      expect(values()).toEqual(Array.from({ length: 19 }, (_, i) => (i + 1) * 128));
      clock.advance(11);
      expect(values()).toEqual([20 * 128]);
    }
    expect(clock.waiting).toBe(0);
  });

  it('[MI25] are joined whichever part comes first, and the order is found out where the device comes to rest', () => {
    const { take, values, clock } = make();
    const turn = (order: 'fine' | 'coarse', from: number): number[] => {
      const turned = Array.from({ length: 40 }, (_, i) => from + i * 61);
      for (const value of turned) {
        const parts: [number, number][] = [
          [7, value >> 7],
          [39, value & 127],
        ];
        for (const [controller, part] of order === 'fine' ? parts.reverse() : parts) {
          take(controller, part);
          clock.advance(1);
        }
      }
      clock.advance(20);
      return turned;
    };
    // Each order at once on a new device; another order after one movement.
    expect(turn('fine', 100)).toEqual(values());
    expect(turn('fine', 5000)).toEqual(values());
    expect(turn('coarse', 9000).at(-1)).toBe(values().at(-1));
    expect(turn('coarse', 200)).toEqual(values());
    expect(turn('fine', 3000).at(-1)).toBe(values().at(-1));
    expect(turn('fine', 7000)).toEqual(values());
    expect(clock.waiting).toBe(0);
  });

  it('[MI7] never tear: a sweep is told as it was turned', () => {
    const { take, values, clock } = make();
    const chance = seededChance(7);
    let last = -1;
    for (let value = 0; value < 16_384; value += wholeNumber(chance, 1, 90)) {
      take(7, value >> 7);
      clock.advance(chance() * 8);
      take(39, value & 127);
      expect(values(), 'seed 7').toEqual([value]);
      expect(value).toBeGreaterThan(last);
      last = value;
    }
  });

  it('[MI8] are RPN and NRPN where the bridge is told so, with steps up and down, and nothing after the null parameter', () => {
    const { take, told, controls, clock } = make({ numbered: true });
    for (const [controller, value] of [
      [99, 1],
      [98, 2],
      [6, 3],
      [38, 4],
      [96, 0],
      [97, 0],
    ] as const)
      expect(take(controller, value)).toBe(true);
    const nrpn = { kind: 'nrpn', channel: 0, number: 130 };
    const value = 3 * 128 + 4;
    expect(told.splice(0)).toEqual([
      { ...nrpn, value },
      { ...nrpn, value: value + 1 },
      { ...nrpn, value },
    ]);
    for (const [controller, data] of [
      [101, 0],
      [100, 0],
      [6, 2],
    ] as const)
      take(controller, data);
    clock.advance(20);
    expect(told.splice(0)).toEqual([{ kind: 'rpn', channel: 0, number: 0, value: 256 }]);
    take(101, 127);
    take(100, 127);
    expect([take(6, 1), take(96, 0)]).toEqual([true, true]);
    clock.advance(20);
    expect(told).toEqual([]);
    controls.clear();
    expect(take(6, 1)).toBe(true);
    expect([make().take(99, 1), make().take(6, 1)]).toEqual([false, false]);
  });

  it('[MI8] hold no more of them than there is room for', () => {
    const { take, clock, told } = make({ numbered: true });
    for (let number = 0; number < 4500; number++) {
      take(99, number >> 7);
      take(98, number & 127);
      take(6, 1);
    }
    expect(clock.waiting).toBeLessThanOrEqual(4096);
    clock.advance(100);
    expect([clock.waiting, told.length > 0]).toEqual([0, true]);
  });
});
