import { describe, expect, it } from 'vitest';
import { BrokerFigures, figuresEvery } from '../../../src-main/gateways/mqtt/broker-figures.ts';
import { topicMatcher } from '../../../src-main/contract/mqtt-topics.ts';
import { TokenDesk } from '../../core/router/token-desk.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { joinDoor, newRouter, openAt } from './door-hall.ts';

describe('what the MQTT door says of itself under $SYS', () => {
  it('[MQ31] is told with the subscription, and every ten seconds as far as it has changed', () => {
    const clock = new SimulatedClock();
    const figures = { version: 'flyrail', 'clients/connected': 1 };
    const broker = new BrokerFigures(clock, () => figures);
    const got: unknown[] = [];
    const cancel = broker.watch(topicMatcher('$SYS/broker/#'), (...told) => got.push(told));
    broker.watch(topicMatcher('$SYS/broker/version'), (...told) => got.push(told))();
    expect(got).toEqual([
      ['$SYS/broker/version', 'flyrail', true],
      ['$SYS/broker/clients/connected', '1', true],
      ['$SYS/broker/version', 'flyrail', true],
    ]);
    clock.advance(figuresEvery);
    figures['clients/connected'] = 2;
    clock.advance(figuresEvery);
    clock.advance(figuresEvery);
    expect(got.slice(3)).toEqual([['$SYS/broker/clients/connected', '2', false]]);
    cancel();
    figures['clients/connected'] = 3;
    clock.advance(figuresEvery);
    expect(got).toHaveLength(4);
  });

  it('[MQ31] is for who may read /$SYS, is in no wildcard, and nobody publishes there', async () => {
    const router = newRouter();
    const tokens = new TokenDesk();
    tokens.give('lamps', 'write:/lamp/**,read:/lamp/**');
    tokens.give('watch', 'write:/**,read:/**');
    router.guard.askForTokens(tokens);
    const gateway = await openAt(router);
    const login = (password: string) => joinDoor(gateway.url, { username: 'x', password });
    const [lamps, watch] = [await login('lamps'), await login('watch')];
    await expect(lamps.client.subscribeAsync('$SYS/#')).rejects.toThrow();
    await expect(watch.client.subscribeAsync('$share/group/lamp')).rejects.toThrow();
    await watch.client.subscribeAsync('#');
    await watch.client.publishAsync('$SYS/broker/version', 'forged', { qos: 1 });
    await watch.client.subscribeAsync('$SYS/broker/#');
    await until('the figures', () => watch.got.length >= 9);
    const figures = Object.fromEntries(
      watch.got.map(([topic, payload]) => [topic.replace('$SYS/broker/', ''), payload]),
    );
    expect(figures).toEqual({
      version: 'flyrail version 1.2.3',
      uptime: '0 seconds',
      'clients/connected': '2',
      'clients/disconnected': '0',
      'clients/total': '2',
      'subscriptions/count': '2',
      'publish/messages/received': '1',
      'publish/messages/sent': expect.stringMatching(/^\d+$/) as string,
      'publish/messages/dropped': '0',
    });
    expect(watch.got.every(([, , retain]) => retain)).toBe(true);
    expect(lamps.got).toEqual([]);
    for (const { client } of [lamps, watch]) await client.endAsync(true);
    await gateway.stop();
  });
});
