import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import { BleConnection } from '../../../src-main/transports/ble/ble-connection.ts';
import { bleLimits } from '../../../src-main/transports/ble/ble-limits.ts';
import { RadioLinkEvents } from '../../../src-main/transports/ble/radio-link-events.ts';
import type { RadioLink } from '../../../src-main/transports/ble/radio.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

/** Takes one message at a time, when the test says so. */
class HandLink extends RadioLinkEvents implements RadioLink {
  readonly sent: { readonly bytes: Buffer; readonly isAsked: boolean }[] = [];
  disconnected = 0;
  #taken: (() => void) | undefined;

  constructor(mtu: number) {
    super('sensor', mtu);
  }

  send(message: Uint8Array, isAsked: boolean): Promise<void> {
    this.sent.push({ bytes: Buffer.from(message), isAsked });
    return new Promise((resolve) => (this.#taken = resolve));
  }

  async takeOne(): Promise<void> {
    this.#taken?.();
    for (let i = 0; i < 10; i++) await Promise.resolve();
  }

  disconnect(): void {
    this.disconnected++;
    this.end('closed here');
  }
}

function connected(mtu = 23) {
  const clock = new SimulatedClock();
  const link = new HandLink(mtu);
  const lost: string[] = [];
  const connection = new BleConnection({ link, clock, limits: bleLimits, onLost: (why) => lost.push(why) });
  const closed: string[] = [];
  connection.onClose((reason) => closed.push(reason));
  return { clock, link, connection, lost, closed };
}

const set = encodeFrame({ type: messageType.set, address: '/a', value: WireValue.of(f64(1)) }).slice();
const sample = (kind: 'stream' | 'event'): Uint8Array =>
  encodeFrame({ type: messageType.publish, kind, address: '/a', value: WireValue.of(f64(1)) }).slice();

describe('a connection by Bluetooth', () => {
  it('[TP93] asks for a response to what must arrive, not to samples and PINGs, and does not call itself reliable', async () => {
    const { link, connection } = connected(247);
    expect(connection.reliable).toBe(false);
    for (const frame of [set, sample('event'), sample('stream'), encodeFrame({ type: messageType.ping })]) {
      connection.send(frame);
      await link.takeOne();
    }
    expect(link.sent.map(({ isAsked }) => isAsked)).toEqual([true, true, false, false]);
  });

  it('[TP94] queues little, says full, and drains once half of it has left', async () => {
    const { link, connection } = connected(247);
    let taken = 0;
    while (connection.send(set)) taken++;
    expect(taken).toBe(8);
    let drained = 0;
    connection.onDrain(() => drained++);
    for (let i = 0; i < 3; i++) await link.takeOne();
    expect(drained).toBe(0);
    await link.takeOne();
    expect([drained, connection.send(set)]).toEqual([1, true]);
    expect(link.sent.length).toBe(5);
    const other = connected(23).connection;
    const large = new Uint8Array(1500).fill(0x53);
    expect([other.send(large), other.send(large), other.send(large)]).toEqual([true, true, false]);
  });

  it('[TP94] takes a frame of any size when nothing is queued, none past the largest, and no empty one', () => {
    const { connection } = connected();
    expect(connection.send(new Uint8Array(connection.maxBytes + 1))).toBe(false);
    expect(connection.send(new Uint8Array(0))).toBe(false);
    expect(connection.send(new Uint8Array(connection.maxBytes))).toBe(true);
    expect(connection.send(set)).toBe(false);
  });

  it('[TP94] gives up a peer that takes nothing for 30 s', async () => {
    const { clock, link, connection, closed } = connected();
    connection.send(set);
    clock.advance(29_999);
    expect(closed).toEqual([]);
    clock.advance(1);
    expect([closed, link.disconnected, connection.send(set)]).toEqual([['the peer takes nothing more'], 1, false]);
  });

  it('[TP95] uses an MTU that grows from the next piece on', async () => {
    const { link, connection } = connected(23);
    connection.send(new Uint8Array(100).fill(0x53));
    link.agreeOn(247);
    await link.takeOne();
    await link.takeOne();
    expect(link.sent.map(({ bytes }) => bytes.length)).toEqual([20, 89]);
  });

  it('[TP95] gives nothing of a frame in the middle of which the link ended, and leaves no timer', () => {
    const { clock, link, connection, closed, lost } = connected(23);
    const frames: Uint8Array[] = [];
    connection.onFrame((frame) => frames.push(bytesOfFrame(frame)));
    link.receive(Buffer.from('c0000000001c5301001800010203040506070809', 'hex'));
    link.end('the link was lost');
    expect([frames, closed, lost, clock.waiting]).toEqual([[], ['the link was lost'], [], 0]);
  });

  it('[TP95] leaves the rest of a frame where its link ended in the middle of sending it', async () => {
    const { clock, link, connection, closed } = connected(23);
    connection.send(new Uint8Array(100).fill(0x53));
    link.end('the link was lost');
    await link.takeOne();
    await link.takeOne();
    expect([closed, link.sent.length <= 2, connection.send(set)]).toEqual([['the link was lost'], true, false]);
    expect(clock.waiting).toBe(0);
  });

  it('[TP3] sends what was sent before, and the last word, before it disconnects; not longer than it may', async () => {
    const { clock, link, connection, closed } = connected(247);
    connection.send(set);
    connection.close('too slow', encodeFrame({ type: messageType.ping }));
    expect([closed, link.disconnected]).toEqual([['too slow'], 0]);
    await link.takeOne();
    await link.takeOne();
    expect([link.sent.length, link.disconnected]).toEqual([2, 1]);
    const other = connected(247);
    other.connection.send(set);
    other.connection.close();
    other.clock.advance(500);
    expect([other.link.disconnected, clock.waiting]).toEqual([1, 0]);
  });

  it('[TP17] holds little while reading is paused, and counts what it leaves out', () => {
    const { link, connection, lost } = connected(247);
    connection.onFrame(() => undefined);
    connection.pauseReading();
    for (let i = 0; i < 2000; i++) link.receive(set);
    expect(lost.length).toBeGreaterThan(900);
    expect(new Set(lost)).toEqual(new Set(['overrun']));
  });

  it('[TP25] expects answers to PING only of who ever gave one', () => {
    const { link, connection } = connected(247);
    connection.wasHeardSince();
    expect(connection.wasHeardSince()).toBe(true);
    link.receive(encodeFrame({ type: messageType.pong }));
    expect([connection.wasHeardSince(), connection.wasHeardSince()]).toEqual([true, false]);
  });
});
