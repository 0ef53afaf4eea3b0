import { setTimeout as wait } from 'node:timers/promises';
import { f64 } from '../../../src-main/contract/signal.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { frameFor } from '../../../src-main/core/protocol/framing.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import type { Connection, Dialler } from '../../../src-main/ports/transport.ts';
import { createDialler } from '../../../src-main/transports/catalogue.ts';
import { silentLog } from '../../silent-log.ts';
import { hello } from '../dialects/clasp-dialect.ts';
import { startMeter } from '../load/load-meter.ts';
import { Latencies } from '../load/pace.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const address = '/bench/wire/level';
const hops = 2000;
const inFlightMax = 64;
/** samples may be lost on the way: after so long without any the next ones go */
const lostAfterMs = 50;
const dialsMax = 40;

/** What each wire adds, with our own client at its end: beside WebSocket. Over a radio nothing is measured: there is none. */
export const transports: Scenario = {
  name: 'transports',
  title: `One publisher, one subscriber, both by the wire that is named: ${hops} samples one after the other, then as many as pass with ${inFlightMax} under way.`,
  targets: ['flyrail-doors'],
  cases: ['ws', 'tcp', 'udp', 'wss', 'tls', 'quic', 'webrtc', 'serial'].map((wire) => ({ wire })),
  quickCases: [{ wire: 'ws' }, { wire: 'tcp' }],
  shows: ['hopP50Micros', 'hopP99Micros', 'deliveriesPerSecond', 'deliveriesPerCpuSecond'],
  seconds: 3,
  measure,
};

async function measure({ target, seconds }: Bench, { wire }: Case): Promise<Figures> {
  const [first, second = first] = target.ways?.urls.filter((url) => url.split(/[+:]/)[0] === wire) ?? [];
  if (first === undefined || second === undefined) throw new Error(`The server has no way in by ${wire}.`);
  const options = { clock: createSystemClock(), authorities: [target.ways?.authority ?? ''], log: silentLog };
  const open = async (url: string): Promise<Connection> => {
    const dialler = await createDialler(url, { ...options, radioProcess: '' });
    const connection = await dialled(dialler, url);
    await greeted(connection);
    return connection;
  };
  const [publisher, subscriber] = [await open(first), await open(second)];
  send(subscriber, { type: messageType.subscribe, id: 1, pattern: address, types: 0xff });
  send(subscriber, { type: messageType.ping });
  await heard(subscriber, messageType.pong);
  try {
    const latencies = await oneByOne(publisher, subscriber);
    await asMany(publisher, subscriber, seconds / 2);
    const stop = startMeter(target.pid);
    const { sent, arrived } = await asMany(publisher, subscriber, seconds);
    const { wallSeconds, cpuSeconds, serverShare, loadShare } = stop();
    return {
      hopP50Micros: latencies.micros(50),
      hopP99Micros: latencies.micros(99),
      deliveriesPerSecond: arrived / wallSeconds,
      deliveriesPerCpuSecond: arrived / cpuSeconds,
      complete: arrived / sent,
      serverShare,
      loadShare,
    };
  } finally {
    for (const connection of [publisher, subscriber]) connection.close('measured');
  }
}

/** A serial port is free only a moment after the connection of the round before has closed. */
async function dialled(dialler: Dialler, url: string): Promise<Connection> {
  for (let tries = 0; ; tries++) {
    try {
      return await dialler.dial(url);
    } catch (error) {
      if (tries === dialsMax) throw error;
      await wait(lostAfterMs);
    }
  }
}

const sample: Message = { type: messageType.publish, kind: 'stream', address, value: WireValue.of(f64(0.5)) };

function send(connection: Connection, message: Message): boolean {
  return connection.send(frameFor(connection.framing, encodeFrame(message)));
}

async function greeted(connection: Connection): Promise<void> {
  const welcome = heard(connection, messageType.welcome);
  send(connection, hello);
  await welcome;
}

function heard(connection: Connection, type: Message['type']): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancelClose = connection.onClose((reason) => reject(new Error(reason)));
    const cancel = connection.onFrame((frame) => {
      if (decodeFrame(bytesOfFrame(frame)).message.type !== type) return;
      cancel();
      cancelClose();
      resolve();
    });
  });
}

async function oneByOne(publisher: Connection, subscriber: Connection): Promise<Latencies> {
  const latencies = new Latencies();
  let arrive: () => void = () => undefined;
  const cancel = subscriber.onFrame(() => arrive());
  const frame = frameFor(publisher.framing, encodeFrame(sample));
  for (let hop = 0; hop < hops; hop++) {
    const before = performance.now();
    await new Promise<void>((resolve) => {
      const lost = setTimeout(resolve, lostAfterMs);
      arrive = () => {
        clearTimeout(lost);
        resolve();
      };
      publisher.send(frame);
    });
    latencies.record(performance.now() - before);
  }
  cancel();
  return latencies;
}

async function asMany(publisher: Connection, subscriber: Connection, seconds: number) {
  const frame = frameFor(publisher.framing, encodeFrame(sample));
  const end = performance.now() + seconds * 1000;
  const count = { sent: 0, arrived: 0, lost: 0 };
  let last = performance.now();
  const fill = (): void => {
    while (count.sent - count.arrived - count.lost < inFlightMax && publisher.send(frame)) count.sent++;
  };
  const cancel = subscriber.onFrame(() => {
    count.arrived++;
    last = performance.now();
    if (count.arrived % (inFlightMax / 4) === 0) fill();
  });
  fill();
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, lostAfterMs));
    if (performance.now() - last < lostAfterMs) continue;
    count.lost = count.sent - count.arrived;
    fill();
  }
  cancel();
  return count;
}
