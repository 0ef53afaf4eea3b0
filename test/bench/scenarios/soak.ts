import { setTimeout as wait } from 'node:timers/promises';
import { dialectOf } from '../dialects/catalogue.ts';
import { pace } from '../load/pace.ts';
import { openClients, RawClient } from '../load/raw-client.ts';
import { slope } from '../runner/statistics.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';
import { useOf } from '../targets/process-use.ts';

const sessions = 200;
const patternsPerSession = 10;
const addresses = 2000;
const setsPerSecond = 1000;
const leavesPerSecond = 20;
const lookEverySeconds = 5;

/** Eight minutes in which everything comes and goes: whether memory stands still in the second half of them. */
export const soak: Scenario = {
  name: 'soak',
  title: `${sessions} sessions of ${patternsPerSession} subscriptions, ${leavesPerSecond} of them a second leave and others come; ${setsPerSecond} SETs a second over ${addresses} addresses.`,
  targets: ['flyrail', 'flyrail-state'],
  cases: [{}],
  quickCases: [{}],
  shows: ['slopeMegabytesPerHour', 'halfwayMegabytes', 'endMegabytes', 'startMegabytes'],
  seconds: 480,
  rounds: 1,
  startsAfresh: true,
  onlyByName: true,
  measure,
};

async function measure({ target: { name, port, pid }, seconds }: Bench, _one: Case): Promise<Figures> {
  const dialect = dialectOf(name);
  const join = async (): Promise<RawClient> => {
    const client = await RawClient.open(port, dialect);
    for (let i = 0; i < patternsPerSession; i++) {
      const lamp = Math.floor(Math.random() * addresses);
      client.write(dialect.subscribe(i === 0 ? `/bench/lamp/${lamp}/**` : `/bench/lamp/${lamp}/level`, i));
    }
    return client;
  };
  const publisher = await RawClient.open(port, dialect);
  const clients = await openClients(sessions, join);
  const sets = Array.from({ length: addresses }, (_, i) => dialect.set(`/bench/lamp/${i}/level`, i, 1));
  const start = performance.now();
  const looks: { readonly hours: number; readonly megabytes: number }[] = [];
  let left = 0;
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - start) / 1000) {
    const sending = pace({
      perSecond: setsPerSecond,
      seconds: Math.min(lookEverySeconds, seconds),
      send: (index) => publisher.write(sets[(left + index) % addresses]!),
    });
    for (let i = 0; i < leavesPerSecond * Math.min(lookEverySeconds, seconds); i++, left++) {
      clients[left % sessions]?.close();
      clients[left % sessions] = await join();
      await wait(Math.max(0, (i * 1000) / leavesPerSecond - (performance.now() - sending.dueAt(0))));
    }
    await sending.done;
    looks.push({ hours: (performance.now() - start) / 3_600_000, megabytes: useOf(pid).rssBytes / 1e6 });
  }
  for (const client of [publisher, ...clients]) client.close();
  return figuresOf(looks, left);
}

function figuresOf(looks: readonly { readonly hours: number; readonly megabytes: number }[], left: number): Figures {
  const secondHalf = looks.slice(looks.length >> 1);
  return {
    slopeMegabytesPerHour: slope(
      secondHalf.map(({ hours }) => hours),
      secondHalf.map(({ megabytes }) => megabytes),
    ),
    startMegabytes: looks[0]?.megabytes ?? 0,
    halfwayMegabytes: secondHalf[0]?.megabytes ?? 0,
    endMegabytes: looks.at(-1)?.megabytes ?? 0,
    sessionsThatLeft: left,
  };
}
