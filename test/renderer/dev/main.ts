import '../../../src-renderer/styles/tokens.css';
import '../../../src-renderer/styles/elements.css';
import { mount } from 'svelte';
import type { LearnCandidate } from '../../../src-main/contract/live-events.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros, millis } from '../../../src-main/contract/units.ts';
import App from '../../../src-renderer/App.svelte';
import { EngineState } from '../../../src-renderer/engine/engine-state.svelte.ts';
import { browserClock } from '../../../src-renderer/engine/page-clock.ts';
import { FakeEngine } from '../fake-engine.ts';
import { fakeDevice, fakeStats } from '../fake-parts.ts';
import { foundThing, sampleDoors, sampleThings } from '../devices/network.ts';
import { sampleShow } from './sample-show.ts';
import { sampleLive } from './sample-signals.ts';

// The whole page over the fake engine, with signals that move: npx vite --config test/renderer/dev/vite.config.ts
// ?count=10000 for a long table, ?empty for none, ?fault for a broken device, ?rate=44 batches a second, ?found=300 things
// on the network.
const wish = new URLSearchParams(location.search);
const document = wish.has('empty') ? emptyShow('empty', 'Untitled') : sampleShow(Number(wish.get('count') ?? 48));
const fake = new FakeEngine(document);
fake.firstStart = wish.has('empty');
fake.problems = [{ mappingId: 'm11', code: 'no-device', reason: 'no device truss-2' }];
fake.devices = document.bridges.map((bridge) =>
  fakeDevice(bridge.id, {
    inPerSecond: bridge.kind === 'osc' ? 40 + bridge.number : 0,
    outPerSecond: bridge.kind === 'sacn' ? 176 : bridge.number * 7,
    ...(wish.has('fault') && bridge.number === 5
      ? { state: 'broken', reason: 'No reply to 4 polls. Retrying in 2 s.' }
      : {}),
  }),
);
if (wish.has('found')) {
  fake.doors = sampleDoors();
  const more = Array.from({ length: Number(wish.get('found')) }, (_none, index) =>
    foundThing({ key: `more ${index}`, name: `desk ${index}`, addresses: [`192.168.10.${index % 256}`] }),
  );
  const things = [...sampleThings(), ...more].map((thing) => ({ ...thing, lastSeen: millis(browserClock.now()) }));
  fake.found = { mode: 'find', things, troubles: ['Another program has port 6454: Art-Net nodes may be missing.'] };
  fake.cards = [{ name: 'eth0', address: '192.168.10.5', family: 'IPv4', loopback: false }];
}
const engine = new EngineState(browserClock);
const target = window.document.getElementById('app');
if (target) mount(App, { target, props: { engine, shell: undefined, clock: browserClock } });
void engine.attach(fake);

const start = browserClock.now();
const rate = Number(wish.get('rate') ?? 44);
let sequence = 0;
setInterval(() => {
  const at = browserClock.now();
  const t = (at - start) / 1000;
  const moving = fake.document.mappings.slice(0, 200).filter((mapping) => mapping.enabled);
  const mappings = moving.flatMap((mapping) => sampleLive(mapping, t, at) ?? []);
  fake.emit('live', { at: millis(at), mappings });
  const candidates: LearnCandidate[] = [
    {
      address: '/midi/launchpad/ch/0/cc/7',
      value: f64(96),
      kind: 'param',
      count: 40,
      firstAt: millis(at - 900),
      lastAt: millis(at),
      travel: 0.8,
    },
    {
      address: '/desk/fader/5',
      value: f64(0.31),
      kind: 'param',
      count: 12,
      firstAt: millis(at - 900),
      lastAt: millis(at),
      travel: 0.1,
    },
    {
      address: '/hid/spacemouse/tx',
      value: f64(-0.02),
      kind: 'param',
      count: 90,
      firstAt: millis(at - 900),
      lastAt: millis(at),
      travel: 0.004,
    },
  ];
  fake.emit('learn', { candidates, among: candidates.length });
  fake.emit('monitor', {
    entries: mappings.slice(0, 3).map((live) => ({
      sequence: sequence++,
      at: micros(at * 1000),
      direction: 'in',
      device: 'foh-desk',
      kind: live.kind,
      address: live.sourceAddress as never,
      value: live.source,
      because: 'operator touch',
      trouble: false,
    })),
    skipped: 0,
  });
}, 1000 / rate);
setInterval(
  () =>
    fake.emit(
      'stats',
      fakeStats({ at: millis(browserClock.now()), messagesPerSecond: 1200 + Math.round(Math.random() * 90) }),
    ),
  1000,
);
