import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import { messageType, type AckMessage, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { EarlierRequests, type EarlierAnswer } from '../../../../src-main/core/router/sessions/earlier-requests.ts';
import { publish, set, subscribe } from '../router-fixture.ts';

const ack: AckMessage = { type: messageType.ack, correlationId: 7 };
const answered = (id: bigint, more: Partial<EarlierAnswer> = {}): EarlierAnswer => ({
  secret: 's',
  id,
  at: micros(0),
  answer: ack,
  kept: undefined,
  endsAllBefore: false,
  ...more,
});
const bundle: Message = { type: messageType.bundle, messages: [] };
const commit = (id: bigint) => ({ id, qos: 'commit' }) as const;
const confirm = (id: bigint) => ({ id, qos: 'confirm' }) as const;

describe('requests of an earlier run', () => {
  it('[JR52] are recalled by their ids, only what changes state', () => {
    const earlier = new EarlierRequests([answered(7n)]);
    expect(earlier.recall(set('/a', 1), commit(7n))).toBe(ack);
    expect(earlier.recall(set('/a', 1), commit(8n))).toBeUndefined();
    expect(earlier.recall(set('/a', 1), { id: undefined, qos: 'commit' })).toBeUndefined();
    expect(earlier.recall(subscribe('/a'), commit(7n))).toBeUndefined();
    expect(earlier.recall({ type: messageType.announce, namespace: '/a', signals: [] }, commit(7n))).toBeUndefined();
  });

  it('[JR54] of which half is on disk are answered where that is all they did, and done where it is the other half', () => {
    const earlier = new EarlierRequests([answered(1n, { kept: 'params' }), answered(2n, { kept: 'signals' })]);
    expect(earlier.recall(set('/a', 1), commit(1n))).toBe(ack);
    expect(earlier.recall(publish('timeline', '/a'), commit(1n))).toBe(ack);
    expect(earlier.recall(publish('event', '/a'), commit(1n))).toBeUndefined();
    expect(earlier.recall(bundle, commit(1n))).toEqual({ kept: 'params', answer: ack });
    expect(earlier.recall(set('/a', 1), commit(2n))).toBeUndefined();
    expect(earlier.recall(publish('event', '/a'), commit(2n))).toBe(ack);
    expect(earlier.recall(bundle, commit(2n))).toEqual({ kept: 'signals', answer: ack });
  });

  it('[JR55] that came before a commit in order are answered without what nobody knows any more', () => {
    const earlier = new EarlierRequests([answered(5n, { endsAllBefore: true }), answered(9n)]);
    expect(earlier.recall(set('/a', 1), confirm(4n))).toEqual({ type: messageType.ack, address: '/a' });
    expect(earlier.recall(bundle, confirm(4n))).toEqual({ type: messageType.ack });
    expect(earlier.recall({ ...bundle, timestamp: 1n }, confirm(4n))).toBeUndefined();
    expect(earlier.recall(set('/a', 1), commit(4n))).toBeUndefined();
    expect(earlier.recall(set('/a', 1), confirm(6n))).toBeUndefined();
  });
});
