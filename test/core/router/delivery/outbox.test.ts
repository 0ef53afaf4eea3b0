import { describe, expect, it } from 'vitest';
import { messageType, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { routerLimits } from '../../../../src-main/core/router/limits.ts';
import { Outbox, type OutboxLimits } from '../../../../src-main/core/router/delivery/outbox.ts';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { TurnLine } from '../../../../src-main/core/router/delivery/turn-line.ts';
import { Turn } from '../../../../src-main/core/router/delivery/turn.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { addressed, publish, set } from '../router-fixture.ts';
import { Valve } from '../valve.ts';

function setup(limits: Partial<OutboxLimits> = {}, connection = new Valve()): Setup {
  const deferred: (() => void)[] = [];
  const line = new TurnLine({ clock: new SimulatedClock(), defer: (run) => deferred.push(run), limits: routerLimits });
  const turn = new Turn(line.atEnd);
  const result: Setup = {
    connection,
    shed: 0,
    overflow: undefined,
    endTurn: () => deferred.splice(0).forEach((run) => run()),
    another: (other) => make(other),
    outbox: undefined as unknown as Outbox,
  };
  const make = (to: Valve): Outbox =>
    new Outbox({
      connection: to,
      turn,
      line,
      limits: { ...routerLimits, ...limits },
      onShed: (_reason, count) => (result.shed += count),
      onOverflow: (reason) => (result.overflow = reason),
    });
  return Object.assign(result, { outbox: make(connection) });
}
interface Setup {
  readonly connection: Valve;
  readonly outbox: Outbox;
  shed: number;
  overflow: string | undefined;
  endTurn(): void;
  another(connection: Valve): Outbox;
}

const frame = (message: Message): SharedFrame => new SharedFrame(message);
const event = (n: number): SharedFrame => frame(publish('event', '/e', n));
const sample = (n: number, address = '/s'): SharedFrame => frame(publish('stream', address, n));
const value = (n: number, address = '/p'): SharedFrame => frame(set(address, n));

describe('outbox of a peer that keeps up', () => {
  it('[RT40] sends what one turn collected in one write, in order', () => {
    const { outbox, connection, endTurn } = setup();
    for (let n = 0; n < 5; n++) outbox.add(event(n));
    expect(connection.chunks).toHaveLength(0);
    endTurn();
    expect(connection.chunks).toHaveLength(1);
    expect(addressed(connection.messages()).map(([, n]) => n)).toEqual([0, 1, 2, 3, 4]);
    endTurn();
    expect(connection.chunks).toHaveLength(1);
  });

  it('[RT40] shares the very bytes between peers that got the same, and not with one that got something of its own', () => {
    const { outbox, connection, another, endTurn } = setup();
    const [second, third] = [new Valve(), new Valve()];
    const [two, three] = [another(second), another(third)];
    for (let n = 0; n < 3; n++) {
      const shared = event(n);
      for (const each of [outbox, two, three]) each.add(shared);
      if (n === 1) three.add(frame({ type: messageType.ack }));
    }
    endTurn();
    expect(second.chunks[0]).toBe(connection.chunks[0]);
    expect(third.chunks[0]).not.toBe(connection.chunks[0]);
    expect(third.messages().map(({ type }) => type)).toEqual([0x20, 0x20, 0x50, 0x20]);
  });

  it('[RT40] sends frames one by one where the framing cannot tell them apart', () => {
    const { outbox, connection, endTurn } = setup({}, new Valve('none'));
    for (let n = 0; n < 3; n++) outbox.add(event(n));
    endTurn();
    expect(connection.chunks).toHaveLength(3);
  });

  it('[RT41] does not let a batch grow past its limit within a turn', () => {
    const { outbox, connection } = setup({ batchBytesMax: 1000 });
    for (let n = 0; n < 100; n++) outbox.add(event(n));
    expect(connection.chunks.length).toBeGreaterThan(1);
    for (const chunk of connection.chunks) expect(chunk.length).toBeLessThan(1600);
  });

  it('[RT41] joins a batch of very many small frames', () => {
    const { outbox, connection, endTurn } = setup({ batchBytesMax: 10_000_000 });
    for (let n = 0; n < 50_000; n++) outbox.add(event(n));
    endTurn();
    expect(connection.messages()).toHaveLength(50_000);
  });

  it('[RT42] leaves out and counts a frame larger than the peer takes', () => {
    const state = setup({}, new Valve('none', 30));
    state.outbox.add(frame(set('/a/long/address/of/more/than/thirty/bytes', 1)));
    state.outbox.add(event(1));
    state.endTurn();
    expect(state.connection.chunks).toHaveLength(1);
    expect(state.shed).toBe(1);
  });
});

describe('outbox of a slow peer', () => {
  it('[RT43] holds events and answers in order and leaves none out', () => {
    const state = setup();
    state.connection.isFull = true;
    for (let n = 0; n < 500; n++)
      state.outbox.add(n % 2 ? event(n) : frame({ type: messageType.ack, revision: BigInt(n) }));
    state.endTurn();
    state.connection.drain();
    const seen = state.connection.messages();
    expect(seen).toHaveLength(500);
    expect(seen.map((message) => (message.type === messageType.ack ? Number(message.revision) : -1))).toEqual(
      Array.from({ length: 500 }, (_, n) => (n % 2 ? -1 : n)),
    );
    expect(state.shed).toBe(0);
  });

  it('[RT43] lets the newest stream sample of an address take the place of older ones, and tells with ERROR 503', () => {
    const state = setup();
    state.connection.isFull = true;
    for (let n = 0; n < 100; n++) for (const address of ['/s', '/t']) state.outbox.add(sample(n, address));
    state.outbox.add(event(7));
    state.outbox.add(sample(100));
    state.endTurn();
    state.connection.drain();
    state.endTurn();
    const seen = state.connection.messages();
    expect(addressed(seen)).toEqual([
      ['/t', 99],
      ['/e', 7],
      ['/s', 100],
    ]);
    expect(seen[0]).toMatchObject({ type: messageType.error, code: 503 });
    expect(seen[0]).toMatchObject({
      message: expect.stringContaining('199 stream samples, 0 gesture moves') as string,
    });
    expect(state.shed).toBe(199);
  });

  it('[RT44] keeps every value of a param until a quarter of the bound, then only newer ones; the last one is exact', () => {
    const state = setup({ outboxMessagesMax: 100 });
    state.connection.isFull = true;
    for (let n = 0; n < 1000; n++) state.outbox.add(value(n));
    state.endTurn();
    state.connection.drain();
    state.endTurn();
    const values = addressed(state.connection.messages()).map(([, n]) => n);
    expect(values.slice(0, 26)).toEqual(Array.from({ length: 26 }, (_, n) => n));
    expect(values.slice(26)).toEqual([999]);
    expect(state.connection.messages()[0]).toMatchObject({
      code: 503,
      message: expect.stringContaining('and 973 older param values') as string,
    });
    expect(state.overflow).toBeUndefined();
  });

  it('[RT45] drops all samples before it gives a session up, then gives it up with the counts', () => {
    const state = setup({ outboxMessagesMax: 10 });
    state.connection.isFull = true;
    for (let n = 0; n < 5; n++) state.outbox.add(sample(n, `/s/${n}`));
    for (let n = 0; n < 10; n++) state.outbox.add(event(n));
    expect(state.overflow).toBeUndefined();
    state.endTurn();
    expect([state.overflow, state.shed]).toEqual([undefined, 5]);
    state.outbox.add(event(10));
    expect(state.overflow).toMatch(
      /^too slow: 11 messages of \d+ bytes waited; left out: 5 samples, 0 moves, 0 values$/,
    );
    state.connection.drain();
    expect(state.connection.chunks).toEqual([]);
  });

  it('[RT45] counts bytes as well as messages', () => {
    const state = setup({ outboxBytesMax: 10_000 });
    state.connection.isFull = true;
    const large = frame(publish('event', '/e', { type: 'string', value: 'x'.repeat(3000) }));
    for (let n = 0; n < 3; n++) state.outbox.add(large);
    state.endTurn();
    expect(state.overflow).toBeUndefined();
    state.outbox.add(large);
    expect(state.overflow).toContain('too slow');
  });

  it('[RT43] goes on in order when the peer drains only in part', () => {
    const state = setup({ batchBytesMax: 300 });
    state.connection.isFull = true;
    for (let n = 0; n < 100; n++) state.outbox.add(event(n));
    state.endTurn();
    const { connection } = state;
    const takeAll = connection.send.bind(connection);
    let room = 2;
    connection.send = (chunk) => room-- > 0 && takeAll(chunk);
    connection.drain();
    state.outbox.add(event(100));
    room = 1000;
    connection.drain();
    state.endTurn();
    expect(addressed(connection.messages()).map(([, n]) => n)).toEqual(Array.from({ length: 101 }, (_, n) => n));
  });
});

describe('who wants to know when something has left an outbox', () => {
  it('[MT29] hears it as the batch is in the socket, at once where nothing waits, and once', () => {
    const { outbox, connection, endTurn } = setup();
    const left: string[] = [];
    const hear = (what: string) => (): void => void left.push(`${what} ${connection.chunks.length}`);
    outbox.whenLeft(hear('nothing'));
    outbox.add(event(1));
    outbox.whenLeft(hear('first'));
    outbox.add(event(2));
    expect(left).toEqual(['nothing 0']);
    endTurn();
    outbox.add(event(3));
    endTurn();
    expect(left).toEqual(['nothing 0', 'first 1']);
  });

  it.each(['length32', 'none'] as const)('[MT29] hears it when a slow peer has taken what was held (%s)', (framing) => {
    const { outbox, connection, endTurn } = setup({ batchBytesMax: 60 }, new Valve(framing));
    const left: number[] = [];
    connection.isFull = true;
    for (let n = 0; n < 6; n++) {
      outbox.add(event(n));
      outbox.whenLeft(() => left.push(n));
      if (n === 2) endTurn();
    }
    endTurn();
    expect(left).toEqual([]);
    connection.drain();
    expect(left).toEqual([0, 1, 2, 3, 4, 5]);
    expect(connection.messages()).toHaveLength(6);
  });

  it('[MT29] hears it of what gave way when the line has come past its place', () => {
    const { outbox, connection, endTurn } = setup();
    const left: number[] = [];
    connection.isFull = true;
    for (let n = 0; n < 4; n++) {
      outbox.add(sample(n));
      outbox.whenLeft(() => left.push(n));
      endTurn();
    }
    connection.drain();
    expect(left).toEqual([0, 1, 2, 3]);
    expect(addressed(connection.messages()).at(-1)).toEqual(['/s', 3]);
  });

  it('[MT29] is one of 256 at most while a peer stands still, and hears nothing of a session that ends', () => {
    const { outbox, connection, endTurn } = setup();
    let left = 0;
    connection.isFull = true;
    for (let n = 0; n < 300; n++) {
      outbox.add(event(n));
      outbox.whenLeft(() => left++);
    }
    endTurn();
    connection.drain();
    expect(left).toBe(256);
    outbox.add(event(1));
    outbox.whenLeft(() => left++);
    outbox.close();
    endTurn();
    expect(left).toBe(256);
  });
});
