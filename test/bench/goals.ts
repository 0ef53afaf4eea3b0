import { bundlePunctuality } from './scenarios/bundle-punctuality.ts';
import { toggles } from './scenarios/toggles.ts';
import type { TargetName } from './targets/target.ts';
import type { Case } from './runner/scenario.ts';

/** One ratio that has to hold. */
export interface Goal {
  readonly sentence: string;
  readonly scenario: string;
  readonly one: Case;
  readonly figure: string;
  readonly ours: TargetName;
  /** what it is divided by; undefined where the figure is a ratio already */
  readonly theirs: TargetName | undefined;
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface Measured extends Pick<Goal, 'scenario' | 'one' | 'figure'> {
  /** costs and times are to be small, all others large */
  readonly isCost: boolean;
}

const perCpuSecond = 'deliveriesPerCpuSecond';
const fanOutTo = (subscribers: number): Measured => ({
  scenario: 'fan-out',
  one: { subscribers },
  figure: perCpuSecond,
  isCost: false,
});
const sets: Measured = {
  scenario: 'acknowledged-sets',
  one: { subscribers: 1 },
  figure: perCpuSecond,
  isCost: false,
};
const wildcards: Measured = { scenario: 'wildcard-subscriptions', one: {}, figure: perCpuSecond, isCost: false };
const hop: Measured = { scenario: 'single-hop', one: { 'messages/s': 10_000 }, figure: 'p50Micros', isCost: true };
const paced: Measured = { scenario: 'paced-fan-out', one: {}, figure: 'cpuMicrosPerDelivery', isCost: true };
const joiner: Measured = {
  scenario: 'late-joiner',
  one: { 'at once': 1 },
  figure: 'cpuMillisPerJoiner',
  isCost: true,
};

/** The part of a figure that the `state` journal may take. */
const journalTakesMost = 1 / 3;

export const goals: readonly Goal[] = [
  against('nats', fanOutTo(100), { sentence: 'fan-out 100: deliveries per CPU-second', atLeast: 2 }),
  against('mosquitto', fanOutTo(100), { sentence: 'fan-out 100: deliveries per CPU-second', atLeast: 100 }),
  against('nats', fanOutTo(1000), { sentence: 'fan-out 1 000: deliveries per CPU-second', atLeast: 1.5 }),
  against('nats', fanOutTo(1), { sentence: 'one to one, batched stream: messages per CPU-second', atLeast: 0.7 }),
  against('mosquitto', sets, { sentence: 'SET with state, revision and ACK, against QoS 1', atLeast: 15 }),
  against('nats', wildcards, { sentence: '1 000 wildcard subscriptions over 10 000 addresses', atLeast: 2 }),
  against('echo', hop, { sentence: 'single hop at 10 000 messages a second: p50', atMost: 1.15 }),
  against('mosquitto', paced, { sentence: 'paced fan-out 100 × 1 000/s: CPU per delivery', atMost: 0.85 }),
  against('mosquitto', joiner, { sentence: 'late joiner with 10 000 values: CPU', atMost: 0.4 }),
  against(
    'mosquitto',
    { ...joiner, figure: 'completeAfterMillis' },
    {
      sentence: 'late joiner with 10 000 values: time',
      atMost: 0.4,
    },
  ),
  ...punctualityGoals(),
  ...['SET f64, 16-character address', 'PUBLISH stream f64 with timestamp', 'BUNDLE of ten SETs'].flatMap((message) => [
    codecGoal(message, 'encodeRatio', 10),
    codecGoal(message, 'decodeRatio', 3),
  ]),
  ...[fanOutTo(1), fanOutTo(100), fanOutTo(1000), sets, hop, paced, joiner].map(withJournal),
  ...toggles.cases.map(withAccess),
];

function against(
  theirs: TargetName,
  { scenario, one, figure }: Measured,
  wanted: Pick<Goal, 'sentence' | 'atLeast' | 'atMost'>,
): Goal {
  return { scenario, one, figure, ours: 'flyrail', theirs, ...wanted };
}

/** Of those that wait for an instant each, and of a thousand that wait for the same. */
function punctualityGoals(): Goal[] {
  return bundlePunctuality.cases.map((one): Goal => {
    const sentence = `BUNDLEs begun within 1 ms: ${one['bundles']}, ${one['messages/s']} messages/s beside them`;
    const figure = 'within1msShare';
    return {
      sentence,
      scenario: 'bundle-punctuality',
      one,
      figure,
      ours: 'flyrail',
      theirs: undefined,
      atLeast: 0.995,
    };
  });
}

function codecGoal(message: string, figure: string, atLeast: number): Goal {
  const sentence = `codec, ${message}: ${figure === 'encodeRatio' ? 'encode' : 'decode'} against @clasp-to/core`;
  return { sentence, scenario: 'codec', one: { message }, figure, ours: 'none', theirs: undefined, atLeast };
}

/** Access control and the journal together. */
function withAccess(one: Case): Goal {
  return {
    sentence: `with access control and the \`state\` journal, against none: ${one['load']}`,
    ...{ scenario: 'toggles', one, figure: perCpuSecond, ours: 'flyrail-access', theirs: 'flyrail' },
    atLeast: 1 - journalTakesMost,
  };
}

function withJournal({ isCost, ...measured }: Measured): Goal {
  const where = [measured.scenario, ...Object.values(measured.one)].join(' ');
  return {
    sentence: `with the \`state\` journal, against none: ${where}`,
    ...measured,
    ours: 'flyrail-state',
    theirs: 'flyrail',
    ...(isCost ? { atMost: 1 / (1 - journalTakesMost) } : { atLeast: 1 - journalTakesMost }),
  };
}
