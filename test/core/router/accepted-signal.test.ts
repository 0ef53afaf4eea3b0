import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { AcceptedSignal, deliveryOf, frameOf } from '../../../src-main/core/router/accepted-signal.ts';
import type { Origin } from '../../../src-main/core/router/delivery/delivery.ts';
import { publish, set } from './router-fixture.ts';
import type { SetMessage } from '../../../src-main/core/protocol/messages.ts';

const address = parseAddress('/a');
const desk: Origin = { name: 'session', owner: { name: 'desk' }, fromLocal: false, cause: undefined };

describe('what was accepted last', () => {
  it('[RT20] is for all who want its kind, whatever the one before was', () => {
    const accepted = new AcceptedSignal(desk);
    accepted.take(publish('stream', '/a'), address, desk);
    expect([accepted.code, accepted.bit]).toEqual([2, 0x04]);
    accepted.isForRemote = true;
    accepted.bit = 1 << 8;
    accepted.take(set('/b', 1) as SetMessage, parseAddress('/b'), desk);
    expect(accepted).toMatchObject({ address: '/b', code: 0, bit: 0x01, isForRemote: false });
  });

  it('[RT20] reaches participants in the process with who sent it and when', () => {
    const delivery = deliveryOf(publish('event', '/a', 3), { address, origin: desk, at: micros(5) });
    expect(delivery).toEqual({
      signal: { kind: 'event', address, value: { type: 'f64', value: 3 } },
      ...{ from: 'session', fromName: 'desk', fromLocal: false, at: 5 },
    });
  });

  it('[RT205] keeps its place before a slow session when it was asked under commit', () => {
    const sample = publish('stream', '/a');
    expect(frameOf(sample, desk).shedding).toBe('newest-sample');
    expect(frameOf(sample, { ...desk, isCommit: true }).shedding).toBe('keep');
  });
});
