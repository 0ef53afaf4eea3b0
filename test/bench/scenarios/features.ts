import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType, type Message, type PublishMessage } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { clientFrame } from '../dialects/clasp-dialect.ts';
import { openCast } from '../load/cast.ts';
import { flood, quiet } from '../load/flood.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const address = '/bench/feature/level';
const messagesPerBatch = 100;
const inFlight = 4;
const fingers = 10;
const value = WireValue.of(f64(0.5));

const messages: Readonly<Record<string, (index: number) => Message>> = {
  SET: () => ({ type: messageType.set, address, value }),
  event: () => published('event'),
  stream: () => published('stream'),
  'gesture move': (index) => ({ ...published('gesture'), phase: 'move', id: index % fingers }),
};

/** E. What each kind of signal costs by the journal that keeps it; moves of gestures are thinned on their way. */
export const features: Scenario = {
  name: 'features',
  title: 'One publisher, one subscriber, each kind of signal, with the journal off, with `state` and with `full`.',
  targets: ['flyrail', 'flyrail-state', 'flyrail-full'],
  cases: Object.keys(messages).map((signal) => ({ signal })),
  quickCases: [{ signal: 'gesture move' }],
  shows: ['messagesPerCpuSecond', 'messagesPerSecond'],
  seconds: 3,
  measure,
};

async function measure(bench: Bench, one: Case): Promise<Figures> {
  const make = messages[String(one['signal'])];
  if (!make) throw new Error('There is no such signal.');
  const { target, seconds } = bench;
  const { publisher, dialect, close } = await openCast(bench, { subscribers: 1, patterns: () => [address] });
  for (let id = 0; id < fingers; id++) publisher.write(clientFrame({ ...published('gesture'), phase: 'start', id }));
  // What is thinned cannot be waited for: each batch ends with a PING, and its PONG tells that it is through.
  const frames = Array.from({ length: messagesPerBatch }, (_, index) => clientFrame(make(index)));
  const batches = [Buffer.concat([...frames, dialect.ping.send])];
  const arrivals = publisher.received;
  const settle = (): Promise<void> => quiet(arrivals, 300);
  const options = { publisher, batches, arrivals, settle, inFlight, seconds, pid: target.pid };
  const { batches: done, cpuSeconds, wallSeconds, ...reading } = await flood(options);
  close();
  return {
    messagesPerCpuSecond: (done * messagesPerBatch) / cpuSeconds,
    messagesPerSecond: (done * messagesPerBatch) / wallSeconds,
    serverShare: reading.serverShare,
    loadShare: reading.loadShare,
  };
}

function published(kind: PublishMessage['kind']): PublishMessage {
  return { type: messageType.publish, kind, address, value };
}
