import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import { TurnLine, type Job } from '../../../../src-main/core/router/delivery/turn-line.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

const step = 100;

/** A line with turns of 500 µs, on a clock that only work moves. */
function setup(turnMicros = 500): {
  readonly clock: SimulatedClock;
  readonly line: TurnLine;
  readonly ran: string[];
  endTurn(): void;
  readonly planned: () => number;
  job(name: string, steps: number, then?: 'later'): Job;
} {
  const deferred: (() => void)[] = [];
  const clock = new SimulatedClock();
  const ran: string[] = [];
  return {
    clock,
    ran,
    line: new TurnLine({
      clock,
      defer: (run) => deferred.push(run),
      limits: { turnMicros: micros(turnMicros) },
    }),
    endTurn: () => deferred.splice(0).forEach((run) => run()),
    planned: () => deferred.length,
    job: (name, steps, then) => {
      let left = steps;
      return {
        step: () => {
          ran.push(name);
          clock.advance(step / 1000);
          if (--left <= 0) return 'done';
          return then ?? 'more';
        },
      };
    },
  };
}

describe('the line of those who have much to do', () => {
  it('[RT211] is served one after the other, a little each, until the time of a turn is used up', () => {
    const { line, job, ran, endTurn, planned } = setup();
    line.add(job('a', 4));
    line.add(job('b', 2));
    line.add(job('c', 1));
    endTurn();
    expect(ran).toEqual(['a', 'b', 'c', 'a', 'b']);
    expect([line.isBusy, planned()]).toEqual([true, 1]);
    endTurn();
    expect(ran.slice(5)).toEqual(['a', 'a']);
    expect([line.isBusy, planned()]).toEqual([false, 0]);
  });

  it('[RT211] gets on by one step in each turn however short turns are, and by one of those who want no more in it', () => {
    const short = setup(0);
    short.line.add(short.job('a', 2));
    short.line.add(short.job('b', 1));
    for (let turn = 0; turn < 3; turn++) short.endTurn();
    expect(short.ran).toEqual(['a', 'b', 'a']);
    const patient = setup();
    patient.line.add(patient.job('a', 2, 'later'));
    patient.endTurn();
    expect([patient.ran, patient.line.isBusy]).toEqual([['a'], true]);
    patient.endTurn();
    expect([patient.ran, patient.line.isBusy]).toEqual([['a', 'a'], false]);
  });

  it('[RT211] tells when the time of the turn is used up, and counts turns', () => {
    const { line, clock, endTurn } = setup();
    const first = line.begin();
    expect([line.begin(), line.isOverAfter(8)]).toEqual([first, false]);
    clock.advance(0.5);
    expect(line.isOverAfter(7)).toBe(false);
    expect([line.isOverAfter(1), line.isOverAfter(0)]).toEqual([true, true]);
    endTurn();
    expect(line.begin()).toBe(first + 1);
    expect(line.isOverAfter(8)).toBe(false);
  });

  it('[RT216] lets what turns have made leave at their end; while somebody waits, when turns took eight times as long', () => {
    const { line, clock, job, endTurn } = setup();
    const left: number[] = [];
    const send = (): void => {
      left.push(clock.nowMicros());
      clock.advance(1);
    };
    line.atEnd(send);
    endTurn();
    expect(left).toHaveLength(1);
    line.add(job('flood', 1000));
    line.atEnd(send);
    for (let turn = 0; turn < 100; turn++) {
      const before = left.length;
      endTurn();
      if (left.length > before) line.atEnd(send);
    }
    const gaps = left.slice(1).map((at, n) => at - left[n]!);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(9000);
    for (const gap of gaps) expect(gap).toBeLessThanOrEqual(9600);
    expect(left.length).toBeGreaterThan(5);
  });

  it('[RT216] puts it off by 16 ms at most, and not at all once nobody waits', () => {
    const { line, clock, job, endTurn } = setup();
    let left = 0;
    const slow = (): void => {
      left++;
      clock.advance(100);
    };
    line.atEnd(slow);
    endTurn();
    line.add(job('flood', 33 * 5));
    line.atEnd(slow);
    for (let turn = 0; turn < 32; turn++) endTurn();
    expect(left).toBe(2);
    line.atEnd(slow);
    endTurn();
    expect([left, line.isBusy]).toEqual([3, false]);
  });
});
