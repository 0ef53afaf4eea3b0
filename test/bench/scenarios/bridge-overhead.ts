import { setTimeout as wait } from 'node:timers/promises';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { openClaspClient } from '../load/clasp-client.ts';
import { startMeter } from '../load/load-meter.ts';
import { Latencies, pace, type Paced } from '../load/pace.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';
import { bridgeKinds } from '../bridge-kinds/catalogue.ts';
import type { FarEnd, OverheadKind } from '../bridge-kinds/overhead-kind.ts';

const usualPerSecond = 1000;
/** So long after the last number nothing more is under way; and it is waited no longer than so many looks. */
const quietMs = 500;
const looksMax = 200;
/** a level of DMX begins anew after 255 */
const levels = 256;

/** F. What each kind of bridge adds: from its device to a CLASP client, and from a CLASP client to its device. Beside it a
 *  plain program of the same library that sends back what it gets, one hop without a router. */
export const bridgeOverhead: Scenario = {
  name: 'bridge-overhead',
  title:
    `${usualPerSecond} numbers a second (DMX: 40 frames, HID: 125 reports, webhooks: 200 events, polls: 20) from a device through its bridge to a CLASP client (in), or the other ` +
    'way (out). A plain program sends them back without a router. Of a param the newest value is promised: where several come while one ' +
    'cannot leave yet, the share that arrives is below 1.',
  targets: ['flyrail', ...new Set(bridgeKinds.flatMap(({ peer = [] }) => peer))],
  cases: bridgeKinds.flatMap(({ kind, addresses }) => waysOf(addresses).map((way) => ({ kind, way }))),
  quickCases: bridgeKinds.map(({ kind, addresses }) => ({ kind, way: waysOf(addresses)[0] ?? 'in' })),
  leavesOut: (target, { kind }) => target !== 'flyrail' && kindNamed(kind).peer !== target,
  shows: ['p50Micros', 'p99Micros', 'sendsLateP99Micros', 'arrivedShare', 'cpuMicrosPerMessage'],
  seconds: 4,
  settings: { show: showOfBench(), hasStandIns: true },
  notes: bridgeKinds.flatMap(({ note = [] }) => note),
  measure,
};

async function measure({ target, seconds }: Bench, { kind, way }: Case): Promise<Figures> {
  const of = kindNamed(kind);
  const isPeer = target.name !== 'flyrail';
  const device = await of.open(isPeer ? target.port : undefined);
  const client = isPeer ? undefined : await openClaspClient(target.port, of);
  if (of.startsBy !== undefined) client?.switchOn(of.startsBy);
  const wrap = (index: number): number => (of.isLevel === true ? index % levels : index);
  const line: Line = {
    ...of,
    device,
    send: (index) => (client && way === 'out' ? client : device).send(wrap(index)),
    listen: (run) => {
      if (client && way === 'in') client.onNumber = run;
      else device.onNumber = run;
    },
  };
  try {
    await (device.dueAt ? untilItRuns(line) : untilItStands(line));
    return await measureLine(line, { seconds, pid: target.pid });
  } finally {
    await device.close();
    client?.close();
  }
}

/** The way of numbers that is measured, and what is known of its kind. */
interface Line extends Pick<OverheadKind, 'perSecond' | 'isLevel'> {
  readonly device: FarEnd;
  readonly send: (index: number) => void;
  readonly listen: (run: (n: number) => void) => void;
}

async function measureLine(line: Line, { seconds, pid }: { seconds: number; pid: number }): Promise<Figures> {
  const { perSecond = usualPerSecond, isLevel = false, device, send, listen } = line;
  const [latencies, lateness] = [new Latencies(), new Latencies()];
  const stop = startMeter(pid);
  let begun: Paced | undefined;
  const sendNoted = (index: number): void => {
    if (begun) lateness.record(performance.now() - begun.dueAt(index));
    send(index);
  };
  const paced = (begun = device.dueAt
    ? { dueAt: device.dueAt, done: wait(seconds * 1000), count: Math.round(perSecond * seconds) }
    : pace({ perSecond, seconds, send: sendNoted }));
  let last = -1;
  let heardAt = performance.now();
  listen((n) => {
    const now = performance.now();
    const index = isLevel ? nextWith(n, last) : n;
    // A frame that is sent again is not another number, and one of before the begin none of these.
    if (index <= last || (!device.dueAt && paced.dueAt(index) > now)) return;
    last = index;
    heardAt = now;
    // What follows a clock may be early too.
    latencies.record(Math.abs(now - paced.dueAt(index)));
  });
  await paced.done;
  const { cpuSeconds, serverShare, loadShare } = stop();
  // What is under way still comes.
  for (
    let looks = 0;
    looks < looksMax && performance.now() - heardAt < quietMs && latencies.count < paced.count;
    looks++
  )
    await wait(50);
  return {
    p50Micros: latencies.micros(50),
    p99Micros: latencies.micros(99),
    cpuMicrosPerMessage: (cpuSeconds * 1e6) / paced.count,
    // Where the load waits for its core, so do all times.
    sendsLateP99Micros: device.dueAt ? 0 : lateness.micros(99),
    arrivedShare: Math.min(1, latencies.count / paced.count),
    serverShare,
    loadShare,
  };
}

function waysOf(addresses: OverheadKind['addresses']): readonly string[] {
  return ['in' as const, 'out' as const].filter((way) => addresses[way] !== undefined);
}

/** The first index from `last` on that stands for this level. */
function nextWith(level: number, last: number): number {
  const from = Math.max(0, last);
  return from + ((level - (from % levels) + levels) % levels);
}

/** Numbers come and go, and none of before is under way. */
async function untilItStands({ send, listen, perSecond = usualPerSecond }: Line): Promise<void> {
  let heard = -1;
  listen((index) => (heard = index));
  for (let tries = 1; heard !== tries - 1; tries++) {
    // A link that was away for long is dialled every fifteen seconds or so.
    if (tries === 300) throw new Error('No number came through. Are the ports of bridge-kinds/ free?');
    send(tries);
    await wait(Math.max(100, 1500 / perSecond));
  }
}

/** A device that runs by itself is followed. */
async function untilItRuns({ listen, perSecond = usualPerSecond }: Line): Promise<void> {
  const [enough, tries] = [2 * perSecond, 300];
  let heard = 0;
  listen(() => heard++);
  for (let tried = 1; heard < enough; tried++) {
    if (tried === tries) throw new Error('No number came through. Is another bench running?');
    await wait(100);
  }
}

function kindNamed(name: Case[string] | undefined): OverheadKind {
  const kind = bridgeKinds.find((each) => each.kind === name);
  if (!kind) throw new Error(`There is no kind ${String(name)} in bridge-kinds/.`);
  return kind;
}

function showOfBench(): unknown {
  const bridges = bridgeKinds.map(({ bridge }, i) => ({ id: `b${i}`, number: i + 1, name: bridge.kind, ...bridge }));
  return { ...emptyShow('overhead', 'Overhead'), bridges };
}
