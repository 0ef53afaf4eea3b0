import { describe, expect, it } from 'vitest';
import { f64, fromJson, type Value } from '../../../src-main/contract/signal.ts';
import { formatSignal, parseSignal, type PeerSignal } from '../../../src-main/transports/webrtc/peer-signal.ts';

const correlationId = 'c1';
const signals: readonly PeerSignal[] = [
  { type: 'offer', correlationId, sdp: 'v=0' },
  { type: 'answer', correlationId, sdp: 'v=0' },
  { type: 'ice_candidate', correlationId, candidate: '{}' },
  { type: 'connected', correlationId },
  { type: 'disconnected', correlationId, reason: 'enough' },
];

describe('what peers tell each other', () => {
  it.each(signals)('[TP75] is read as it is written: $type', (signal) => {
    expect(parseSignal(formatSignal(signal, 'router'))).toEqual(signal);
    expect(formatSignal(signal, 'router')).toMatchObject({
      type: 'map',
      value: [
        ['type', { value: signal.type }],
        ['from', { value: 'router' }],
        ['correlation_id', { value: 'c1' }],
        ...(signal.type === 'connected' ? [] : [{}]),
      ],
    });
  });

  it.each<Value>([
    f64(1),
    fromJson({}),
    fromJson({ type: 'offer', correlation_id: 'a' }),
    fromJson({ type: 'offer', sdp: 'v=0' }),
    fromJson({ type: 'offer', sdp: 7, correlation_id: 'a' }),
    fromJson({ type: 'ice_candidate', correlation_id: 'a' }),
    fromJson({ type: '__proto__', correlation_id: 'a' }),
    fromJson({ type: 'connected', correlation_id: 'x'.repeat(129) }),
  ])('[TP80] is refused with what was expected: %j', (value) => {
    expect(() => parseSignal(value)).toThrow(/^Expected /);
  });
});
