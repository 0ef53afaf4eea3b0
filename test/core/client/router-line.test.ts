import { describe, expect, it } from 'vitest';
import { RouterLine } from '../../../src-main/core/client/router-line.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { Valve } from '../router/valve.ts';

const frames = Array.from({ length: 10 }, (_, i) => encodeFrame({ type: messageType.get, address: `/${i}` }));

describe('the sending side', () => {
  it('[CC28] joins frames up to a size where the framing allows, and sends them singly where not', () => {
    const joined = new Valve('length32');
    expect(new RouterLine(joined, true, 60).send(frames)).toBe(10);
    // A frame has 9 bytes and 4 of its length, so four fit into 60.
    expect(joined.chunks.map(({ length }) => length)).toEqual([52, 52, 26]);
    expect(joined.messages()).toHaveLength(10);
    const single = new Valve('none');
    new RouterLine(single, true, 60).send(frames);
    expect(single.chunks).toEqual(frames);
  });

  it('[CC28] says how many frames were taken', () => {
    for (const framing of ['length32', 'none'] as const) {
      const valve = new Valve(framing);
      const line = new RouterLine(valve, true, 30);
      const send = valve.send.bind(valve);
      let left = 2;
      valve.send = (chunk) => left-- > 0 && send(chunk);
      expect(line.send(frames)).toBe(framing === 'none' ? 2 : 4);
    }
  });

  it('[CC28] sends a frame larger than that size alone', () => {
    const valve = new Valve('length32');
    expect(new RouterLine(valve, true, 5).send(frames)).toBe(10);
    expect(valve.chunks).toHaveLength(10);
  });
});
