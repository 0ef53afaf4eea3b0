import { Manager } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { GivenEvents } from '../../../src-main/bridges/socketio/given-events.ts';
import { guardDecoder } from '../../../src-main/bridges/socketio/guarded-transports.ts';
import { TakenEvents } from '../../../src-main/bridges/socketio/taken-events.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { f64, fromJson, nullValue, toJson, type Value } from '../../../src-main/contract/signal.ts';
import { readCall } from '../../../src-main/gateways/web/socketio/guest-events.ts';
import { valueOfArguments } from '../../../src-main/platform/event-arguments.ts';
import captured from '../../fixtures/captures/socketio.json' with { type: 'json' };
import { messagesInFrames } from '../../websocket-frames.ts';
import { socketioSettings } from '../bridge-settings.ts';

/** A packet as the library reads it. [Socket.IO protocol 5: 2 and 5 are events, 3 and 6 their answers] */
interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly data?: unknown;
  readonly id?: number;
}

/** What of the library's its types leave out. */
interface Coding {
  readonly decoder: { on(event: 'decoded', run: (packet: Packet) => void): void; add(data: string | Buffer): void };
  readonly encoder: { encode(packet: Packet): (string | Buffer)[] };
}

const codingOf = (): Coding => new Manager('http://127.0.0.1:1', { autoConnect: false }) as unknown as Coding;

/** The packets in recorded frames, by the reader that the bridge uses, with its guard. [Engine.IO protocol 4: 4 is a message] */
function packetsIn(frames: readonly string[]): Packet[] {
  const packets: Packet[] = [];
  const { decoder } = codingOf();
  guardDecoder(decoder);
  decoder.on('decoded', (packet) => packets.push(packet));
  for (const { data, isBinary } of messagesInFrames(frames)) {
    if (isBinary) decoder.add(data);
    else if (data.toString().startsWith('4')) decoder.add(data.toString().slice(1));
  }
  return packets;
}

/** What an event is called, and what comes with it. */
const saidIn = ({ data }: Packet) => {
  const [event, ...args] = data as [string, ...unknown[]];
  return { event, args };
};
const isEvent = ({ type }: Packet): boolean => type === 2 || type === 5;

describe('events of a server made with python-socketio', () => {
  it('[SO36] are read as what it was told to send, in both namespaces', () => {
    const { settings } = socketioSettings({
      namespaces: [{ name: '/' }, { name: '/desk' }],
      events: [{ event: '**', as: 'param' }],
    });
    const events = new TakenEvents(settings.prefix, settings.namespaces, settings.events);
    const taken = packetsIn(captured['python-server'])
      .filter(isEvent)
      .map((packet) => {
        const signals = events.take({ namespace: packet.nsp, ...saidIn(packet) });
        return typeof signals === 'object' ? signals.map(({ address, value }) => [address, toJson(value)]) : signals;
      });
    expect(taken).toEqual([
      [['/socketio/lamp/1', 0.75]],
      [['/socketio/cue', ['GO', { name: 'Zoë', n: 7 }]]],
      [['/socketio/raw', { data: [0, 255, 16], on: true }]],
      [['/socketio/blackout', null]],
      [['/socketio/desk/level', 3]],
    ]);
  });

  it('[SO36] are answered as it was told to answer', () => {
    const answers = packetsIn(captured['python-server']).filter(({ type }) => type === 3);
    expect(answers.map(({ id, data }) => [id, toJson(valueOfArguments(data as unknown[]))])).toEqual([[1, ['ok', 1]]]);
  });
});

describe('events of a client made with python-socketio', () => {
  const bytes: Value = { type: 'bytes', value: Uint8Array.of(1, 2) };
  const lamp = fromJson({ address: '/lamp/1', value: 0.5 });
  const told = [
    { event: 'set', namespace: '/', args: lamp, own: ['/set', lamp] as const },
    { event: 'ask', namespace: '/', args: fromJson(['cue', 7]), own: ['/ask/cue', fromJson(7)] as const },
    { event: 'raw', namespace: '/desk', args: bytes, own: ['/desk/raw', bytes] as const },
  ];

  it('[SO36] are read as what it was told to send', () => {
    const read = packetsIn(captured['python-client'])
      .filter(isEvent)
      .map((packet) => {
        const { event, args } = saidIn(packet);
        return { event, namespace: packet.nsp, args: valueOfArguments(args) };
      });
    expect(read).toEqual(told.map(({ event, namespace, args }) => ({ event, namespace, args })));
  });

  it('[SO36] leave here by the same packets', () => {
    const { settings } = socketioSettings({
      namespaces: [{ name: '/' }, { name: '/desk' }],
      emissions: [{ from: '/ask/*', event: 'ask', args: '["{1}", {value}]' }, { from: '/**' }],
    });
    const given = new GivenEvents(settings);
    const { encoder } = codingOf();
    const packets = packetsIn(captured['python-client']).filter(isEvent);
    const own = told.flatMap(({ own: [path, value] }, i): readonly (string | Buffer)[] => {
      const found = given.give({ kind: 'param', address: `/socketio${path}` as Address, value });
      if (typeof found === 'string') return [found];
      // The number by which an answer is known is the library's to choose.
      const id = packets[i]?.id;
      const data = [found.event, ...found.args];
      return encoder.encode({ type: 2, nsp: found.namespace, data, ...(id !== undefined && { id }) });
    });
    const lines = messagesInFrames(captured['python-client']).map(({ data, isBinary }) =>
      isBinary ? data : data.toString(),
    );
    const theirs = lines.flatMap((line): readonly (string | Buffer)[] =>
      typeof line !== 'string' ? [line] : /^4[25]/.test(line) ? [line.slice(1)] : [],
    );
    expect(own).toEqual(theirs);
  });
});

describe('calls of a client made with python-socketio', () => {
  it('[SO36] are read at the door as what it was told to ask', () => {
    const calls = packetsIn(captured['python-door-client']).filter(isEvent);
    const f64s = (...numbers: number[]): Value => ({ type: 'array', value: numbers.map(f64) });
    expect(calls.map((packet) => readCall(saidIn(packet)))).toEqual([
      { is: 'set', address: '/lamp/1', value: f64(0.5) },
      { is: 'get', address: '/lamp/1' },
      { is: 'emit', address: '/cue/Zoë', value: fromJson({ go: true }) },
      { is: 'emit', address: '/bang', value: nullValue },
      { is: 'stream', address: '/meter', value: f64s(0.1, 0.2) },
      { is: 'subscribe', pattern: '/lamp/**' },
      { is: 'join', room: '/desk/**' },
      { is: 'plain', address: '/lamp/2', value: { type: 'bytes', value: Uint8Array.of(1, 2) } },
      { is: 'unsubscribe', pattern: '/lamp/**' },
      { is: 'leave', room: '/desk/**' },
    ]);
    // It waits for an answer to those that it was told to call, and not to those that it emits.
    expect(calls.flatMap(({ id }, i) => (id === undefined ? [] : [i]))).toEqual([0, 1, 5, 6]);
  });

  it('[SO36] without what they need are refused with what was expected', () => {
    const [set] = packetsIn(captured['python-door-client']).filter(isEvent);
    const { event, args } = set ? saidIn(set) : { event: '', args: [] };
    expect(() => readCall({ event, args: args.slice(0, 1) })).toThrow('Expected set(address, value).');
    expect(() => readCall({ event, args: args.toReversed() })).toThrow('Expected set(address, value).');
  });
});
