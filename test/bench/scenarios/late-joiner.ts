import { dialectOf } from '../dialects/catalogue.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { ByteCount } from '../load/byte-count.ts';
import { quiet } from '../load/flood.ts';
import { startMeter } from '../load/load-meter.ts';
import { median } from '../runner/statistics.ts';
import { openClients, RawClient } from '../load/raw-client.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const values = 10_000;
/** from one value that is set to the next */
const spread = 97;

/** Who joins late gets all that stands: how long it takes and what it costs. CLASP sends old clients the state twice, once
 *  to everyone who joins and once for a subscription, and MQTT once; both count. Setting some of the values before each
 *  counts too, since what can be kept ready from one joiner to the next must not be all that is measured. */
export const lateJoiner: Scenario = {
  name: 'late-joiner',
  title: `Clients join a server that keeps ${values} values, one after the other or all at once, and subscribe to all of them.`,
  targets: ['flyrail', 'flyrail-state', 'mosquitto'],
  cases: [{ 'at once': 1 }, { 'at once': 100 }, { 'at once': 1, 'set before each': 100 }],
  leavesOut: (target, one) => target === 'mosquitto' && one['at once'] !== 1,
  quickCases: [{ 'at once': 1 }],
  shows: ['cpuMillisPerJoiner', 'completeAfterMillis'],
  seconds: 2,
  measure,
};

async function measure({ target: { name, port, pid }, seconds }: Bench, one: Case): Promise<Figures> {
  const atOnce = Number(one['at once']);
  const setBeforeEach = Number(one['set before each'] ?? 0);
  const dialect = dialectOf(name);
  const keeper = await RawClient.open(port, dialect);
  const set = (index: number, value: number): Uint8Array =>
    dialect.keep(`/bench/state/with/a/name/of/some/length/${10_000 + index}`, value);
  for (let i = 0; i < values; i++) keeper.write(set(i, i));
  await keeper.ask(dialect.ping);
  const bytes = await sizeOfState(port, dialect);
  const stop = startMeter(pid);
  const took: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    // All over the state, others each time.
    const sets = Array.from({ length: setBeforeEach }, (_, i) => set((i * spread + took.length) % values, i));
    if (sets.length > 0) await keeper.ask({ ...dialect.ping, send: Buffer.concat([...sets, dialect.ping.send]) });
    took.push(await joinAll(atOnce, { port, dialect, bytes }));
  }
  const { cpuSeconds, ...reading } = stop();
  keeper.close();
  return {
    cpuMillisPerJoiner: (cpuSeconds * 1000) / (took.length * atOnce),
    completeAfterMillis: median(took),
    megabytesPerJoiner: bytes / 1e6,
    joiners: took.length * atOnce,
    serverShare: reading.serverShare,
    loadShare: reading.loadShare,
  };
}

interface State {
  readonly port: number;
  readonly dialect: Dialect;
  /** that come to one joiner */
  readonly bytes: number;
}

async function sizeOfState(port: number, dialect: Dialect): Promise<number> {
  const arrivals = new ByteCount();
  const client = await join(port, dialect, arrivals);
  await quiet(arrivals, 500);
  client.close();
  return arrivals.bytes;
}

/** @returns milliseconds until the last of them has everything */
async function joinAll(count: number, { port, dialect, bytes }: State): Promise<number> {
  const start = performance.now();
  const arrivals = new ByteCount();
  const complete = new Promise<void>((resolve) => {
    arrivals.onArrival = () => arrivals.bytes >= bytes * count && resolve();
  });
  const clients = await openClients(count, () => join(port, dialect, arrivals));
  await complete;
  for (const client of clients) client.close();
  return performance.now() - start;
}

async function join(port: number, dialect: Dialect, arrivals: ByteCount): Promise<RawClient> {
  const client = await RawClient.open(port, dialect, arrivals);
  client.write(dialect.subscribe('/bench/state/**', 1));
  return client;
}
