import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { Clasp } from '@clasp-to/core';
import { bridgeSchema, emptyShow } from '../../src-main/contract/show.ts';
import { cableFolderVariable, plugIn, unplug } from '../bench/stand-ins/cable.ts';
import { builtCommand, startServe, type AnyEvent } from '../integration/flyrail-process.ts';
import { writeShow } from '../integration/serve-shows.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import type { Box, Lane, LanePlan } from './lane.ts';
import { planPulls } from './plug-plan.ts';
import type { Passage, Tally } from './tally.ts';

/** The libraries of devices that this machine cannot have. */
const standIns = new URL('../bench/stand-ins/preload-child.ts', import.meta.url).href;

/** in ms, of what a peer does */
const stepMax = 30_000;

/** Looks at what bridges tell, 2.5 s apart. */
const settleMax = 8;

/** A bridge that can know that its device is away has told it by then, also one that takes a silence for it. */
const noticeMs = 5000;

export interface BoxResult {
  readonly passages: readonly Passage[];
  /** bridges that were not where they were before, while another's device was away: `lights: broken while broker was away` */
  readonly disturbed: readonly string[];
  /** bridges that never told that their device was away */
  readonly unnoticed: readonly string[];
  /** bridges that do not stand at the end as they stood at the begin: `board: broken` */
  readonly stillAway: readonly string[];
  /** of one core, by the product */
  readonly cpuShare: number;
  readonly memoryMb: { readonly begin: number; readonly end: number };
  /** handed to the product and by it */
  readonly numbers: number;
}

/** Runs the built product with all of these at once; every device that can be is unplugged once, and plugged in again.
 *  @param runMs how long numbers are sent */
export async function runBox(plans: readonly LanePlan[], runMs: number): Promise<BoxResult> {
  const ends: (() => unknown)[] = [];
  try {
    const folder = temporaryFolder();
    const cables = temporaryFolder();
    const flyrail = startServe(folder, ['--show', writeShow(folder, showOf(plans)), ...flagsOf(plans)], {
      env: Object.assign({ [cableFolderVariable]: cables }, ...plans.map(({ env }) => env ?? {})) as Record<
        string,
        string
      >,
      command: [process.execPath, '--import', standIns, builtCommand],
    });
    const ready = await flyrail.ready();
    const client = new Clasp(ready.clasp.url, { reconnect: false });
    await client.connect();
    ends.push(() => client.close());
    const box: Box = {
      client,
      ready,
      cables: {
        plug: (device, ports) => plugIn(cables, device, ports),
        unplug: (device) => unplug(cables, device),
      },
      hear: (address, run) => void client.on(address, (value) => run(Number(value))),
      onEnd: (run) => void ends.push(run),
    };
    const lanes = new Map<string, Lane>();
    for (const plan of plans) lanes.set(plan.id, await inTime(`the begin of ${plan.id}`, plan.begin(box)));
    await settle(() => flyrail.events());
    const before = use(ready.pid);
    const told = await play(lanes, runMs, { begin: statesOf(ready.bridges), events: () => flyrail.events() });
    const after = use(ready.pid);
    const tallies = [...lanes.values()].flatMap((lane) => lane.tallies);
    await comeIn(tallies);
    const passages = tallies.map((tally) => tally.passage());
    await flyrail.stop();
    return {
      passages,
      ...told,
      cpuShare: (after.cpuMs - before.cpuMs) / runMs,
      memoryMb: { begin: before.memoryMb, end: after.memoryMb },
      numbers: passages.reduce((sum, { sent, came }) => sum + sent + came, 0),
    };
  } finally {
    for (const end of ends.reverse()) await inTime('an end', Promise.resolve(end()));
  }
}

/** Whether everything came that was promised, within what a busy machine needs. */
async function comeIn(tallies: readonly Tally[]): Promise<void> {
  try {
    await until('the last numbers', () => tallies.every(({ isKept }) => isKept), 15_000);
  } catch {
    // The figures say which did not.
  }
}

/** @throws Error that names what hangs, where the test would only end by its own limit */
function inTime<T>(what: string, step: Promise<T>): Promise<T> {
  const late = wait(stepMax, undefined, { ref: false }).then(() => Promise.reject<T>(new Error(`${what} hangs`)));
  return Promise.race([step, late]);
}

/** Bridges have found their peers, or said that they look for them. On a busy machine one may change its state for ever. */
async function settle(events: () => readonly AnyEvent[]): Promise<void> {
  let seen = -1;
  for (let i = 0; i < settleMax && seen !== events().length; i++) {
    seen = events().length;
    await wait(2500);
  }
}

async function play(
  lanes: ReadonlyMap<string, Lane>,
  runMs: number,
  { begin: first, events }: { readonly begin: States; readonly events: () => readonly AnyEvent[] },
): Promise<Pick<BoxResult, 'disturbed' | 'unnoticed' | 'stillAway'>> {
  const before = new Map([...first, ...statesOf(toldIn(events()))]);
  for (const { tallies } of lanes.values()) for (const tally of tallies) tally.begin();
  const stopTurns = startTurns([...lanes.values()]);
  const begin = performance.now();
  const untilMs = (at: number): Promise<void> => wait(Math.max(0, begin + at - performance.now()));
  const pluggable = new Map([...lanes].filter(([, lane]) => lane.unplug));
  const [disturbed, unnoticed]: [string[], string[]] = [[], []];
  for (const { id, lane, outAt, inAt } of planPulls(pluggable, runMs)) {
    await untilMs(outAt);
    const told = events().length;
    for (const tally of lane.tallies) tally.pull();
    await inTime(`unplugging ${id}`, lane.unplug?.() ?? Promise.resolve());
    await untilMs(inAt);
    if (inAt - outAt >= noticeMs && !lane.isDeaf && !statesOf(toldIn(events().slice(told))).has(id)) unnoticed.push(id);
    await inTime(`plugging ${id} in`, lane.plug?.() ?? Promise.resolve());
    for (const tally of lane.tallies) tally.plug();
    // Seen from the next pull, or from the end: it may take a while to be back.
    const others = toldIn(events().slice(told)).filter((each) => each.id !== id && each.status !== 'connected');
    disturbed.push(...others.map((each) => `${each.id}: ${each.status} while ${id} was away`));
  }
  await untilMs(runMs);
  stopTurns();
  const after = [...statesOf(toldIn(events()))].filter(([id, state]) => state !== before.get(id));
  return { disturbed, unnoticed, stillAway: after.map(([id, state]) => `${id}: ${state}`) };
}

type States = ReadonlyMap<string, string>;
type Told = { readonly id: string; readonly status: string };

function toldIn(events: readonly AnyEvent[]): readonly Told[] {
  const told = events.filter(({ event }) => event === 'bridge-status');
  return told.map(({ id, status }) => ({ id: String(id), status: String(status) }));
}

/** The newest of each bridge. */
function statesOf(told: readonly Told[]): States {
  return new Map(told.map(({ id, status }) => [id, status]));
}

/** Every lane at its own rate; what is late is made up for. */
function startTurns(lanes: readonly Lane[]): () => void {
  const begin = performance.now();
  const counts = lanes.map(() => 0);
  const timer = setInterval(() => {
    const seconds = (performance.now() - begin) / 1000;
    for (const [i, lane] of lanes.entries())
      for (; (counts[i] ?? 0) < seconds * lane.perSecond; counts[i] = (counts[i] ?? 0) + 1) lane.turn(counts[i] ?? 0);
  }, 4);
  return () => clearInterval(timer);
}

function showOf(plans: readonly LanePlan[]): ReturnType<typeof emptyShow> {
  const bridges = plans.flatMap(({ id, bridge }) => (bridge ? [{ id, ...bridge }] : []));
  const numbered = bridges.map((bridge, i) => bridgeSchema.parse({ ...bridge, number: i + 1, name: bridge.id }));
  return { ...emptyShow('box', 'Show in a box'), bridges: numbered };
}

function flagsOf(plans: readonly LanePlan[]): readonly string[] {
  return plans.flatMap(({ flags = [] }) => flags);
}

/** From the system: processor time since it began, in all its threads, and resident memory. */
function use(pid: number): { readonly cpuMs: number; readonly memoryMb: number } {
  const [user = 0, system = 0] =
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  // Linux counts in hundredths of a second and pages of 4 KiB.
  return { cpuMs: (user + system) * 10, memoryMb: (pages * 4096) / 2 ** 20 };
}
