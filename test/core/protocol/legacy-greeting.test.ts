import { describe, expect, it } from 'vitest';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { legacy } from './legacy-packing.ts';

describe('legacy greetings and announcements', () => {
  it('[PR15] reads HELLO and WELCOME and forgets features it does not know', () => {
    const features = ['param', 'nonsense', 'federation'];
    expect(
      legacy({ type: 'HELLO', version: 2, name: 'a', features, capabilities: { encryption: false }, token: null }),
    ).toEqual({
      type: messageType.hello,
      version: 2,
      name: 'a',
      features: ['param', 'federation'],
    });
    expect(legacy({ type: 'WELCOME', version: 1, session: 's', name: 'r', features, time: 5, token: 't' })).toEqual({
      type: messageType.welcome,
      version: 1,
      session: 's',
      name: 'r',
      features: ['param'],
      time: 5n,
      token: 't',
    });
  });

  it('[PR15] reads ANNOUNCE, RESULT and QUERY', () => {
    const meta = { unit: 'dB', range: [0, 1.5], default: 1, description: 'x' };
    const signals = [
      { address: '/a', type: 'stream', datatype: 'f32', access: 'rw', meta },
      { address: '/b', type: 'odd' },
    ];
    const plainSignal = { address: '/a', kind: 'stream', datatype: 'f32', access: 'rw' };
    expect(legacy({ type: 'ANNOUNCE', namespace: '/n', signals })).toEqual({
      type: messageType.announce,
      namespace: '/n',
      signals: [
        { ...plainSignal, meta: { ...meta, default: { code: 5, data: '0000000000000001' } } },
        { address: '/b', kind: 'event' },
      ],
    });
    expect(legacy({ type: 'RESULT', signals })).toEqual({
      type: messageType.result,
      signals: [plainSignal, { address: '/b', kind: 'event' }],
    });
    expect(legacy({ type: 'QUERY', pattern: '/**' })).toEqual({ type: messageType.query, pattern: '/**' });
  });

  it('[RT150] reads the strategy in meta, if it is one', () => {
    const signal = (strategy: string) => ({ address: '/a', type: 'param', meta: { strategy } });
    expect(legacy({ type: 'ANNOUNCE', namespace: '/n', signals: [signal('max'), signal('best')] })).toMatchObject({
      signals: [{ meta: { strategy: 'max' } }, { meta: {} }],
    });
  });

  it('[PR15] reads FEDERATION_SYNC', () => {
    expect(
      legacy({
        type: 'FEDERATION_SYNC',
        op: 'revision_vector',
        patterns: ['/a'],
        revisions: { '/a/x': 5 },
        since_revision: 4,
        origin: 'r',
      }),
    ).toEqual({
      type: messageType.federationSync,
      operation: 3,
      patterns: ['/a'],
      revisions: [['/a/x', 5n]],
      since: 4n,
      origin: 'r',
    });
    expect(() => legacy({ type: 'FEDERATION_SYNC', op: 'nonsense' })).toThrow(
      expect.objectContaining({ code: 'bad-message' }),
    );
  });
});
