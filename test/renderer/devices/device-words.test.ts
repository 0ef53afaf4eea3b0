import { describe, expect, it } from 'vitest';
import { describeBridge, kindRecord } from '../../../src-renderer/devices/kinds/kinds.ts';
import { deviceRows, inTab, lastKnown } from '../../../src-renderer/devices/device-row.ts';
import { networkCardOptions } from '../../../src-renderer/devices/network-card-options.ts';
import { describePortClash } from '../../../src-renderer/devices/port-clash.ts';
import { describeLoop, describeUniverseConflict } from '../../../src-renderer/devices/universe-conflicts.ts';
import { millis } from '../../../src-main/contract/units.ts';
import {
  artnetSettings,
  dmxUsbSettings,
  httpSettings,
  ltcSettings,
  mqttSettings,
  websocketSettings,
} from '../../bridges/bridge-settings.ts';
import { deviceStatus, oscBridge, sacnBridge } from './bridges.ts';

const now = millis(1_000_000);

describe('bridge sentence', () => {
  it.each([
    [sacnBridge(), 'Flyrail sends universes 1–4 to everyone on the lighting network, 44 times a second.'],
    [
      sacnBridge({
        settings: { universes: [{ first: 5, last: 5, priority: 90 }], mode: 'unicast', unicastTo: ['10.0.0.5'] },
      }),
      'Flyrail sends universe 5 to 10.0.0.5, 44 times a second.',
    ],
    [
      sacnBridge({ settings: { mode: 'unicast', unicastTo: ['a', 'b', 'c'] } }),
      'Flyrail sends universes 1–4 to a and 2 others, 44 times a second.',
    ],
    [
      oscBridge({ settings: { direction: 'in' } }),
      'Flyrail listens for OSC on port 8000 of every network card. What comes in appears under /osc.',
    ],
    [oscBridge({ settings: { direction: 'out' } }), 'What is set under /osc goes out as OSC to 127.0.0.1:9000.'],
    [
      oscBridge({ settings: { listenHost: '10.0.0.2' } }),
      'Flyrail listens for OSC on port 8000 of 10.0.0.2, and sends what is set under /osc to 127.0.0.1:9000.',
    ],
    [
      artnetSettings({ send: 'subscribers', receive: [{ first: 9, last: 9 }] }),
      'Flyrail sends port addresses 0–3 (0.0.0–0.0.3) to the nodes that ask for it, 44 times a second. ' +
        'What controllers send to port address 9 (0.0.9) appears under /artnet.',
    ],
    [artnetSettings(), 'Flyrail sends port addresses 0–3 (0.0.0–0.0.3) to 127.0.0.1, 44 times a second.'],
    [
      dmxUsbSettings({ port: 'usb=0403:6001:EN1', rate: 30 }),
      'What is set under /dmx/1 leaves by the interface at usb=0403:6001:EN1, 30 times a second.',
    ],
    [dmxUsbSettings({ port: 'COM3', direction: 'in' }), 'What comes in at COM3 appears under /dmx/1.'],
    [
      mqttSettings({ url: 'mqtt://10.0.0.5' }),
      'What the broker mqtt://10.0.0.5 has appears under /mqtt, and what is set under /mqtt is published there.',
    ],
    [
      mqttSettings({ url: 'mqtt://10.0.0.5', direction: 'out' }),
      'What is set under /mqtt is published at the broker mqtt://10.0.0.5.',
    ],
    [
      websocketSettings({ url: 'ws://10.0.0.5' }),
      'What the server ws://10.0.0.5 says appears under /ws, and what is set under /ws is sent to it.',
    ],
    [
      websocketSettings({ url: 'ws://10.0.0.5', direction: 'in' }),
      'What the server ws://10.0.0.5 says appears under /ws.',
    ],
    [httpSettings(), 'Nothing is asked for and nothing is sent until a poll or webhook is added.'],
    [
      httpSettings({ polls: [{ url: 'http://10.0.0.5/', to: '/state' }] }),
      'What web servers answer appears under /http.',
    ],
    [
      httpSettings({ webhooks: [{ url: 'http://10.0.0.5/' }] }),
      'What is set or happens under /http is sent to web servers.',
    ],
  ])('[UI53] says what a bridge does: %#', (bridge, sentence) => {
    expect(describeBridge(bridge)).toBe(sentence);
  });

  it('[UI53] counts universes when they are too many to list', () => {
    const universes = [1, 11, 21, 31, 41].map((first) => ({ first, last: first + 1, priority: 100 }));
    expect(describeBridge(sacnBridge({ settings: { universes } }))).toContain('sends 10 universes from 1–2 to');
  });
});

describe('universe conflict', () => {
  const others = [sacnBridge({ settings: { universes: [{ first: 1, last: 4, priority: 110 }] } })];
  const own = sacnBridge({ id: 'new', settings: { cid: 'b6f3a6be-6a0f-4d0f-8a5b-1f2e3d4c5b6a' } });
  const at = (priority: number, [first, last] = [3, 9]) => ({
    ...own,
    settings: { ...own.settings, universes: [{ first, last, priority }] },
  });

  it('[UI54] names who sends the universe too and who wins', () => {
    expect(describeUniverseConflict(at(100), others)).toBe(
      'node-a sends universes 3–4 too, at priority 110: that one wins.',
    );
    expect(describeUniverseConflict(at(120), others)).toContain('at priority 110: this one wins.');
    expect(describeUniverseConflict(at(110), others)).toContain('also at priority 110: receivers see both.');
  });

  it('[UI54] says what one component identifier in two outputs does', () => {
    const twin = { ...at(120), settings: { ...at(120).settings, cid: others[0]!.settings.cid } };
    expect(describeUniverseConflict(twin, others)).toContain('CID');
  });

  it('[UI54] is quiet about itself, bridges that are off and universes apart', () => {
    expect(describeUniverseConflict({ ...at(100), id: 'sacn-id' }, others)).toBeUndefined();
    expect(describeUniverseConflict(at(100), [sacnBridge({ enabled: false })])).toBeUndefined();
    expect(describeUniverseConflict(at(100, [5, 5]), others)).toBeUndefined();
  });
});

describe('levels that go round', () => {
  const sent = sacnBridge({ settings: { universes: [{ first: 1, last: 4, priority: 110 }] } });
  const receive = [{ first: 4, last: 4 }];
  const own = sacnBridge({
    id: 'new',
    settings: { universes: [], receive, cid: 'b6f3a6be-6a0f-4d0f-8a5b-1f2e3d4c5b6a' },
  });

  it('[UI544] are told beside the prefix of either bridge, wherever it stands in the show', () => {
    expect(describeLoop(own, [sent, own])).toMatch(/node-a.* sends universe 4 under .*\/sacn.* too: /);
    expect(describeLoop({ ...sent, name: 'here' }, [sent, { ...own, name: 'Desk' }])).toMatch(
      /Desk.* receives universe 4/,
    );
    expect(kindRecord('sacn').look?.(own, [sent])).toMatchObject({ prefix: describeLoop(own, [sent]) });
    expect(describeLoop({ ...own, settings: { ...own.settings, prefix: '/in' } }, [sent])).toBeUndefined();
  });
});

describe('device row', () => {
  const bridge = oscBridge();
  const row = (status: Parameters<typeof deviceStatus>[0]) => deviceRows([bridge], [deviceStatus(status)], now)[0];

  it('[UI55] says state and reason in words, when it was seen, and counts down to the next try', () => {
    const broken = {
      state: 'broken',
      reason: 'port 8000 is in use',
      retryAt: millis(now + 2300),
      seenAt: millis(now - 48_000),
    } as const;
    expect(row({ bridgeId: bridge.id, ...broken })).toMatchObject({
      stateWord: 'Broken',
      reason: 'port 8000 is in use',
      retry: 'Retrying in 3 s',
      seen: '0:48',
      flowing: false,
    });
    expect(row({ bridgeId: bridge.id, ...broken, retryAt: millis(now - 1) })?.retry).toBe('Retrying now');
  });

  it('[UI55] calls a device flowing only when something came or went', () => {
    expect(row({ bridgeId: bridge.id })).toMatchObject({
      stateWord: 'Connected',
      flowing: false,
      seen: 'never',
      retry: '',
    });
    expect(row({ bridgeId: bridge.id, outPerSecond: 44, seenAt: now })).toMatchObject({ flowing: true, seen: 'now' });
  });

  it('[UI55] says off for a bridge that is switched off, and connecting until its status comes', () => {
    const off = { ...bridge, enabled: false };
    expect(deviceRows([off], [deviceStatus({ bridgeId: bridge.id, inPerSecond: 4 })], now)[0]).toMatchObject({
      stateWord: 'Off',
      inPerSecond: 0,
      url: '0.0.0.0:8000',
    });
    expect(deviceRows([bridge], [], now)[0]).toMatchObject({ stateWord: 'Connecting', url: '0.0.0.0:8000' });
    expect(row({ bridgeId: bridge.id, state: 'off' })?.stateWord).toBe('Connecting');
  });

  it('[UI80] knows neither rates nor when a device was seen once the engine is gone', () => {
    const known = row({ bridgeId: bridge.id, outPerSecond: 44, seenAt: now, reason: 'Listening.' });
    expect(known && lastKnown(known)).toMatchObject({
      stateWord: 'Connected',
      reason: 'when last heard: Listening.',
      flowing: false,
      seen: '–',
      outPerSecond: undefined,
    });
  });

  it('[UI55] sorts devices under all, trouble and off', () => {
    const states = ['off', 'connecting', 'connected', 'late', 'trouble', 'broken'] as const;
    expect(states.filter((state) => inTab({ state }, 'trouble'))).toEqual(['late', 'trouble', 'broken']);
    expect(states.filter((state) => inTab({ state }, 'off'))).toEqual(['off']);
    expect(states.filter((state) => inTab({ state }, 'all'))).toHaveLength(6);
  });
});

describe('port clash', () => {
  const own = oscBridge({ id: 'own' });

  it('[UI54] names the other bridge that listens on the same port of the same card', () => {
    expect(describePortClash(own, [own, oscBridge()])).toBe('foh-desk listens there too; the second one gets no port.');
    const onOneCard = oscBridge({ settings: { listenHost: '10.0.0.2' } });
    expect(describePortClash(own, [onOneCard])).toContain('foh-desk');
    expect(
      describePortClash(oscBridge({ id: 'own', settings: { listenHost: '10.0.0.3' } }), [onOneCard]),
    ).toBeUndefined();
  });

  it('[UI54] is quiet about other ports, bridges that only send, and bridges that are off', () => {
    expect(describePortClash(own, [oscBridge({ settings: { listenPort: 8001 } })])).toBeUndefined();
    expect(describePortClash(own, [oscBridge({ settings: { direction: 'out' } })])).toBeUndefined();
    expect(describePortClash(own, [oscBridge({ enabled: false })])).toBeUndefined();
    expect(describePortClash({ ...own, enabled: false }, [oscBridge()])).toBeUndefined();
  });
});

describe('choice of a network card', () => {
  const card = { family: 'IPv4', loopback: false } as const;
  const cards = [
    { ...card, name: 'eth0', address: '10.0.0.2' },
    { ...card, name: 'eth0', address: '10.0.0.3' },
    { ...card, name: 'eth0', address: 'fe80::1', family: 'IPv6' as const },
  ];

  it('[UI52] offers the system’s own and every card by its name', () => {
    expect(networkCardOptions(cards, '')).toEqual([
      { value: '', label: 'The system chooses' },
      { value: 'eth0', label: 'eth0, 10.0.0.2, 10.0.0.3' },
    ]);
  });

  it('[UI52] keeps the choice of a card that is not there, and of one address', () => {
    expect(networkCardOptions(cards, 'eth9').at(-1)).toEqual({ value: 'eth9', label: 'eth9, not there now' });
    expect(networkCardOptions(cards, '10.0.0.3').at(-1)).toEqual({ value: '10.0.0.3', label: 'eth0, only 10.0.0.3' });
  });
});

describe('the sound card of an LTC bridge', () => {
  it('[TC41] wants a look where it goes by a number that may be another card tomorrow', () => {
    const look = (some: Parameters<typeof ltcSettings>[0]) => kindRecord('ltc').look?.(ltcSettings(some), []);
    const numbered = look({ direction: 'both', inputDevice: 'plughw:1,0', outputDevice: 'hw:2' });
    expect(numbered?.['inputDevice']).toMatch(
      /may be another sound card\. arecord -L has names that stay, with CARD= in them\.$/,
    );
    expect(numbered?.['outputDevice']).toMatch(/aplay -L/);
    for (const inputDevice of ['', 'plughw:CARD=Pro,DEV=0', 'default', 'alsa_input.usb-1.analog-stereo'])
      expect(look({ inputDevice })).toEqual({});
    expect(look({ direction: 'out', inputDevice: 'hw:1' })).toEqual({});
  });
});
