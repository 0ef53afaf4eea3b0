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
    for (const address of ['127.0.0.2', '127.0.0.3']) {
      cards.put(networkCard, address);
      await until(`it to be there by ${address}`, () => bridge.status().state === 'connected', 4000);
      cards.put(networkCard);
      server.cut();
      await until('the card to be missed again', isAway);
    }
    expect(host.faults).toEqual([]);
    return [...server.seen];
  }

  it.each(['mqtt', 'mqtts', 'ws', 'wss'] as const)('[MQ40] to an MQTT broker by %s follows it', async (scheme) => {
    const seen = await follow(['mqtt', scheme], ({ url, caFile }) => mqttSettings({ url, caFile, networkCard }));
    expect(seen).toEqual(['127.0.0.2', '127.0.0.3']);
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

  it.each(['http', 'https'] as const)('[HB25] to a web server by %s follows it', async (scheme) => {
    const seen = await follow(['rest', scheme], ({ url, caFile }) =>
      httpSettings({ url, caFile, networkCard, polls: [{ url: '/', to: '/x', everyMs: 50 }] }),
    );
    expect(seen).toEqual(['127.0.0.2', '127.0.0.3']);
  });

  it.each(['ws', 'wss'] as const)('[WJ30] to a WebSocket server by %s follows it', async (scheme) => {
    const seen = await follow(['websocket', scheme], ({ url, caFile }) =>
      websocketSettings({ url, caFile, networkCard }),
    );
    expect(seen).toEqual(['127.0.0.2', '127.0.0.3']);
  });

  it.each([
    ['http', 'websocket'],
    ['http', 'polling'],
    ['https', 'websocket'],
    ['https', 'polling'],
  ] as const)('[SO30] to a Socket.IO server by %s and %s follows it', async (scheme, transport) => {
    const seen = await follow(['socketio', scheme], ({ url, caFile }) =>
      socketioSettings({ url, caFile, networkCard, transports: [transport] }),
    );
    expect(seen).toEqual(['127.0.0.2', '127.0.0.3']);
  });
});
