import { messageOf } from '../../src-main/contract/errors.ts';
import { millis } from '../../src-main/contract/units.ts';
import type { Connection } from '../../src-main/ports/transport.ts';
import { seededChance } from '../seeded-chance.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { ClientActor } from './client-actor.ts';
import { createRouterEnd } from './router-end.ts';
import { failingLog } from './failing-log.ts';
import { Network } from './network.ts';
import { tokenOf, type Departure, type LifeEnd, type Observation } from './observation.ts';
import { RawPeer } from './raw-peer.ts';
import { RouterLife } from './router-life.ts';
import type { ActorPlan, Scenario } from './scenario.ts';
import { SimulatedDisk } from './simulated-disk.ts';

/** Everything in one place: a clock, a network, a disk, the router's lives and the actors. Whatever happens is observed. */
export class World {
  readonly clock = new SimulatedClock();
  readonly network: Network;
  readonly disk: SimulatedDisk;
  readonly #scenario: Scenario;
  readonly #observe: (observation: Observation) => void;
  readonly #actors = new Map<number, Actor>();
  readonly #plans = new Map<number, ActorPlan>();
  #life: RouterLife | undefined;
  #lives = 0;
  #lastAccepted = 0;
  #aheadMicros = 0;
  #diskFailedAt = -Infinity;
  #sessions = 0;

  constructor(scenario: Scenario, observe: (observation: Observation) => void) {
    this.#scenario = scenario;
    this.#observe = observe;
    const { clock } = this;
    this.disk = new SimulatedDisk(clock, seededChance(scenario.seed + 1));
    this.network = new Network({
      clock,
      seed: scenario.seed,
      accept: (far, plan) => this.#accept(far, plan),
      onChanged: () => this.fail('bytes changed after they had been handed to a link'),
    });
  }

  get life(): RouterLife | undefined {
    return this.#life;
  }

  fail(text: string): void {
    this.#observe({ what: 'failed', text });
  }

  async begin(): Promise<void> {
    const { seed, journal } = this.#scenario;
    const number = ++this.#lives;
    const life = await RouterLife.begin({
      number,
      world: this.clock,
      aheadMicros: this.#aheadMicros,
      disk: this.disk,
      mode: journal,
      log: failingLog((text) => this.fail(`life ${number} of seed ${seed}: ${text}`)),
      onAccepted: (accepted) => this.#observe({ what: 'accepted', accepted }),
    });
    this.#life = life;
    const kept = [...life.router.params.records()].map(({ address, value, revision }) => ({
      address,
      token: tokenOf(value.value),
      value: value.value,
      revision,
    }));
    const commits = this.disk.journal.signals.flatMap(({ message }) => tokenOf(message.value?.value) ?? []);
    this.#observe({ what: 'began', life: number, kept, commits });
  }

  join(plan: ActorPlan): void {
    this.#plans.set(plan.who, plan);
    const options: ActorOptions = {
      plan,
      seed: this.#scenario.seed,
      clock: this.clock,
      dial: () => this.network.dial(plan),
      observe: this.#observe,
      router: () => ({ life: this.#lives, accepted: this.#life?.accepted ?? this.#lastAccepted }),
    };
    this.#actors.set(plan.who, plan.role === 'client' ? new ClientActor(options) : new RawPeer(options));
  }

  actor(who: number): Actor | undefined {
    return this.#actors.get(who);
  }

  leave(who: number): void {
    this.#actors.get(who)?.leave();
    this.#actors.delete(who);
  }

  leaveAll(): void {
    for (const who of [...this.#actors.keys()]) this.leave(who);
  }

  /** No mishap goes on any more. */
  heal(): void {
    this.#healDisk();
    for (const who of this.#plans.keys()) {
      this.network.heal(who);
      this.network.slow(who, Infinity);
    }
  }

  /** The router ends, and begins again after a while, on a machine whose clock may have been set meanwhile. */
  endLife(kind: LifeEnd['kind'], downMs: number, clockStepMicros: number): void {
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    this.#lastAccepted = life.accepted;
    this.#aheadMicros += clockStepMicros;
    const at = this.clock.nowMicros();
    const isDiskSound = at - this.#diskFailedAt > 15_000_000 || this.#diskFailedAt === -Infinity;
    void this.#stop(life, kind)
      .then(() => this.#observe({ what: 'ended', life: life.number, at, how: { kind, isDiskSound } }))
      .catch((error: unknown) => this.fail(`the end failed: ${messageOf(error)}`));
    this.clock.after(millis(downMs), () => {
      this.begin().catch((error: unknown) => this.fail(`the start failed: ${messageOf(error)}`));
    });
  }

  /** Until then nobody is promised that a crash loses only what is newer than a flush interval. */
  troubleDisk(trouble: Partial<Pick<SimulatedDisk, 'isFailing' | 'slowestMs'>>, forMs: number): void {
    Object.assign(this.disk, trouble);
    this.#diskFailedAt = Infinity;
    this.clock.after(millis(forMs), () => {
      this.#healDisk();
      this.#diskFailedAt = this.clock.nowMicros();
    });
  }

  stepClock(micros: number): void {
    this.#aheadMicros += micros;
    this.#life?.clock.step(micros);
  }

  #healDisk(): void {
    this.disk.isFailing = false;
    this.disk.slowestMs = 12;
  }

  async #stop(life: RouterLife, kind: LifeEnd['kind']): Promise<void> {
    if (kind === 'close') return life.close();
    life.crash();
    if (kind === 'power') this.network.vanishAll();
    else this.network.cutAll();
    await this.disk.crash(kind === 'power');
  }

  #accept(far: Connection, plan: ActorPlan): boolean {
    const life = this.#life;
    if (!life) return false;
    const session = ++this.#sessions;
    const { who, watches } = plan;
    const onDeparture = (departure: Pick<Departure, 'kind' | 'address' | 'phase' | 'finger' | 'isPlain'>): void =>
      this.#observe({ what: 'left the router', who, session, at: life.clock.nowMicros(), ...departure });
    // What waits behind the past that was asked for comes all at once.
    const isWatched =
      watches.length > 0 && watches.every(({ history, window }) => history === undefined && window === undefined);
    const isOver = (): boolean => life.isOver;
    life.router.accept(createRouterEnd({ far, isOver, onDeparture: isWatched ? onDeparture : undefined }));
    return true;
  }
}
