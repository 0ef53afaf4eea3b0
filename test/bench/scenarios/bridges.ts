import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { dialectOf } from '../dialects/catalogue.ts';
import { startMeter } from '../load/load-meter.ts';
import { Latencies, pace } from '../load/pace.ts';
import { RawClient } from '../load/raw-client.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

// The show is made in one process and played on in another, so the ports are agreed.
const oscPort = 27_100;
const sacnPort = 27_101;
const perSecond = 1000;
/** of the first slot in an E1.31 data packet; the second one lies behind it */
const slotOffset = 126;

/** F. From a desk to a lamp: what the way through the bridges costs. A universe leaves at most 44 times a second, so a level
 *  waits up to 23 ms for the next one. */
export const bridges: Scenario = {
  name: 'bridges',
  title: `${perSecond} levels a second, by OSC or by CLASP, through a mapping to a slot of an sACN universe.`,
  targets: ['flyrail', 'flyrail-state'],
  cases: [{ input: 'osc' }, { input: 'clasp' }],
  quickCases: [{ input: 'osc' }],
  shows: ['cpuMicrosPerMessage', 'p50Millis', 'p99Millis'],
  seconds: 4,
  // Two servers at once would want the same ports.
  startsAfresh: true,
  settings: { show: showOfBench() },
  measure,
};

async function measure({ target: { name, port, pid }, seconds }: Bench, one: Case): Promise<Figures> {
  const isOsc = one['input'] === 'osc';
  const lamp = createSocket('udp4').bind(sacnPort, '127.0.0.1');
  await once(lamp, 'listening');
  const desk = createSocket('udp4');
  const client = await RawClient.open(port, dialectOf(name));
  const send = isOsc
    ? (level: number) => desk.send(oscMessage('/bench', level), oscPort, '127.0.0.1')
    : (level: number) => client.write(dialectOf(name).set('/bench/level', level / 255, 1));
  await seen(lamp, send);
  const stop = startMeter(pid);
  const latencies = new Latencies();
  let packets = 0;
  const paced = pace({ perSecond, seconds, send: (index) => send(index % 256) });
  lamp.on('message', (packet) => {
    packets++;
    const now = performance.now();
    const newest = Math.floor((now - paced.dueAt(0)) / (1000 / perSecond));
    const level = packet[slotOffset + (isOsc ? 0 : 1)] ?? 0;
    const index = newest - ((newest - level + 256) % 256);
    latencies.record(now - paced.dueAt(index));
  });
  await paced.done;
  const reading = stop();
  for (const socket of [lamp, desk]) socket.close();
  client.close();
  return {
    cpuMicrosPerMessage: (reading.cpuSeconds * 1e6) / paced.count,
    p50Millis: latencies.micros(50) / 1000,
    p99Millis: latencies.micros(99) / 1000,
    packetsPerSecond: packets / reading.wallSeconds,
    serverShare: reading.serverShare,
    loadShare: reading.loadShare,
  };
}

/** Waits until the way stands: a level arrives. */
async function seen(lamp: Socket, send: (level: number) => void): Promise<void> {
  const levels = { highest: 0 };
  const look = (packet: Buffer): void => {
    levels.highest = Math.max(packet[slotOffset] ?? 0, packet[slotOffset + 1] ?? 0);
  };
  lamp.on('message', look);
  for (let tries = 0; levels.highest !== 200; tries++) {
    if (tries === 100) throw new Error(`No level came by sACN; are the ports ${oscPort} and ${sacnPort} free?`);
    send(200);
    await wait(100);
  }
  lamp.off('message', look);
}

/** One whole number. [OSC 1.0] */
function oscMessage(address: string, level: number): Uint8Array {
  const head = Buffer.from(`${address}\0\0,i\0\0`);
  const bytes = Buffer.alloc(head.length + 4);
  bytes.set(head);
  bytes.writeInt32BE(level, head.length);
  return bytes;
}

function showOfBench(): unknown {
  const mapping = (number: number, source: string): unknown => ({
    id: `m${number}`,
    number,
    name: `bench ${number}`,
    source: { pattern: source },
    target: { address: `/sacn/1/${number}` },
    transforms: [],
  });
  const osc = { direction: 'in', listenHost: '127.0.0.1', listenPort: oscPort };
  const sacn = {
    universes: [{ first: 1, last: 1, priority: 100 }],
    mode: 'unicast',
    unicastTo: ['127.0.0.1'],
    networkCard: '',
    sourceName: 'bench',
    cid: '6f1c2a52-3d0f-4b8e-9f0a-1d2c3b4a5e6f',
    port: sacnPort,
  };
  return {
    ...emptyShow('bench', 'Bench'),
    bridges: [
      { id: 'desk', number: 1, name: 'Desk', enabled: true, kind: 'osc', settings: { ...osc, prefix: '/osc' } },
      { id: 'lamps', number: 2, name: 'Lamps', enabled: true, kind: 'sacn', settings: sacn },
    ],
    mappings: [mapping(1, '/osc/bench'), mapping(2, '/bench/level')],
  };
}
