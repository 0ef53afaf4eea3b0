import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SlowLine, waitingBytesMax, waitingPacketsMax } from '../../../src-main/bridges/osc/slow-line.ts';

/** A line whose reader takes no more until it is told to. */
function slowLine() {
  const written: string[] = [];
  let room = 1;
  const socket = Object.assign(new EventEmitter(), {
    writable: true,
    write: (bytes: Uint8Array) => {
      written.push(new TextDecoder().decode(bytes));
      return --room > 0;
    },
  });
  const dropped: string[] = [];
  const line = new SlowLine(socket as unknown as Socket, { left: () => undefined, dropped: () => dropped.push('') });
  const send = (text: string, key?: string): void => line.send({ bytes: new TextEncoder().encode(text), key });
  send('what fills the system');
  written.splice(0);
  return {
    ...{ line, dropped, send },
    take: (count: number) => {
      room = count;
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

  it('[OS14] leaves out the param that waits longest beyond its bounds, and events only without one', () => {
    const { line, send, take, dropped } = slowLine();
    send('go');
    for (let i = 0; i < waitingPacketsMax; i++) send(`/${i}`, `/${i}`);
    expect([line.waiting, dropped.length]).toEqual([waitingPacketsMax, 1]);
    expect(take(3)).toEqual(['go', '/1', '/2']);
    const half = 'x'.repeat(waitingBytesMax / 2);
    for (let i = 0; i < 3; i++) send(`${i}${half.slice(1)}`);
    expect([line.waiting, dropped.length]).toEqual([2, waitingPacketsMax - 1]);
    expect(take(9).map((each) => each.slice(0, 1))).toEqual(['1', '2']);
  });
});
