import { setTimeout as wait } from 'node:timers/promises';
import { dialectOf } from '../dialects/catalogue.ts';
import { startMeter } from '../load/load-meter.ts';
import { Latencies, pace } from '../load/pace.ts';
import { RawClient } from '../load/raw-client.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

/** A hall full of phones whose Wi-Fi comes back: each connects, is greeted, and has answered once. */
export const connectStorm: Scenario = {
  name: 'connect-storm',
  title:
    'Clients connect at an even pace, are greeted and answered once, and go; time from when each was due until its answer is there.',
  targets: ['flyrail', 'flyrail-access', 'nats', 'mosquitto'],
  cases: [{ 'connects/s': 1000 }],
  quickCases: [{ 'connects/s': 1000 }],
  shows: ['p50Micros', 'p99Micros', 'maxMicros', 'cpuMicrosPerConnect', 'complete'],
  seconds: 4,
  measure,
};

async function measure({ target, seconds }: Bench, one: Case): Promise<Figures> {
  const perSecond = Number(one['connects/s']);
  await storm(target, perSecond, seconds / 2);
  return storm(target, perSecond, seconds);
}

async function storm(target: Bench['target'], perSecond: number, seconds: number): Promise<Figures> {
  const dialect = dialectOf(target.name);
  const latencies = new Latencies();
  const stop = startMeter(target.pid);
  let over = 0;
  const come = async (index: number): Promise<void> => {
    try {
      const client = await RawClient.open(target, dialect);
      latencies.record(performance.now() - paced.dueAt(index));
      client.close();
    } catch {
      // Refused: it is missing from `complete`.
    } finally {
      over++;
    }
  };
  const paced = pace({ perSecond, seconds, send: (index) => void come(index) });
  await paced.done;
  for (let tries = 0; over < paced.count && tries < 1000; tries++) await wait(5);
  const { cpuSeconds, serverShare, loadShare } = stop();
  return {
    p50Micros: latencies.micros(50),
    p99Micros: latencies.micros(99),
    maxMicros: latencies.micros(100),
    cpuMicrosPerConnect: (cpuSeconds * 1e6) / paced.count,
    complete: latencies.count / paced.count,
    serverShare,
    loadShare,
  };
}
