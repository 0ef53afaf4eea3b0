import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';
import type { Delivery } from '../../src-main/core/router/delivery/delivery.ts';
import { localNameOf } from '../../src-main/engine/bridge-of-address.ts';
import { createMonitorWords, createTrafficWords } from '../../src-main/engine/monitor-words.ts';
import { sampleOsc, sampleSacn, sampleStatus } from './bridge-samples.ts';

const rig = {
  bridges: () => [sampleSacn('node-a'), sampleOsc('synth'), sampleOsc('gone', { prefix: '/gone' })],
  statusOf: (id: string) =>
    id === 'gone' ? sampleStatus('gone', 'broken', 'no reply') : sampleStatus(id, 'connected'),
};
const words = createMonitorWords(rig);

function delivery(address: string, more: Partial<Delivery>): Delivery {
  const signal = { kind: 'param', address: parseAddress(address), value: f64(1) } as const;
  return { signal, from: 'mappings', fromLocal: true, at: micros(1_000_310), ...more };
}
const cause = { because: 'set 3', hops: 1, arrivedAt: micros(1_000_000) };

describe('words of the monitor', () => {
  it('[EA16] says in for what a client or a bridge brought', () => {
    expect(words(delivery('/sacn/1/1', { from: '0a1b2c3d-4e5f', fromName: 'desk', fromLocal: false }))).toEqual({
      direction: 'in',
      device: 'desk',
      because: '',
      trouble: false,
    });
    expect(words(delivery('/a', { from: '0a1b2c3d-4e5f', fromName: '', fromLocal: false })).device).toBe(
      'client 0a1b2c3d',
    );
    expect(words(delivery('/osc/x', { from: localNameOf('synth') }))).toMatchObject({
      direction: 'in',
      device: 'synth',
    });
  });

  it('[EA16] says out, with the set and how much later, for what goes to a bridge', () => {
    expect(words(delivery('/sacn/1/45', { cause }))).toEqual({
      direction: 'out',
      device: 'node-a',
      because: 'set 3, 0.31 ms later',
      trouble: false,
    });
  });

  it('[EA16] says own for what stays inside, and by hand for a test', () => {
    expect(words(delivery('/lights/1', { cause }))).toMatchObject({ direction: 'own', device: 'flyrail' });
    expect(words(delivery('/lights/1', { from: 'hand' }))).toMatchObject({ because: 'sent by hand' });
  });

  it('[EA16] marks what names no slot that is sent', () => {
    expect(words(delivery('/sacn/1/513', { cause }))).toEqual({
      direction: 'out',
      device: 'node-a',
      because: 'set 3, 0.31 ms later: not sent, a universe has slots 1 to 512, not 513',
      trouble: true,
    });
  });

  it('[EA16] marks what a broken bridge did not send, with the reason', () => {
    expect(words(delivery('/gone/z', { cause }))).toEqual({
      direction: 'out',
      device: 'gone',
      because: 'set 3, 0.31 ms later: not sent, no reply',
      trouble: true,
    });
  });
});

describe('words of one device', () => {
  const trafficOf = createTrafficWords(rig);

  it('[EA34] says in for what the device brought, and out for what anybody sends there', () => {
    const synth = trafficOf('synth');
    const common = { device: 'synth', trouble: false };
    expect(synth(delivery('/osc/x', { from: localNameOf('synth') }))).toEqual({
      ...common,
      direction: 'in',
      because: '',
    });
    const desk = { from: '0a1b2c3d-4e5f', fromName: 'desk', fromLocal: false };
    expect(synth(delivery('/osc/x', desk))).toEqual({ ...common, direction: 'out', because: 'from desk' });
    expect(synth(delivery('/osc/x', { from: 'hand' }))).toMatchObject({ direction: 'out', because: 'sent by hand' });
  });

  it('[EA34] says nothing of universes that the device does not send, and of a device that is not there', () => {
    expect(trafficOf('node-a')(delivery('/sacn/9/1', { cause }))).toBeUndefined();
    expect(trafficOf('nobody')(delivery('/sacn/1/1', { cause }))).toBeUndefined();
  });

  it('[EA34] marks what is not sent, and says why', () => {
    expect(trafficOf('gone')(delivery('/gone/x', { cause }))).toMatchObject({
      because: 'set 3, 0.31 ms later: not sent, no reply',
      trouble: true,
    });
  });
});
