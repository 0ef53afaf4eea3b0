import { connect } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { MqttBridge } from '../../../src-main/bridges/mqtt/mqtt-bridge.ts';
import type { Bridge as BridgeSettings } from '../../../src-main/contract/show.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { mqttSettings } from '../bridge-settings.ts';
import { InProcessBroker } from './in-process-broker.ts';

const clientId = 'flyrail-rig';

/** Whether the broker has a session of this name, which it keeps by this too. */
async function hasSession(port: number): Promise<boolean> {
  const client = connect({ host: '127.0.0.1', port, clientId, clean: false, reconnectPeriod: 0 });
  const found = await new Promise<boolean>((resolve) =>
    client.once('connect', ({ sessionPresent }) => resolve(sessionPresent)),
  );
  await client.endAsync();
  return found;
}

describe('the session that a broker keeps for a bridge', () => {
  let broker = new InProcessBroker();
  afterEach(() => broker.kill());

  it.each<[string, boolean, ((url: string) => BridgeSettings | undefined) | undefined]>([
    ['is gone when it is deleted', false, () => undefined],
    ['is gone when it is switched off', false, (url) => ({ ...mqttSettings({ url, clientId }), enabled: false })],
    ['is gone when it gets another name', false, (url) => mqttSettings({ url, clientId: 'other' })],
    ['is gone when it goes to another broker', false, () => mqttSettings({ url: 'mqtt://10.0.0.5', clientId })],
    ['is gone when it begins anew from now on', false, (url) => mqttSettings({ url, clientId, cleanSession: true })],
    ['is there when it gets other settings', true, (url) => mqttSettings({ url, clientId, prefix: '/other' })],
    ['is there when Flyrail ends', true, undefined],
  ])('[MQ39] %s', async (_when, isKept, next) => {
    broker = new InProcessBroker();
    await broker.listen();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const will = { topic: 'status', payload: 'gone', qos: 1, retain: false } as const;
    const settings = mqttSettings({ url, clientId, will, subscriptions: [{ topic: 'in/#', qos: 1 }] });
    const bridge = new MqttBridge(settings, {
      ...{ clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] },
      routerId: 'r1',
    });
    const host = new RecordingHost();
    await bridge.start(host);
    await until('its subscription', () => {
      void broker.say('in/warm', '1', { qos: 1 });
      return host.published.length > 0;
    });
    if (next) bridge.retire(next(url));
    await bridge.stop();
    await until('its connections are over', () => broker.sockets.size === 0);
    expect(await hasSession(broker.port)).toBe(isKept);
    expect(broker.heard.filter(({ topic }) => topic === 'status')).toHaveLength(1);
  });
});
