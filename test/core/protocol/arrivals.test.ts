import { describe, expect, it } from 'vitest';
import { formatNeverArrived, mustArrive, tryNeverArrived } from '../../../src-main/core/protocol/arrivals.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { gesture, publish, set } from '../router/router-fixture.ts';

const counts = (message: Message, timestamp?: bigint): boolean =>
  mustArrive(encodeFrame(message, { ...(timestamp !== undefined && { timestamp }) }));

describe('what must arrive', () => {
  it('[RT301] is live events, timelines, and starts, ends and cancels of gestures', () => {
    const those = [
      publish('event', '/e'),
      publish('timeline', '/t'),
      ...(['start', 'end', 'cancel'] as const).map((phase) => gesture(phase, 1)),
    ];
    expect(those.map((message) => counts(message))).toEqual([true, true, true, true, true]);
    const others: Message[] = [
      publish('stream', '/s'),
      publish('param', '/p'),
      gesture('move', 1),
      set('/p', 1),
      { type: messageType.ack },
      { type: messageType.error, code: 503, message: 'slow' },
      { type: messageType.pong },
    ];
    expect(others.filter((message) => counts(message))).toEqual([]);
  });

  it('[RT301] is nothing that has a time in its header: that was asked for', () => {
    expect(counts(publish('event', '/e'), 5n)).toBe(false);
    // The time's own bytes may look like a PUBLISH.
    expect(counts(set('/p', 1), 0x2020202020202020n)).toBe(false);
  });

  it('[RT301] is told from the bytes, wherever in them the frame begins, and never past their end', () => {
    const frame = encodeFrame(publish('event', '/e'));
    const bytes = new Uint8Array(frame.length + 7);
    bytes.set(frame, 7);
    expect([mustArrive(bytes, 7), mustArrive(bytes), mustArrive(new Uint8Array(0)), mustArrive(frame, 400)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('[RT303] of which something is missing is told in a text that can be read back', () => {
    expect(tryNeverArrived(formatNeverArrived(12))).toEqual({ count: 12 });
    expect(tryNeverArrived(formatNeverArrived(undefined))).toEqual({ count: undefined });
    expect(tryNeverArrived('You read too slowly: 1 stream samples')).toBeUndefined();
  });
});
