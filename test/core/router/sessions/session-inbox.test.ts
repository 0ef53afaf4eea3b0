import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import { SessionInbox } from '../../../../src-main/core/router/sessions/session-inbox.ts';
import { TurnLine } from '../../../../src-main/core/router/delivery/turn-line.ts';
import { bytesOfFrame, placedFrame } from '../../../../src-main/ports/placed-frame.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { Valve } from '../valve.ts';

interface Setup {
  readonly endTurn: () => void;
  readonly clock: SimulatedClock;
  open(cost?: number): Opened;
}
interface Opened {
  readonly inbox: SessionInbox;
  readonly connection: Valve;
  readonly handled: number[];
  overflows: number;
  send(...numbers: number[]): void;
}

/** Every message takes 10 µs, so that a turn of 500 µs holds 50. */
function setup(limits: { readonly atOncePerTurnMax?: number; readonly inboxBytesMax?: number } = {}): Setup {
  const deferred: (() => void)[] = [];
  const clock = new SimulatedClock();
  const line = new TurnLine({ clock, defer: (run) => deferred.push(run), limits: { turnMicros: micros(500) } });
  return {
    clock,
    endTurn: () => deferred.splice(0).forEach((run) => run()),
    open: (cost = 0) => {
      const connection = new Valve();
      const opened: Opened = {
        connection,
        handled: [],
        overflows: 0,
        inbox: undefined as unknown as SessionInbox,
        send: (...numbers) =>
          numbers.forEach((n) => opened.inbox.receive(placedFrame(Uint8Array.of(n >> 8, n & 0xff)))),
      };
      const inbox = new SessionInbox({
        connection,
        line,
        limits: { atOncePerTurnMax: 8, inboxBytesMax: 1_000_000, ...limits },
        arrived: () => undefined,
        handle: (frame) => {
          const [high = 0, low = 0] = bytesOfFrame(frame);
          opened.handled.push(high * 256 + low);
          clock.advance(0.01);
          return cost;
        },
        onOverflow: () => opened.overflows++,
      });
      return Object.assign(opened, { inbox });
    },
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('what a session has sent', () => {
  it('[RT210] is handled as it comes while the turn is young and nobody waits; the rest waits, and the peer is not read', () => {
    const { open, endTurn } = setup();
    const flooder = open();
    flooder.send(...upTo(200));
    const atOnce = flooder.handled.length;
    expect(atOnce).toBeGreaterThanOrEqual(50);
    expect(atOnce).toBeLessThan(60);
    expect(flooder.connection.isPaused).toBe(true);
    endTurn();
    expect(flooder.handled.length - atOnce).toBeLessThan(60);
    expect(flooder.connection.isPaused).toBe(true);
    for (let turn = 0; turn < 3; turn++) endTurn();
    expect(flooder.handled).toEqual(upTo(200));
    expect([flooder.connection.isPaused, flooder.inbox.waitingBytes]).toEqual([false, 0]);
  });

  it('[RT212] does not wait where it is little, however many others flood, turn after turn', () => {
    const { open, endTurn } = setup();
    const flooders = [open(), open(), open()];
    const quiet = open();
    for (let turn = 0; turn < 20; turn++) {
      for (const flooder of flooders) if (!flooder.connection.isPaused) flooder.send(...upTo(300));
      quiet.send(turn);
      expect(quiet.handled.at(-1)).toBe(turn);
      endTurn();
    }
    const shares = flooders.map(({ handled }) => handled.length);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(120);
  });

  it('[RT212] has no second share at once for who has just waited', () => {
    const { open, endTurn } = setup();
    const [first, second] = [open(), open()];
    first.send(...upTo(200));
    second.send(...upTo(2000));
    for (let turn = 0; first.connection.isPaused && turn < 50; turn++) endTurn();
    expect(first.connection.isPaused).toBe(false);
    expect(second.connection.isPaused).toBe(true);
    const before = first.handled.length;
    first.send(1);
    expect([first.handled.length, first.connection.isPaused]).toEqual([before, true]);
  });

  it('[RT210] counts what is large, and what makes the router search, as many', () => {
    const { open, clock } = setup({ atOncePerTurnMax: 100 });
    const other = open();
    other.send(...upTo(300));
    const searching = open(30);
    clock.advance(0);
    searching.send(...upTo(20));
    expect(searching.handled.length).toBeLessThan(5);
    const large = open();
    for (let n = 0; n < 3; n++) large.inbox.receive(placedFrame(new Uint8Array(20_000)));
    expect(large.handled).toHaveLength(1);
  });

  it('[RT213] is handled in its order, all of it, also when the peer goes', () => {
    const { open, endTurn } = setup();
    const flooder = open();
    flooder.send(...upTo(500));
    endTurn();
    flooder.inbox.drain();
    flooder.inbox.close();
    expect(flooder.handled).toEqual(upTo(500));
    flooder.send(1, 2, 3);
    endTurn();
    expect(flooder.handled).toHaveLength(500);
  });

  it('[RT213] keeps its order whatever comes when', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(200), fc.boolean()), { maxLength: 40 }), (given) => {
        const { open, endTurn } = setup();
        const sessions = [open(), open(), open()];
        const sent = [0, 0, 0];
        for (const [who, count, isEnd] of given) {
          for (let n = 0; n < count; n++) sessions[who]!.send(sent[who]!++);
          if (isEnd) endTurn();
        }
        for (let turn = 0; turn < 400; turn++) endTurn();
        sessions.forEach(({ handled, connection }, who) => {
          expect(handled).toEqual(upTo(sent[who]!));
          expect(connection.isPaused).toBe(false);
        });
      }),
      { numRuns: 100, seed: 20_261_124 },
    );
  });

  it('[RT214] is bounded in bytes where the connection does not pause', () => {
    const { open, endTurn } = setup({ inboxBytesMax: 6600 });
    const flooder = open();
    flooder.send(...upTo(150));
    expect(flooder.overflows).toBe(0);
    flooder.send(...upTo(20));
    expect(flooder.overflows).toBeGreaterThan(0);
    flooder.inbox.close();
    endTurn();
    expect(flooder.inbox.waitingBytes).toBe(0);
  });
});
