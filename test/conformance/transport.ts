import { afterEach, describe, expect, it } from 'vitest';
import { frameFor } from '../../src-main/core/protocol/framing.ts';
import type { Connection, Listening, Transport } from '../../src-main/ports/transport.ts';
import { bytesOfFrame } from '../../src-main/ports/placed-frame.ts';
import { until } from '../until.ts';

export interface TransportCase {
  readonly transport: Transport;
  /** Makes the peer of this connection stop reading, so that the connection fills up; returns how to go on. */
  stall(connection: Connection): () => void;
  /** what a peer hears of a close on a wire that has no word for its reason; the reason itself without */
  readonly closeWords?: string;
  /** what comes faster than it is read is lost */
  readonly isLossy?: boolean;
  /** what a client says first where nobody is accepted before; both ends take it as read */
  readonly greeting?: readonly Uint8Array[];
  /** Makes a frame of these bytes, on wires that tell frames by what they are; the bytes themselves without. */
  readonly asFrame?: (bytes: Uint8Array) => Uint8Array;
}

const directions = ['client to server', 'server to client'] as const;

/** What every Transport promises, see `ports/transport.ts`. Those that lose frames promise no more than the network does. */
export function describeTransport(name: string, make: () => TransportCase): void {
  const { isLossy = false, asFrame = (bytes: Uint8Array) => bytes } = make();
  describe(`transport ${name}`, () => {
    const pair = usePairs(make);

    for (const direction of directions) {
      it(`[TP1] carries frames of any size byte for byte and in order, ${direction}`, async () => {
        const [sender, receiver] = endsOf(await pair(), direction);
        const received = collect(receiver);
        const sizes = [4, 125, 126, 127, 1000, 65_535, 65_536, sender.maxBytes, 5].filter(
          (size) => size <= sender.maxBytes,
        );
        const sent = sizes.map((size, i) => asFrame(Uint8Array.from({ length: size }, (_, at) => (at * 7 + i) & 0xff)));
        for (const frame of sent) {
          await sendWhole(sender, frame);
          if (isLossy) await nextTurn();
        }
        await until('all frames', () => received.length === sent.length);
        received.forEach((frame, i) => expect(Buffer.compare(frame, sent[i] ?? Buffer.of())).toBe(0));
      });

      it(`[TP1] keeps 5000 small frames apart, ${direction}`, async () => {
        const [sender, receiver] = endsOf(await pair(), direction);
        const received = collect(receiver);
        for (let i = 0; i < 5000; i++) {
          await sendWhole(sender, asFrame(Uint8Array.of(1, 2, 3, 4, i >> 8, i & 0xff)));
          if (isLossy && i % 20 === 0) await nextTurn();
        }
        await until('all frames', () => received.length === 5000);
        const wanted = (i: number): Uint8Array => asFrame(Uint8Array.of(1, 2, 3, 4, i >> 8, i & 0xff));
        expect(received.every((frame, i) => frame.equals(wanted(i)))).toBe(true);
      });

      it(`[RT222] never writes again to a frame that it gave out, where it says so, ${direction}`, async () => {
        const [sender, receiver] = endsOf(await pair(), direction);
        const kept: Uint8Array[] = [];
        receiver.onFrame((frame) => kept.push(receiver.framesStay ? bytesOfFrame(frame) : bytesOfFrame(frame).slice()));
        for (let i = 0; i < 2000; i++) {
          await sendWhole(sender, asFrame(new Uint8Array(5 + (i % 300)).fill(i)));
          if (isLossy && i % 20 === 0) await nextTurn();
        }
        await until('all frames', () => kept.length === 2000);
        const wanted = (i: number): Uint8Array => asFrame(new Uint8Array(5 + (i % 300)).fill(i));
        expect(kept.findIndex((frame, i) => Buffer.compare(frame, wanted(i)) !== 0)).toBe(-1);
      });

      it(`[TP2] keeps what comes before somebody listens, ${direction}`, async () => {
        const [sender, receiver] = endsOf(await pair(), direction);
        await sendWhole(sender, asFrame(Uint8Array.of(1, 2, 3, 4)));
        for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
        const received = collect(receiver);
        await until('the frame', () => received.length === 1);
      });

      it(`[TP3] tells both ends once that a connection closed, with the reason, ${direction}`, async () => {
        const made = await pair();
        const [closer, other] = endsOf(made, direction);
        const reasons: string[][] = [[], []];
        closer.onClose((reason) => reasons[0]?.push(reason));
        other.onClose((reason) => reasons[1]?.push(reason));
        const received = collect(other);
        collect(closer);
        await sendWhole(closer, asFrame(Uint8Array.of(9, 9, 9, 9)));
        closer.close('the show is over');
        closer.close('again');
        await until('both to know', () => reasons.every((list) => list.length > 0));
        expect(reasons).toEqual([['the show is over'], [made.closeWords ?? 'the show is over']]);
        expect(received).toHaveLength(1);
        const late: string[] = [];
        other.onClose((reason) => late.push(reason));
        await until('the late listener', () => late.length === 1);
      });

      it(`[TP4] takes nothing after close, from either end, ${direction}`, async () => {
        const [closer, other] = endsOf(await pair(), direction);
        const received = collect(closer);
        collect(other);
        let closed = false;
        other.onClose(() => (closed = true));
        closer.close();
        expect(closer.send(framed(closer, asFrame(Uint8Array.of(1, 2, 3, 4))))).toBe(false);
        other.send(framed(other, asFrame(Uint8Array.of(1, 2, 3, 4))));
        await until('the other end to know', () => closed);
        expect(other.send(framed(other, asFrame(Uint8Array.of(1, 2, 3, 4))))).toBe(false);
        expect(received).toEqual([]);
      });
    }

    it('[TP6] refuses to dial where nobody listens', async () => {
      const { transport, listening } = await pair();
      await listening.stop();
      await expect(transport.dial(listening.url)).rejects.toMatchObject({
        // A line may still be held by who was at its other end.
        code: expect.stringMatching(/^(cannot-open-port|port-in-use)$/) as string,
      });
    });

    it('[TP7] stops within a second and closes what is open, also towards a peer that does not read', async () => {
      const made = await pair();
      collect(made.server);
      made.stall(made.client);
      let closed = '';
      made.server.onClose((reason) => (closed = reason));
      const start = performance.now();
      await made.listening.stop();
      expect(performance.now() - start).toBeLessThan(1000);
      expect(closed).toBe('the listener stops');
    });
  });
}

/** What every Transport promises that loses nothing. */
export function describeBackPressure(name: string, make: () => TransportCase): void {
  const { asFrame = (bytes: Uint8Array) => bytes } = make();
  describe(`back-pressure of transport ${name}`, () => {
    const pair = usePairs(make);

    for (const direction of directions) {
      it(`[TP5] says full when the peer does not read, loses nothing it took, and drains, ${direction}`, async () => {
        const made = await pair();
        const [sender, receiver] = endsOf(made, direction);
        const received = collect(receiver);
        const resume = made.stall(receiver);
        let taken = 0;
        const body = asFrame(Uint8Array.from({ length: 60_000 }, (_, i) => i & 0xff));
        const chunk = framed(sender, body);
        while (sender.send(chunk)) {
          taken++;
          if (taken > 2000) throw new Error('never full');
          await new Promise((resolve) => setImmediate(resolve));
        }
        let drained = 0;
        sender.onDrain(() => drained++);
        expect(sender.send(chunk)).toBe(false);
        resume();
        await until('room again', () => drained > 0);
        expect(sender.send(chunk)).toBe(true);
        await until('all that was taken', () => received.length === taken + 1);
        expect(received.every((frame) => Buffer.compare(frame, body) === 0)).toBe(true);
      });

      it(`[RT217] gives little more once it is told to pause, and the rest in order when it goes on, ${direction}`, async () => {
        const [sender, receiver] = endsOf(await pair(), direction);
        const received = collect(receiver);
        await sendWhole(sender, asFrame(Uint8Array.of(0, 0, 0, 0)));
        await until('the first frame', () => received.length === 1);
        receiver.pauseReading();
        const body = asFrame(new Uint8Array(16_384));
        let sent = 0;
        for (const chunk = framed(sender, body); sent < 100 && sender.send(chunk); sent++) await nextTurn();
        for (let turn = 0; turn < 20; turn++) await nextTurn();
        expect(received.length).toBeLessThanOrEqual(17);
        receiver.resumeReading();
        await until('the rest', () => received.length === sent + 1);
      });
    }

    it('[RT306] gives a peer that reads again all that was sent, then the last message, then the reason', async () => {
      const made = await pair();
      const received = collect(made.client);
      collect(made.server);
      let closed = '';
      made.client.onClose((reason) => (closed = reason));
      const resume = made.stall(made.client);
      const body = asFrame(new Uint8Array(60_000));
      let taken = 0;
      for (const chunk = framed(made.server, body); made.server.send(chunk); taken++) await nextTurn();
      const last = asFrame(Uint8Array.of(5, 5, 5, 5));
      made.server.close('too slow', framed(made.server, last));
      for (let turn = 0; turn < 20; turn++) await nextTurn();
      expect(closed).toBe('');
      resume();
      await until('the end', () => closed !== '');
      expect([received.length, closed]).toEqual([taken + 1, made.closeWords ?? 'too slow']);
      expect(received.at(-1)).toEqual(Buffer.from(last));
    });
  });
}

/** @returns opens both ends of a connection; what is open ends with the test */
function usePairs(make: () => TransportCase): () => Promise<Ends> {
  const open: Listening[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ stop }) => stop()));
  });
  return async () => {
    const made = make();
    let server: Connection | undefined;
    const listening = await made.transport.listen((connection) => (server = connection));
    open.push(listening);
    const client = await made.transport.dial(listening.url);
    for (const frame of made.greeting ?? []) client.send(frame);
    await until('the listener to accept', () => server !== undefined);
    if (!server) throw new Error('not accepted');
    if (made.greeting) await heard(server, made.greeting.length);
    return { ...made, client, server, listening };
  };
}

async function heard(connection: Connection, count: number): Promise<void> {
  let frames = 0;
  const cancel = connection.onFrame(() => frames++);
  await until('the greeting', () => frames === count);
  cancel();
}

function endsOf(made: Ends, direction: (typeof directions)[number]): [sender: Connection, receiver: Connection] {
  return direction === 'client to server' ? [made.client, made.server] : [made.server, made.client];
}

interface Ends extends TransportCase {
  readonly client: Connection;
  readonly server: Connection;
  readonly listening: Listening;
}

function collect(connection: Connection): Buffer[] {
  const frames: Buffer[] = [];
  connection.onFrame((frame) => frames.push(Buffer.from(bytesOfFrame(frame))));
  return frames;
}

function framed(connection: Connection, frame: Uint8Array): Uint8Array {
  return frameFor(connection.framing, frame);
}

async function sendWhole(connection: Connection, frame: Uint8Array): Promise<void> {
  let hasRoom = true;
  connection.onDrain(() => (hasRoom = true));
  while (!connection.send(framed(connection, frame))) {
    hasRoom = false;
    await until('room to send', () => hasRoom);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
