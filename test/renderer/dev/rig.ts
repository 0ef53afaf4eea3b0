import '../../../src-renderer/styles/tokens.css';
import '../../../src-renderer/styles/elements.css';
import { mount, tick } from 'svelte';
import type { DeviceStatus } from '../../../src-main/contract/device.ts';
import { emptyShow, type ShowDocument } from '../../../src-main/contract/show.ts';
import { millis } from '../../../src-main/contract/units.ts';
import App from '../../../src-renderer/App.svelte';
import { EngineState } from '../../../src-renderer/engine/engine-state.svelte.ts';
import { browserClock } from '../../../src-renderer/engine/page-clock.ts';
import { FakeEngine } from '../fake-engine.ts';
import { fakeDevice, fakeMapping, fakeOscBridge, fakeSacnBridge, fakeStats } from '../fake-parts.ts';
import { rigEntries } from './rig-traffic.ts';

// The whole page over a made-up rig: npx vite --config test/renderer/dev/vite.config.ts, then /rig.html.
// ?empty for a first start, ?rate=10000 messages a second, of which ?bound=200 go into a batch, as in the engine.
const wish = new URLSearchParams(location.search);
const now = (): number => browserClock.now();
const rate = Number(wish.get('rate') ?? 60);
const bound = Number(wish.get('bound') ?? 200);

const names: [string, boolean?][] = [
  ['foh-desk'],
  ['synth'],
  ['node-a', true],
  ['node-b', true],
  ['foyer'],
  ['truss-2'],
  ['spare', true],
];
const rig: ShowDocument = {
  ...emptyShow('rig', 'Winterreise'),
  mappings: Array.from({ length: 12 }, (_, i) => fakeMapping(i + 1)),
  bridges: names.map(([name, sacn], i) =>
    sacn ? fakeSacnBridge(i + 1, name, name === 'spare' ? { enabled: false } : {}) : fakeOscBridge(i + 1, name),
  ),
};
const fake = new FakeEngine(wish.has('empty') ? emptyShow('new', 'New show') : rig);
fake.firstStart = wish.has('empty');
fake.cards = [
  { name: 'eth0', address: '192.168.10.2', family: 'IPv4', loopback: false },
  { name: 'eth1', address: '2.0.0.2', family: 'IPv4', loopback: false },
  { name: 'lo', address: '127.0.0.1', family: 'IPv4', loopback: true },
];
fake.access = wish.has('empty')
  ? { allowedOrigins: [], refusedOrigins: [] }
  : {
      allowedOrigins: ['https://surface.theatre.example'],
      refusedOrigins: [{ origin: 'http://192.168.10.77:8080', count: 4, lastAt: millis(now() - 63_000) }],
    };
const day = 86_400_000;
fake.shows = wish.has('empty')
  ? { inDataFolder: [], recent: [] }
  : {
      inDataFolder: ['Winterreise.flyrail', 'Matinee', 'Tour autumn', 'Foyer, always on'].map((name, i) => ({
        ref: { name },
        name: name.replace('.flyrail', ''),
        modifiedAt: millis(now() - i * 2.3 * day),
        present: true,
      })),
      recent: [
        {
          ref: { path: '/media/usb/Tour/Northern Lights.flyrail' },
          name: 'Northern Lights',
          modifiedAt: millis(now() - 9 * day),
          present: false,
        },
      ],
    };
fake.backups = wish.has('empty')
  ? []
  : Array.from({ length: 14 }, (_, i) => ({
      id: `backup-${i}`,
      showName: 'Winterreise',
      madeAt: millis(now() - i * 5_400_000),
      sizeBytes: 41_000 + i * 137,
    }));

const engine = new EngineState(browserClock);
fake.devices = statuses();
const target = document.getElementById('app');
if (target) mount(App, { target, props: { engine, shell: undefined, clock: browserClock } });
void engine.attach(fake);

function statuses(): DeviceStatus[] {
  const at = now();
  const sway = (by: number, size: number): number => Math.round(size * (1 + 0.4 * Math.sin(at / by)));
  return fake.document.bridges.map((bridge) => {
    const live = { seenAt: millis(at), inPerSecond: sway(7000, 44), outPerSecond: sway(4000, 118) };
    switch (bridge.name) {
      case 'node-a':
        return fakeDevice(bridge.id, {
          ...live,
          inPerSecond: 0,
          outPerSecond: 176,
          url: 'U 1–4 on eth0',
          reason: 'Sending 44 Hz, priority 100.',
        });
      case 'node-b':
        return fakeDevice(bridge.id, {
          state: 'late',
          reason: 'Nothing left for 4.2 s.',
          seenAt: millis(at - 4200),
          url: 'U 1–4 on eth1',
        });
      case 'foyer':
        return fakeDevice(bridge.id, { seenAt: millis(at - 61_000), url: '0.0.0.0:8005' });
      case 'truss-2':
        return fakeDevice(bridge.id, {
          state: 'broken',
          reason: 'Port 8006 is taken by another program.',
          seenAt: millis(at - 48_000),
          retryAt: millis(at + 4000 - (at % 4000)),
          url: '0.0.0.0:8006',
        });
      case 'spare':
        return fakeDevice(bridge.id, { state: 'off', url: 'U 1–4' });
      default:
        return fakeDevice(bridge.id, live);
    }
  });
}

// Ten minutes that were, so that the ribbon has something to show.
for (let second = 600; second > 0; second--) {
  const at = now() - second * 1000;
  const busy = 300 + 250 * Math.sin(second / 40) ** 2 + (second < 200 ? 500 : 0) + Math.random() * 90;
  fake.emit('stats', fakeStats({ at: millis(at), messagesPerSecond: Math.round(busy) }));
  await tick();
}
fake.emit(
  'devices',
  fake.devices.map((device) => ({ ...device, state: 'connected' })),
);
setTimeout(() => fake.emit('devices', statuses()), 200);

let sequence = 0;
setInterval(() => {
  const count = Math.min(bound, Math.ceil(rate / 30));
  fake.emit('monitor', {
    entries: rigEntries(sequence, count, now()),
    skipped: Math.max(0, Math.ceil(rate / 30) - bound),
  });
  fake.emit('live', { at: millis(now()), mappings: [] });
  sequence += count;
}, 1000 / 30);
setInterval(() => {
  fake.emit('devices', statuses());
  fake.emit(
    'stats',
    fakeStats({ at: millis(now()), messagesPerSecond: Math.round(rate * (0.9 + 0.2 * Math.random())) }),
  );
}, 1000);
