import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/contract/errors.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import type { ClaspClient } from '../../../src-main/core/client/client-api.ts';
import type { Received } from '../../../src-main/core/client/received.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { MemoryJournalStore } from '../../memory-journal-store.ts';
import { startJournal } from '../router/kept-router.ts';
import { publish, RouterFixture } from '../router/router-fixture.ts';
import { pattern } from './addresses.ts';
import { clientOf, openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const event = (n: number): Message => ({
  ...{ type: messageType.publish, kind: 'event', address: '/e', value: WireValue.of(f64(n)) },
});
const numberOf = ({ signal }: Received): number => (signal.value.type === 'f64' ? signal.value.value : -1);

/** Reads all of it; what was read so far stands in `found`. */
function read(client: ClaspClient, request = {}): { readonly found: number[]; readonly end: Promise<string> } {
  const found: number[] = [];
  const reading = async (): Promise<string> => {
    for await (const received of client.replay(pattern('/e'), request)) found.push(numberOf(received));
    return 'whole';
  };
  const end = reading().catch((error: unknown) => (error instanceof AppError ? error.code : String(error)));
  return { found, end };
}

describe('pages of a replay', () => {
  it('[CL95] come one at a time, also of two replays, and what is live between them goes to who subscribed', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const live: number[] = [];
    client.subscribe(pattern('/e'), (received) => void live.push(numberOf(received)));
    await router.settle();
    router.take();
    const [one, two] = [read(client), read(client, { limit: 1 })];
    await router.settle();
    const [first, ...none] = router.takeOnly(messageType.replay);
    expect(none).toEqual([]);
    router.send(event(1), 100n);
    router.send(event(9));
    router.send({ type: messageType.set, address: '/e', value: WireValue.of(f64(2)), revision: 5n }, 101n);
    router.ack(first ?? fail(), { revision: 2n });
    await router.settle();
    const [second] = router.takeOnly(messageType.replay);
    expect(second?.message.limit).toBe(1);
    router.send(event(3), 100n);
    router.ack(second ?? fail(), { revision: 1n });
    expect(await outcomeOf(router, Promise.all([one.end, two.end]))).toEqual(['whole', 'whole']);
    expect([one.found, two.found, live]).toEqual([[1, 2], [3], [9]]);
    client.close();
  });

  it('[CL95] and the past of a subscription wait for each other', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const replayed = read(client);
    await router.settle();
    const heard: unknown[] = [];
    client.subscribe(pattern('/e'), (received) => void heard.push([numberOf(received), received.pastAt]), {
      history: 5,
    });
    const cancel = client.subscribe(pattern('/never'), () => undefined, { history: 5 });
    cancel();
    await router.settle();
    const [page, ...others] = router.take();
    expect(others).toEqual([]);
    router.send(event(1), 100n);
    router.ack(page ?? fail(), { revision: 1n });
    await router.settle();
    const after = read(client);
    await router.settle();
    const [subscribe, ...none] = router.take();
    expect([subscribe?.message.type, none]).toEqual([messageType.subscribe, []]);
    router.send(event(2), 101n);
    router.ack(subscribe ?? fail());
    await router.settle();
    const [last] = router.takeOnly(messageType.replay);
    router.send(event(3), 102n);
    router.ack(last ?? fail(), { revision: 1n });
    expect(await outcomeOf(router, Promise.all([replayed.end, after.end]))).toEqual(['whole', 'whole']);
    expect([replayed.found, heard, after.found]).toEqual([[1], [[2, 101]], [3]]);
    client.close();
  });

  it('[CL96] that a lost connection cut off are asked for again, and nothing of them is given twice', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const replayed = read(client);
    await router.settle();
    expect(router.takeOnly(messageType.replay)).toHaveLength(1);
    router.send(event(1), 100n);
    await router.settle();
    router.cut();
    await router.clock.advanceAsync(1000);
    const [again, ...none] = router.takeOnly(messageType.replay);
    expect(none).toEqual([]);
    router.send(event(1), 100n);
    router.send(event(2), 100n);
    router.ack(again ?? fail(), { revision: 2n });
    expect(await outcomeOf(router, replayed.end)).toBe('whole');
    expect(replayed.found).toEqual([1, 2]);
    client.close();
  });

  it('[CL94] that the router refuses, cannot do or does not answer end the replay with a code', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router, { limits: { requestTimeoutMs: millis(500), quietMs: millis(60_000) } });
    const refused = read(client);
    await router.settle();
    router.error(router.takeOnly(messageType.replay)[0] ?? fail(), 501);
    expect(await outcomeOf(router, refused.end)).toBe('peer-failed');
    const unanswered = [read(client), read(client)];
    await router.clock.advanceAsync(501);
    expect(await outcomeOf(router, Promise.all(unanswered.map(({ end }) => end)))).toEqual(['no-answer', 'no-answer']);
    // What it still says of the page could not be told from the next one.
    expect(client.state().phase).toBe('waiting');
    const closed = read(client);
    client.close();
    expect(await outcomeOf(router, closed.end)).toBe('link-closed');
    expect(await outcomeOf(router, read(client).end)).toBe('link-closed');

    const old = new ScriptedRouter({ knowsIds: false });
    expect(await outcomeOf(old, read((await openClient(old)).client).end)).toBe('cannot-send');
    const lossy = new ScriptedRouter({ wrap: (connection) => Object.assign(connection, { reliable: false as true }) });
    expect(await outcomeOf(lossy, read((await openClient(lossy)).client).end)).toBe('cannot-send');
  });

  it('[CL92] give with our router what a full journal has, over many pages of equal times', async () => {
    const fixture = new RouterFixture();
    const { router, clock } = fixture;
    const defer = (run: () => void): void => void clock.after(millis(0.01), run);
    await startJournal(fixture, { store: new MemoryJournalStore(), mode: 'full', defer });
    const desk = await fixture.join();
    for (let i = 0; i < 3500; i++) {
      desk.send(publish('event', '/e', i));
      if (i % 700 === 699) clock.advance(1);
      await Promise.resolve();
    }
    await fixture.settle();
    await clock.advanceAsync(1000);
    const dial = (): Promise<MemoryConnection> => {
      const [near, far] = MemoryConnection.pair('late');
      router.accept(far);
      return Promise.resolve(near);
    };
    const { client } = clientOf({ clock, dial });
    const replayed = read(client);
    for (let i = 0; i < 1000 && replayed.found.length < 3500; i++) {
      await clock.advanceAsync(10);
      await fixture.settle();
    }
    expect(replayed.found.length).toBe(3500);
    expect(replayed.found).toEqual(Array.from({ length: 3500 }, (_, i) => i));
    client.close();
  });
});

function fail(): never {
  throw new Error('nothing was asked');
}
