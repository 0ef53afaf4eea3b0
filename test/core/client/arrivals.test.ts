import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { Arrivals } from '../../../src-main/core/client/arrivals.ts';
import { arrivalsAddress } from '../../../src-main/core/protocol/arrivals.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type AckMessage } from '../../../src-main/core/protocol/messages.ts';
import { publish } from '../router/router-fixture.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { clientOf, ScriptedRouter } from './scripted-router.ts';

const event = encodeFrame(publish('event', '/e'));
const sample = encodeFrame(publish('stream', '/s'));
const ack = (revision: bigint, holder?: string): AckMessage => ({
  type: messageType.ack,
  address: arrivalsAddress,
  revision,
  ...(holder !== undefined && { holder }),
});

interface Setup {
  readonly clock: SimulatedClock;
  readonly arrivals: Arrivals;
  readonly told: unknown[];
  isFull: boolean;
}

function setup(): Setup {
  const clock = new SimulatedClock();
  const told: unknown[] = [];
  const limits = { arrivalsUntoldMax: 3, arrivalsToldMs: millis(1000) };
  const made = { clock, told, isFull: false, arrivals: undefined as unknown as Arrivals };
  const send = ({ revision }: AckMessage): boolean => {
    if (!made.isFull) told.push(revision);
    return !made.isFull;
  };
  return Object.assign(made, { arrivals: new Arrivals({ clock, limits, send }) });
}

describe('the count of what has arrived', () => {
  it('[CL100] goes on where the router says, and begins the next session', () => {
    const { arrivals } = setup();
    expect(arrivals.opening()).toEqual(ack(0n, ''));
    arrivals.heard(event);
    expect(arrivals.begin(ack(5n, 'count'))).toBe(true);
    for (const bytes of [event, sample, event]) arrivals.heard(bytes);
    arrivals.lost();
    arrivals.heard(event);
    expect(arrivals.opening()).toEqual(ack(7n, 'count'));
  });

  it('[CL360] counts nothing where it says that it wants no more: which count goes on is not known by then', () => {
    const { arrivals } = setup();
    arrivals.begin(ack(5n, 'count'));
    arrivals.heard(event);
    arrivals.lost();
    expect([arrivals.opening(), arrivals.wanted()]).toEqual([ack(6n, 'count'), ack(0n)]);
  });

  it('[CL100] takes no other ACK for the router’s', () => {
    const { arrivals } = setup();
    expect(arrivals.begin({ type: messageType.ack, address: '/a', revision: 1n, holder: 'somebody' })).toBe(false);
    expect(arrivals.begin(ack(1n))).toBe(false);
    expect(arrivals.begin({ ...ack(1n, 'who locked a param there'), locked: true, correlationId: 7 })).toBe(false);
  });

  it('[CL101] is told after so many, or so long after the first, and again where the connection was full', () => {
    const made = setup();
    const { arrivals, clock, told } = made;
    arrivals.begin(ack(0n, 'count'));
    for (let i = 0; i < 3; i++) arrivals.heard(event);
    expect([told, clock.waiting]).toEqual([[3n], 0]);
    arrivals.heard(event);
    clock.advance(999);
    expect(told).toEqual([3n]);
    clock.advance(1);
    expect([told, clock.waiting]).toEqual([[3n, 4n], 0]);
    made.isFull = true;
    for (let i = 0; i < 3; i++) arrivals.heard(event);
    made.isFull = false;
    arrivals.heard(event);
    expect(told).toEqual([3n, 4n, 8n]);
    arrivals.heard(event);
    arrivals.lost();
    expect(clock.waiting).toBe(0);
  });
});

describe('a client', () => {
  it('[CL100] says how far it came before it subscribes anew, and that it wants no more behind it', async () => {
    const router = new ScriptedRouter();
    const { client } = clientOf(router);
    const cancel = client.subscribe(parsePattern('/e'), () => undefined);
    client.subscribe(parsePattern('/f'), () => undefined);
    await router.settle();
    const sent = (): unknown[] =>
      router.takeAll().flatMap(({ message }): unknown[] => {
        if (message.type === messageType.subscribe) return [message.id];
        return message.type === messageType.ack ? [message.holder ?? message.revision] : [];
      });
    expect(sent()).toEqual(['', 1, 2, 0n]);
    router.send(ack(0n, 'count'));
    router.sendBytes(event);
    await router.settle();
    router.cut();
    await router.settle();
    cancel();
    await router.clock.advanceAsync(1000);
    expect(sent()).toEqual(['count', 2, 0n]);
    client.close();
  });

  it('[CL100] says nothing of it to routers without request ids, nor over links that lose frames', async () => {
    const old = new ScriptedRouter({ knowsIds: false });
    const lossy = new ScriptedRouter({ wrap: (near) => Object.defineProperty(near, 'reliable', { value: false }) });
    for (const router of [old, lossy]) {
      clientOf(router);
      await router.settle();
      expect(router.takeOnly(messageType.ack)).toEqual([]);
    }
  });
});
