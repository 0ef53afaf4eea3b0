import { describe, expect, it } from 'vitest';
import { GuestOutbox, inFlightMax, type Outgoing } from '../../../src-main/gateways/mqtt/guest-outbox.ts';

const limits = { bytesMax: 1_000_000, awayMessagesMax: 5, awayBytesMax: 10_000 };

class Line {
  readonly sent: [name: string, id: number | undefined][] = [];
  readonly done: (() => void)[] = [];
  readonly send = ({ topic, payload }: Outgoing, id: number | undefined, done: () => void): void => {
    this.sent.push([`${topic} ${payload.toString()}`, id]);
    this.done.push(done);
  };
  get names(): string[] {
    return this.sent.map(([name]) => name);
  }
}

function open(some: Partial<typeof limits> = {}, room = { bytes: 0, bytesMax: 1_000_000 }) {
  const line = new Line();
  let shed = 0;
  const outbox = new GuestOutbox({ limits: { ...limits, ...some }, room, onShed: () => shed++ });
  outbox.attach(line.send);
  outbox.open();
  return { outbox, line, room, shed: () => shed };
}

const say = (topic: string, payload: string | number, some: Partial<Outgoing> = {}): Outgoing => ({
  ...{ topic, payload: Buffer.from(String(payload)), qos: 1, retain: false, kind: 'param' },
  ...some,
});

describe('what is on its way to an MQTT client', () => {
  it('[MQ28] has no more in flight than the client answers, in its order, with packet ids that nothing else has', () => {
    const { outbox, line } = open();
    for (let i = 0; i < inFlightMax + 3; i++) outbox.put(say('a', i, { kind: 'event' }));
    expect(line.sent).toHaveLength(inFlightMax);
    expect(new Set(line.sent.map(([, id]) => id)).size).toBe(inFlightMax);
    // One of QoS 2 only ends with PUBCOMP, one of QoS 1 with PUBACK.
    outbox.acknowledge(1, true);
    expect(line.sent).toHaveLength(inFlightMax);
    outbox.acknowledge(1, false);
    outbox.acknowledge(1, false);
    expect(line.names.at(-1)).toBe(`a ${inFlightMax}`);
    expect(outbox.size).toBe(inFlightMax + 2);
  });

  it('[MQ28] goes round with packet ids without taking one that is on its way', () => {
    const { outbox, line } = open();
    outbox.put(say('held', 0));
    for (let i = 0; i < 65_540; i++) {
      outbox.put(say('a', i));
      line.done.pop()?.();
      outbox.acknowledge(line.sent.at(-1)?.[1] ?? 0, false);
    }
    const ids = line.sent.slice(1).map(([, id]) => id ?? 0);
    expect(ids).not.toContain(1);
    expect(new Set(ids).size).toBe(65_534);
  });

  it('[MQ30] past a bound lets values go that newer ones of their topic follow, then what is oldest, and counts them', () => {
    const { outbox, line, shed } = open();
    outbox.detach();
    const messages = [say('lamp', 1), say('go', 1, { kind: 'event' }), say('lamp', 2), say('lamp', 3), say('b', 1)];
    for (const message of messages) outbox.put(message);
    expect(shed()).toBe(0);
    outbox.put(say('c', 1));
    outbox.put(say('d', 1));
    expect(shed()).toBe(2);
    outbox.put(say('e', 1));
    outbox.attach(line.send);
    outbox.open();
    expect([line.names, shed()]).toEqual([['lamp 3', 'b 1', 'c 1', 'd 1', 'e 1'], 3]);
  });

  it('[MQ30] bounds bytes, of one client and of all together', () => {
    const room = { bytes: 0, bytesMax: 8000 };
    const [one, two] = [open({}, room), open({ awayBytesMax: 3000 }, room)];
    for (const { outbox } of [one, two]) outbox.detach();
    for (let i = 0; i < 4; i++) one.outbox.put(say(`t${i}`, 'x'.repeat(1000)));
    for (let i = 0; i < 4; i++) two.outbox.put(say(`t${i}`, 'x'.repeat(1000)));
    expect([one.shed(), two.shed(), two.outbox.size]).toEqual([0, 2, 2]);
    two.outbox.put(say('large', 'x'.repeat(9000)));
    expect(two.outbox.size).toBe(0);
    one.outbox.clear();
    two.outbox.clear();
    expect(room.bytes).toBe(0);
  });

  it('[MQ30] while the network is slow waits with the newest value of each topic in QoS 0, and leaves events out', () => {
    const { outbox, line, shed, room } = open();
    const low = { qos: 0 } as const;
    outbox.put(say('big', 'x'.repeat(600_000), low));
    for (const value of [1, 2, 3]) outbox.put(say('lamp', value, low));
    outbox.put(say('go', 1, { ...low, kind: 'event' }));
    outbox.put(say('meter', 1, { ...low, kind: 'stream' }));
    expect([line.sent.length, shed()]).toEqual([1, 3]);
    line.done[0]?.();
    expect(line.names.slice(1)).toEqual(['lamp 3', 'meter 1']);
    expect(room.bytes).toBe(0);
    // Of who is away samples are not kept, and what an old connection tells late is nothing to the new one.
    outbox.detach();
    outbox.put(say('meter', 2, { ...low, kind: 'stream' }));
    outbox.put(say('go', 2, { ...low, kind: 'event' }));
    outbox.put(say('lamp', 4, low));
    line.done[1]?.();
    expect(outbox.size).toBe(1);
  });
});
