import { describe, expect, it } from 'vitest';
import { GivenMessages } from '../../../src-main/bridges/websocket/given-messages.ts';
import { TakenMessages } from '../../../src-main/bridges/websocket/taken-messages.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { f64, fromJson, nullValue, text, type Value } from '../../../src-main/contract/signal.ts';
import { readRequest } from '../../../src-main/gateways/web/websocket/door-messages.ts';
import captured from '../../fixtures/captures/websocket.json' with { type: 'json' };
import { messagesInFrames } from '../../websocket-frames.ts';
import { websocketSettings } from '../bridge-settings.ts';

const [lamp, cue, plain, raw, packed] = messagesInFrames(captured['websockets-server']);
const settingsOf = (some: object) => websocketSettings({ ...some }).settings;

function taken(message: typeof lamp, some: object = {}): unknown {
  const found = message && new TakenMessages(settingsOf(some)).take(message.data, message.isBinary);
  return typeof found === 'object' ? found.map(({ address, value }) => [address, value]) : found;
}

function given(path: string, value: Value, some: object = {}): unknown {
  const found = new GivenMessages(settingsOf(some)).give({ kind: 'param', address: `/ws${path}` as Address, value });
  return typeof found === 'string' ? found : Buffer.from(found.data);
}

/** Value 2 of what the server sent in MessagePack. */
const many: Value = {
  type: 'array',
  value: [
    ...[{ type: 'i32', value: 1 } as const, f64(0.5), text('a'), nullValue],
    ...[{ type: 'bytes', value: Uint8Array.of(1, 2) } as const, { type: 'i32', value: -5 } as const],
    { type: 'i64', value: 2n ** 40n },
  ],
};

describe('messages of a server made with websockets', () => {
  it('[WJ36] are read as what it was told to send, in JSON, text and bytes', () => {
    expect(taken(lamp)).toEqual([['/ws/lamp/1', f64(0.75)]]);
    const found = { name: text('Zoë'), go: fromJson(true), n: { type: 'i64', value: 9_007_199_254_740_993n } as const };
    const data: Value = { type: 'map', value: Object.entries(found) };
    const whole: Value = { type: 'map', value: [['type', text('cue')] as const, ['data', data] as const] };
    expect(taken(cue)).toEqual([['/ws/message', whole]]);
    expect(taken(plain)).toEqual([['/ws/text', text('GO 12')]]);
    expect(taken(raw)).toEqual([['/ws/binary', { type: 'bytes', value: Uint8Array.of(0, 255, 16) }]]);
  });

  it('[WJ36] are read in MessagePack, whole numbers apart from floats', () => {
    expect(taken(packed, { format: 'msgpack', numbers: 'written' })).toEqual([['/ws/lamp/2', many]]);
  });

  it('[WJ36] are written with the same bytes', () => {
    expect(given('/lamp/1', f64(0.75))).toEqual(lamp?.data);
    expect(given('/text', text('GO 12'), { format: 'text' })).toEqual(plain?.data);
    expect(given('/raw', { type: 'bytes', value: Uint8Array.of(0, 255, 16) }, { format: 'binary' })).toEqual(raw?.data);
    // A whole number past 32 bits is an i64 here, and unsigned there: MessagePack knows both.
    const signed = packed?.data.toString('hex').replace('cf0000010000000000', 'd30000010000000000') ?? '';
    expect(given('/lamp/2', many, { format: 'msgpack' })).toEqual(Buffer.from(signed, 'hex'));
  });
});

describe('messages of a client made with websockets', () => {
  it('[WJ36] are read at the door as what it was told to ask', () => {
    const requests = messagesInFrames(captured['websockets-client']).map(({ data, isBinary }) =>
      readRequest(data, isBinary, 'float'),
    );
    expect(requests).toEqual([
      { type: 'set', id: f64(1), address: '/lamp/1', value: f64(0.5), revision: undefined },
      { type: 'subscribe', id: f64(2), pattern: '/lamp/**' },
      { type: 'emit', id: undefined, address: '/cue/Zoë', value: fromJson({ go: true }) },
      {
        ...{ type: 'set', id: { type: 'i32', value: 4 }, address: '/lamp/2' },
        ...{ value: { type: 'i32', value: 255 }, revision: 3n },
      },
      { type: 'set', id: undefined, address: '/long', value: text('x'.repeat(200)), revision: undefined },
    ]);
  });
});
