import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PacedRoom, roomBytesMax } from '../../../src-main/bridges/osc/paced-room.ts';
import { SlowLine } from '../../../src-main/bridges/osc/slow-line.ts';

/** A line whose reader takes no more until it is told to. */
function slowLine(room = new PacedRoom()) {
  const written: string[] = [];
  let takes = 1;
  const socket = Object.assign(new EventEmitter(), {
    writable: true,
    write: (bytes: Uint8Array) => {
      written.push(new TextDecoder().decode(bytes));
      return --takes > 0;
    },
  });
  const dropped: string[] = [];
  const line = new SlowLine(socket as unknown as Socket, {
    ...{ room, left: () => undefined, dropped: () => dropped.push('') },
  });
  const send = (text: string, key?: string, stands = false): void =>
    line.send({ bytes: new TextEncoder().encode(text), key }, stands);
  send('what fills the system');
  written.splice(0);
  return {
    ...{ line, dropped, send, close: () => socket.emit('close') },
    take: (count: number) => {
      takes = count;
      socket.emit('drain');
      return written.splice(0);
    },
  };
}

describe('A line to a slow reader', () => {
  it('[OS42] gives every param its turn, though one changes again and again', () => {
    const { send, take } = slowLine();
    const taken: string[] = [];
    for (let i = 0; i < 8; i++) {
      for (const path of ['/a', '/b', '/c', '/d']) send(`${path} ${i}`, path);
      taken.push(...take(1));
    }
    // Each newer one stands in the place of the older: nobody waits longer than the others.
    expect(taken).toEqual(['/a 0', '/b 1', '/c 2', '/d 3', '/a 4', '/b 5', '/c 6', '/d 7']);
  });

  it('[OS42] overtakes nothing that happened', () => {
    const { send, take } = slowLine();
    send('/a 1', '/a');
    send('go');
    send('/a 2', '/a');
    expect(take(9)).toEqual(['go', '/a 2']);
  });

  it('[OS43] gives all that stands, however slowly it is taken, and what moves meanwhile before it', () => {
    const { line, send, take, dropped } = slowLine();
    for (let i = 0; i < 100_000; i++) send(`/${i}`, `/${i}`, true);
    expect([line.waiting, dropped.length]).toEqual([100_000, 0]);
    expect(take(2)).toEqual(['/0', '/1']);
    send('/7 moved', '/7');
    send('go');
    expect(take(4)).toEqual(['/7 moved', 'go', '/2', '/3']);
    expect(dropped).toHaveLength(1);
    const rest = take(100_000);
    expect([rest.length, new Set(rest).has('/7'), rest.at(-1)]).toEqual([99_995, false, '/99999']);
  });

  it('[OS14] leaves out the oldest beyond its bound, shared with others, and gives its room back when it closes', () => {
    const room = new PacedRoom();
    const [one, other] = [slowLine(room), slowLine(room)];
    const large = 'x'.repeat(roomBytesMax / 8);
    for (let i = 0; i < 9; i++) one.send(`${i}${large.slice(1)}`);
    expect([one.line.waiting, one.dropped.length]).toEqual([8, 1]);
    other.send('/a', '/a');
    expect([other.line.waiting, other.dropped.length]).toEqual([0, 1]);
    expect(one.take(1).map((each) => each.slice(0, 1))).toEqual(['1']);
    other.send('/a', '/a');
    expect(other.line.waiting).toBe(1);
    one.close();
    expect(one.line.waiting).toBe(0);
    for (let i = 0; i < 7; i++) other.send(large);
    expect(other.dropped).toHaveLength(1);
  });
});
