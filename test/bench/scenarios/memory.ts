import { setTimeout as wait } from 'node:timers/promises';
import { openCast } from '../load/cast.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';
import { useOf } from '../targets/process-use.ts';

const sessions = 1000;
const patternsPerSession = 10;
const values = 10_000;

/** What sessions, subscriptions and params take of the memory. */
export const memory: Scenario = {
  name: 'memory',
  title: `Resident memory with ${sessions} sessions of ${patternsPerSession} subscriptions each and ${values} values (nats keeps none).`,
  targets: ['flyrail', 'flyrail-state', 'nats', 'mosquitto'],
  cases: [{}],
  quickCases: [{}],
  shows: ['idleMegabytes', 'megabytes', 'afterwardsMegabytes'],
  seconds: 1,
  rounds: 3,
  startsAfresh: true,
  measure,
};

async function measure(bench: Bench, _one: Case): Promise<Figures> {
  const { pid } = bench.target;
  await wait(2000);
  const idleMegabytes = megabytesOf(pid);
  const { publisher, dialect, close } = await openCast(bench, {
    subscribers: sessions,
    patterns: (session) =>
      Array.from({ length: patternsPerSession }, (_, i) => `/bench/session/${session}/part/${i}/*`),
  });
  for (let i = 0; i < values; i++)
    publisher.write(dialect.keep(`/bench/state/with/a/name/of/some/length/${10_000 + i}`, i));
  await publisher.ask(dialect.ping);
  await wait(2000);
  const megabytes = megabytesOf(pid);
  close();
  await wait(2000);
  return { idleMegabytes, megabytes, afterwardsMegabytes: megabytesOf(pid) };
}

function megabytesOf(pid: number): number {
  return useOf(pid).rssBytes / 1e6;
}
