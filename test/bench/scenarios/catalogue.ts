import type { Scenario } from '../runner/scenario.ts';
import { acknowledgedSets } from './acknowledged-sets.ts';
import { addressTable } from './address-table.ts';
import { bridgeOverhead } from './bridge-overhead.ts';
import { bridges } from './bridges.ts';
import { bundlePunctuality } from './bundle-punctuality.ts';
import { clockAccuracy } from './clock-accuracy.ts';
import { codec } from './codec.ts';
import { fanOut } from './fan-out.ts';
import { connectStorm } from './connect-storm.ts';
import { features } from './features.ts';
import { lateJoiner } from './late-joiner.ts';
import { memory } from './memory.ts';
import { mixedPeers } from './mixed-peers.ts';
import { pacedFanOut } from './paced-fan-out.ts';
import { patternForms } from './patterns.ts';
import { scheduledCascade } from './scheduled-cascade.ts';
import { singleHop } from './single-hop.ts';
import { slowReaders } from './slow-readers.ts';
import { soak } from './soak.ts';
import { toggles } from './toggles.ts';
import { transports } from './transports.ts';
import { wildcardSubscriptions } from './wildcard-subscriptions.ts';

/** In the order of the report. */
export const scenarios: readonly Scenario[] = [
  singleHop,
  fanOut,
  acknowledgedSets,
  wildcardSubscriptions,
  pacedFanOut,
  lateJoiner,
  codec,
  addressTable,
  patternForms,
  features,
  toggles,
  transports,
  connectStorm,
  bridges,
  bridgeOverhead,
  mixedPeers,
  slowReaders,
  scheduledCascade,
  bundlePunctuality,
  clockAccuracy,
  memory,
  soak,
];

/** @throws Error when there is none */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (!scenario) {
    const names = scenarios.map((each) => each.name).join(', ');
    throw new Error(`There is no scenario "${name}". There are ${names}.`);
  }
  return scenario;
}
