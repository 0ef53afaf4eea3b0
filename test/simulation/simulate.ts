import { createHash } from 'node:crypto';
import { millis } from '../../src-main/contract/units.ts';
import { ArrivesOnce } from './invariants/arrives-once.ts';
import { bundlesWhole } from './invariants/bundles-whole.ts';
import { commitsOnce } from './invariants/commits-once.ts';
import { doneAsAsked } from './invariants/done-as-asked.ts';
import { endsHeard } from './invariants/ends-heard.ts';
import { expectationsMeet } from './invariants/expectations-meet.ts';
import { gesturesEnd } from './invariants/gestures-end.ts';
import type { Complain, Invariant, ParamAtRest, StateAtRest } from './invariants/invariant.ts';
import { KeptOverCrashes } from './invariants/kept-over-crashes.ts';
import { locksHold } from './invariants/locks-hold.ts';
import { mergesOnce } from './invariants/merges-once.ts';
import { noFailure } from './invariants/no-failure.ts';
import { NothingVanishes } from './invariants/nothing-vanishes.ts';
import { PastsWhole } from './invariants/pasts-whole.ts';
import { ratesHold } from './invariants/rates-hold.ts';
import { replaysWhole } from './invariants/replays-whole.ts';
import { revisionsRise } from './invariants/revisions-rise.ts';
import { sendersInOrder } from './invariants/senders-in-order.ts';
import { strategiesHold } from './invariants/strategies-hold.ts';
import { timelinesOnLine } from './invariants/timelines-on-line.ts';
import { viewsAgree } from './invariants/views-agree.ts';
import { playStep } from './play-step.ts';
import type { ActorPlan, Scenario } from './scenario.ts';
import { traceLine } from './trace.ts';
import { World } from './world.ts';

export interface Outcome {
  /** of everything that was observed, in its order */
  readonly hash: string;
  /** by kind */
  readonly observed: Readonly<Record<string, number>>;
  /** what should not have happened, the first first */
  readonly faults: readonly Fault[];
}

export interface Fault {
  /** a key of `invariants` */
  readonly invariant: string;
  readonly text: string;
  /** ms since the start */
  readonly atMs: number;
}

const faultsMax = 20;
/** Everything is over by then: requests, silent gestures, TTLs, scheduled bundles, waits of thinned values. */
const restMs = 45_000;
/** and what is remembered of clients that left */
const forgottenMs = 400_000;

export interface SimulationHooks {
  /** every observation, and ms since the start */
  readonly onLine?: ((line: string, atMs: number) => void) | undefined;
  /** nothing is under way, and everyone is still there */
  readonly onFull?: (() => void) | undefined;
  /** everyone has left, and is forgotten; the router still runs */
  readonly onEmpty?: (() => void) | undefined;
}

/** Plays a scenario from the start of the router until everyone has left, and judges it all the way. */
export async function simulate(
  scenario: Scenario,
  { onLine, onFull, onEmpty }: SimulationHooks = {},
): Promise<Outcome> {
  const faults: Fault[] = [];
  const observed: Record<string, number> = {};
  const hash = createHash('sha256');
  const invariants: Invariant[] = [];
  const world = new World(scenario, (observation) => {
    observed[observation.what] = (observed[observation.what] ?? 0) + 1;
    const line = traceLine(observation);
    hash.update(line);
    onLine?.(line, (world.clock.nowMicros() - startedAt) / 1000);
    for (const invariant of invariants) invariant.see(observation);
  });
  const startedAt = world.clock.nowMicros();
  const complainAs =
    (invariant: string): Complain =>
    (text) => {
      const atMs = (world.clock.nowMicros() - startedAt) / 1000;
      if (faults.length < faultsMax) faults.push({ invariant, text, atMs });
    };
  invariants.push(...createInvariants(complainAs, scenario, world));
  try {
    await play(world, scenario);
    rest(world, invariants);
    if (scenario.seed % 2 === 1) {
      await crashAtRest(world);
      rest(world, invariants);
    }
    onFull?.();
    await empty(world, scenario, complainAs('nothing stays behind'));
    world.network.forget();
    onEmpty?.();
  } catch (error) {
    complainAs('no failure')(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return { hash: hash.digest('hex'), observed, faults };
}

/** A new capability is judged by a new line here. */
function createInvariants(complainAs: (name: string) => Complain, scenario: Scenario, world: World): Invariant[] {
  const isHere = (session: string): boolean => world.life?.router.nameOf(session) !== undefined;
  const isJumpy = scenario.steps.some(({ does }) => does === 'clock steps ahead' || does === 'power cut');
  const isSetBack = scenario.steps.some(({ does }) => does === 'power cut');
  return [
    noFailure(complainAs('no failure')),
    revisionsRise(complainAs('revisions rise')),
    doneAsAsked(complainAs('done as asked')),
    commitsOnce(complainAs('commits once')),
    expectationsMeet(complainAs('expectations meet')),
    sendersInOrder(complainAs('senders in order')),
    new NothingVanishes(complainAs('nothing vanishes')),
    new ArrivesOnce(complainAs('arrives once'), { mayMiss: scenario.missesNothing !== true }),
    bundlesWhole(complainAs('bundles whole')),
    locksHold(complainAs('locks hold'), isHere),
    new KeptOverCrashes(complainAs('kept over crashes')),
    viewsAgree(complainAs('views agree')),
    endsHeard(complainAs('ends heard'), scenario.actors),
    gesturesEnd(complainAs('gestures end'), isHere),
    ratesHold(complainAs('rates hold'), scenario.actors),
    strategiesHold(complainAs('strategies hold')),
    new PastsWhole(complainAs('pasts whole'), { isJumpy: () => isJumpy, isInMemory: scenario.journal === 'state' }),
    mergesOnce(complainAs('merges once')),
    replaysWhole(complainAs('replays whole'), () => isSetBack),
    timelinesOnLine(complainAs('timelines on line'), () => isJumpy),
  ];
}

async function play(world: World, { actors, steps }: Scenario): Promise<void> {
  const { clock } = world;
  await world.begin();
  for (const [index, plan] of actors.entries()) clock.after(millis(index * 37), () => world.join(plan));
  for (const step of steps) clock.after(millis(step.atMs), () => playStep(world, step));
  await clock.advanceAsync(steps.at(-1)?.atMs ?? 0);
  world.heal();
  await clock.advanceAsync(restMs);
  // Whoever comes last knows what all others know.
  world.join(lateJoiner);
  await clock.advanceAsync(2000);
}

/** What has been at rest for so long is on the disk, whatever that has been through. */
async function crashAtRest(world: World): Promise<void> {
  world.endLife('power', 500, 0);
  await world.clock.advanceAsync(20_000);
}

function rest(world: World, invariants: readonly Invariant[]): void {
  const state = restOf(world);
  for (const invariant of invariants) invariant.rest?.(state);
}

const lateJoiner: ActorPlan = {
  who: 90,
  role: 'client',
  link: { kind: 'stream', framing: 'length32', latencyMs: 1, jitterMs: 0, loss: 0, repeat: 0, queueBytesMax: 16_384 },
  watches: [{ pattern: '/**' }, { pattern: '/e/**', history: 40 }, { pattern: '/e/**', window: 50_000 }],
};

function restOf({ life }: World): StateAtRest {
  if (!life) throw new Error('The router is not back.');
  const { router } = life;
  const params = [...router.params.records()].map(({ address, value, revision, holder }): [string, ParamAtRest] => {
    const isHolderHere = holder !== undefined && router.nameOf(holder) !== undefined;
    return [address, { value: value.value, revision, holder, isHolderHere }];
  });
  return { life: life.number, accepted: life.accepted, params: new Map(params) };
}

/** When everyone has gone, nothing is left of them but the params. */
async function empty(world: World, { actors }: Scenario, complain: Complain): Promise<void> {
  const hasVandal = actors.some(({ role }) => role === 'vandal');
  world.leaveAll();
  world.life?.router.timelines.clear();
  await world.clock.advanceAsync(forgottenMs);
  const { life } = world;
  if (!life) return;
  const { sessions, subscriptions } = life.router.stats();
  if (sessions > 0) complain(`${sessions} sessions are left`);
  if (subscriptions > 0) complain(`${subscriptions} subscriptions are left`);
  // A param may have a time of its own, and whoever sends anything may have asked for a bundle tomorrow.
  const hasTime = [...life.router.params.records()].some(({ ttl }) => ttl);
  const allowed = (hasTime ? 1 : 0) + (hasVandal ? 1 : 0);
  if (life.extraTimers > allowed) complain(`${life.extraTimers} timers are left`);
  const held = [...life.router.params.records()].filter(({ holder }) => holder !== undefined);
  for (const { address, holder } of held) complain(`${address} is locked by ${String(holder)} when everyone has left`);
}
