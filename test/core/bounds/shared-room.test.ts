import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { SharedRoom } from '../../../src-main/core/bounds/shared-room.ts';
import { createAnsweredRequests } from '../../../src-main/core/router/sessions/answered-requests.ts';

const ack = { type: messageType.ack } as const;

describe('the room that the answers of all clients share', () => {
  it('[RT295] leaves each its share when one has filled it, and gives back what went with a client', () => {
    const room = new SharedRoom(100);
    const [one, other] = [0, 1].map(() => createAnsweredRequests({ answersMax: 1000, room }));
    if (!one || !other) throw new Error('There are two.');
    for (let id = 1n; id <= 100n; id++) one.begin(id);
    expect([room.taken, one.begin(1n)]).toEqual([100, 'pending']);
    for (let id = 1n; id <= 50n; id++) other.begin(id);
    for (let id = 1n; id <= 50n; id++) expect(other.begin(id)).toBe('pending');
    for (let id = 101n; id <= 150n; id++) one.begin(id);
    expect(room.taken).toBe(100);
    expect(() => one.begin(100n)).toThrow('older than all that are remembered');
    expect(one.begin(101n)).toBe('pending');
    one.close();
    expect(room.taken).toBe(50);
    expect(one.answer(150n, ack)).toBe(false);
  });

  it('[RT295] is never more than twice what it was meant to be, or one for each client more, and what is forgotten is refused, not done again', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (steps, max) => {
        const room = new SharedRoom(max);
        const clients = Array.from({ length: 5 }, () => createAnsweredRequests({ answersMax: 30, room }));
        for (const [i, client] of steps.entries()) {
          expect(clients[client]?.begin(BigInt(i))).toBe('new');
          expect(room.taken).toBeLessThanOrEqual(max + Math.max(max, clients.length));
        }
        for (const [i, client] of steps.entries()) {
          let again: unknown = 'refused';
          try {
            again = clients[client]?.begin(BigInt(i));
          } catch {
            // It is older than all that are remembered.
          }
          expect(['refused', 'pending']).toContain(again);
        }
        for (const client of clients) client.close();
        expect(room.taken).toBe(0);
      }),
    );
  });
});
