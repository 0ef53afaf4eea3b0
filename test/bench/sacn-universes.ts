import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { DataPackets } from '../../src-main/bridges/sacn/data-packets.ts';
import { SacnBridge } from '../../src-main/bridges/sacn/sacn-bridge.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import type { Signal, Value } from '../../src-main/contract/signal.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { sacnSettings } from '../bridges/bridge-settings.ts';
import { silentLog } from '../silent-log.ts';

/** 64 universes at 44 Hz over loopback, out and in: the jitter of the packets and the CPU of the process that has the bridge.
 *  `node test/bench/sacn-universes.ts` */
const universes = 64;
const seconds = 10;
const port = 47_568;
const range = { first: 1, last: universes };
const clock = createSystemClock();
const addresses = Array.from({ length: universes }, (_, i) => parseAddress(`/sacn/${i + 1}/1`));
const levels = Array.from({ length: 256 }, (_, value): Value => ({ type: 'i32', value }));

if (process.argv[2] === 'out') await playOut();
else if (process.argv[2] === 'in') await playIn(process.argv[3] === 'frames' ? 'frames' : 'slots');
else {
  await measureOut(false);
  await measureOut(true);
  for (const form of ['slots', 'frames'] as const) await measureIn(form);
}

/** Counts what comes from a bridge in a process of its own. */
async function measureOut(synced: boolean): Promise<void> {
  const lamp = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 }).bind(port, '127.0.0.1');
  await once(lamp, 'listening');
  const last = new Map<number, number>();
  const gaps: number[] = [];
  let [packets, lost] = [0, 0];
  const sequences = new Map<number, number>();
  lamp.on('message', (bytes) => {
    if (bytes.length < 126) return;
    const [universe, sequence, now] = [bytes.readUInt16BE(113), bytes[111] ?? 0, performance.now()];
    const [before, expected] = [last.get(universe), sequences.get(universe)];
    packets++;
    if (before !== undefined) gaps.push(now - before);
    if (expected !== undefined && expected !== sequence) lost++;
    last.set(universe, now);
    sequences.set(universe, (sequence + 1) % 256);
  });
  const bridge = fork(import.meta.filename, ['out', synced ? 'sync' : '']);
  const [cpu] = (await once(bridge, 'message')) as [number];
  lamp.close();
  gaps.sort((one, other) => one - other);
  const at = (percent: number): string => (gaps[Math.floor((gaps.length - 1) * (percent / 100))] ?? NaN).toFixed(2);
  console.log(
    `out${synced ? ' with sync' : ''}: ${(packets / universes / seconds).toFixed(1)} frames a second in each of ${universes} universes, ` +
      `${lost} gaps in sequence; ms between frames: p1 ${at(1)}, p50 ${at(50)}, p99 ${at(99)}, p99.9 ${at(99.9)}, most ${at(100)}; ` +
      `${(cpu * 100).toFixed(1)} % of one core`,
  );
}

async function playOut(): Promise<void> {
  const syncUniverse = process.argv[3] === 'sync' ? 7962 : 0;
  const bridge = open({
    universes: [{ ...range, priority: 100 }],
    mode: 'unicast',
    unicastTo: ['127.0.0.1'],
    syncUniverse,
  });
  await bridge.start(hostFor(() => undefined));
  const begun = process.cpuUsage();
  const until = performance.now() + seconds * 1000;
  for (let step = 0; performance.now() < until; step++) {
    const value: Value = { type: 'array', value: Array.from({ length: 512 }, () => levels[step % 256] as Value) };
    bridge.apply(addresses.map((address): Signal => ({ kind: 'param', address, value })));
    await wait(10);
  }
  await finish(process.cpuUsage(begun));
}

/** Two consoles of one priority send to a bridge in a process of its own. */
async function measureIn(form: 'slots' | 'frames'): Promise<void> {
  const bridge = fork(import.meta.filename, ['in', form]);
  await once(bridge, 'message');
  const consoles = [1, 2].map((number) =>
    Array.from({ length: universes }, (_, i) => {
      const cid = `00000000-0000-4000-8000-00000000000${number}`;
      return new DataPackets(
        { cid, sourceName: `Desk ${number}`, priority: 100, preview: false, syncUniverse: 0 },
        i + 1,
      );
    }),
  );
  const socket = createSocket('udp4');
  const done = once(bridge, 'message') as Promise<[{ cpu: number; packets: number; signals: number }]>;
  let sent = 0;
  const begun = performance.now();
  for (let frame = 0; frame < seconds * 44; frame++) {
    const slots = new Uint8Array(512).fill(frame % 256, 0, 16);
    for (const packets of consoles)
      for (const each of packets) {
        socket.send(each.next(slots), port, '127.0.0.1');
        sent++;
      }
    await wait(Math.max(0, begun + ((frame + 1) * 1000) / 44 - performance.now()));
  }
  bridge.send('done');
  const [{ cpu, packets, signals }] = await done;
  socket.close();
  console.log(
    `in, as ${form}: ${packets} of ${sent} packets taken from 2 sources in ${universes} universes, 16 slots changing, ` +
      `${Math.round(signals / seconds)} params a second; ${(cpu * 100).toFixed(1)} % of one core`,
  );
}

async function playIn(publish: 'slots' | 'frames'): Promise<void> {
  let signals = 0;
  const bridge = open({ universes: [], receive: [range], settleMs: 0, publish });
  await bridge.start(hostFor((batch) => (signals += batch.length)));
  process.send?.('ready');
  const begun = process.cpuUsage();
  await once(process, 'message');
  await wait(200);
  const { user, system } = process.cpuUsage(begun);
  const packets = bridge.status().inTotal;
  await sendAway({ cpu: (user + system) / 1e6 / seconds, packets, signals });
}

function open(settings: Parameters<typeof sacnSettings>[0]): SacnBridge {
  const whole = sacnSettings({ networkCard: '', port, ...settings });
  const card = { name: 'lo', address: '127.0.0.1', family: 'IPv4' as const, loopback: true };
  return new SacnBridge(whole, { clock, log: silentLog, networkCards: () => [card] });
}

function hostFor(publish: (batch: readonly Signal[]) => void): Parameters<SacnBridge['start']>[0] {
  return { publish, counts: new Map(), returned: () => undefined, fault: (reason) => console.error(reason.message) };
}

function finish({ user, system }: NodeJS.CpuUsage): Promise<void> {
  return sendAway((user + system) / 1e6 / seconds);
}

/** Tells the process that measures, and ends without goodbyes, which are not measured. */
async function sendAway(figures: unknown): Promise<void> {
  await new Promise<void>((resolve) => process.send?.(figures, () => resolve()));
  process.exit();
}
