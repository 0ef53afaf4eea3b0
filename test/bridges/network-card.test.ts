import { afterEach, describe, expect, it } from 'vitest';
import { ArtnetPorts } from '../../src-main/bridges/artnet/artnet-ports.ts';
import { createBridge, type BridgeNeeds } from '../../src-main/bridges/catalogue.ts';
import { createSerialAccess } from '../../src-main/platform/serial/serial-access.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { FakeCards } from '../platform/fake-cards.ts';
import { silentLog } from '../silent-log.ts';
import { until } from '../until.ts';
import { httpSettings, mqttSettings, socketioSettings, websocketSettings } from './bridge-settings.ts';
import { DialledServer, type Scheme, type Service } from './dialled-server.ts';

const networkCard = 'show';
/** Addresses of loopback, on Linux. */
const both = ['127.0.0.2', '127.0.0.3'];
const away = 'The network card show is not there, or has no IPv4 address. Connect it, or choose another one';

describe('a bridge that dials from a network card', () => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  function needsOf(cards: FakeCards): BridgeNeeds {
    const [clock, random] = [createSystemClock(), createSystemRandom()];
    const artnetPorts = new ArtnetPorts({ clock, random, lanCards: () => [] });
    const serial = createSerialAccess({ clock, log: silentLog });
    return { clock, random, log: silentLog, networkCards: cards.list, artnetPorts, serial };
  }

  /** Starts a bridge without its card, and gives it the card, takes it away, and gives it back with another address.
   *  @returns from where the server was dialled */
  async function follow(
    [service, scheme]: readonly [Service, Scheme],
    make: (server: DialledServer) => Parameters<typeof createBridge>[0],
  ): Promise<readonly string[]> {
    const server = await DialledServer.listen(service, scheme);
    ends.push(() => server.close());
    const cards = new FakeCards();
    const bridge = await createBridge(make(server), needsOf(cards));
    const host = new RecordingHost();
    ends.push(() => bridge.stop());
    await bridge.start(host);
    const isAway = () => bridge.status().state === 'broken' && bridge.status().reason.startsWith(away);
    await until('the card to be missed', isAway);
    for (const address of both) {
      cards.put(networkCard, address);
      await until(`it to be there by ${address}`, () => bridge.status().state === 'connected', 4000);
      cards.put(networkCard);
      await until('the card to be missed again', isAway);
    }
    expect(host.faults).toEqual([]);
    return [...server.seen];
  }

  it('[MQ40] to an MQTT broker follows it, by TCP, TLS and WebSocket', async () => {
    const ways = (['mqtt', 'mqtts', 'ws', 'wss'] as const).map((scheme) =>
      follow(['mqtt', scheme], ({ url, caFile }) => mqttSettings({ url, caFile, networkCard })),
    );
    for (const seen of await Promise.all(ways)) expect(seen).toEqual(both);
  });

  it('[MQ41] to an MQTT broker ends its session there from the card too', async () => {
    const server = await DialledServer.listen('mqtt', 'mqtt');
    ends.push(() => server.close());
    const cards = new FakeCards().put(networkCard, '127.0.0.2');
    const bridge = await createBridge(mqttSettings({ url: server.url, networkCard }), needsOf(cards));
    await bridge.start(new RecordingHost());
    expect([bridge.status().state, server.dialled]).toEqual(['connected', 1]);
    bridge.retire?.(undefined);
    await bridge.stop();
    expect([server.dialled, ...server.seen]).toEqual([2, '127.0.0.2']);
  });

  it('[HB25] to a web server follows it', async () => {
    const polls = [{ url: '/', to: '/x', everyMs: 50 }];
    const ways = (['http', 'https'] as const).map((scheme) =>
      follow(['rest', scheme], ({ url, caFile }) => httpSettings({ url, caFile, networkCard, polls })),
    );
    for (const seen of await Promise.all(ways)) expect(seen).toEqual(both);
  });

  it('[WJ30] to a WebSocket server follows it', async () => {
    const ways = (['ws', 'wss'] as const).map((scheme) =>
      follow(['websocket', scheme], ({ url, caFile }) => websocketSettings({ url, caFile, networkCard })),
    );
    for (const seen of await Promise.all(ways)) expect(seen).toEqual(both);
  });

  it('[SO30] to a Socket.IO server follows it, by WebSocket and by polling', async () => {
    const ways = (['http', 'https'] as const).flatMap((scheme) =>
      (['websocket', 'polling'] as const).map((transport) =>
        follow(['socketio', scheme], ({ url, caFile }) =>
          socketioSettings({ url, caFile, networkCard, transports: [transport] }),
        ),
      ),
    );
    for (const seen of await Promise.all(ways)) expect(seen).toEqual(both);
  });
});
