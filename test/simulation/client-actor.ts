import { parsePattern } from '../../src-main/contract/address.ts';
import { AppError } from '../../src-main/contract/errors.ts';
import type { Millis } from '../../src-main/contract/units.ts';
import { createClaspClient } from '../../src-main/core/client/clasp-client.ts';
import type { ClaspClient } from '../../src-main/core/client/client-api.ts';
import type { ClientLimits } from '../../src-main/core/client/client-limits.ts';
import type { ClientState } from '../../src-main/core/client/connector.ts';
import type { Received } from '../../src-main/core/client/received.ts';
import type { SubscribeOptions } from '../../src-main/core/protocol/messages.ts';
import { seededChance } from '../seeded-chance.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { failingLog } from './failing-log.ts';
import { lifeOf, makeToken, tokenOf, type Ask, type PastSignal, type Token, type Watch } from './observation.ts';

/** Short waits, so that a scenario of seconds meets them all. */
const limits: Partial<ClientLimits> = {
  dialTimeoutMs: 1500 as Millis,
  helloTimeoutMs: 2000 as Millis,
  retryFirstMs: 100 as Millis,
  retryCapMs: 1500 as Millis,
  steadyAfterMs: 3000 as Millis,
  quietMs: 2000 as Millis,
  silentMs: 2000 as Millis,
  replayPageMax: 50,
};

/** What an actor asks for, beside its tokens. */
export type AskPlan = Pick<Ask, 'tokens' | 'qos' | 'kind'> & Partial<Pick<Ask, 'isForLater' | 'expects' | 'merges'>>;

/** An actor that uses our client library. */
export class ClientActor implements Actor {
  readonly client: ClaspClient;
  readonly options: ActorOptions;
  /** gesture ids differ from actor to actor, as random ones do */
  #session: string | undefined;
  #sent = 0;

  constructor(options: ActorOptions) {
    this.options = options;
    const { plan, seed, clock, dial, observe } = options;
    const chance = seededChance(seed * 100 + plan.who);
    let uuids = 0;
    this.client = createClaspClient({
      dial,
      clock,
      random: { fraction: chance, uuid: () => `secret of ${plan.who}, ${uuids++}` },
      log: failingLog((text) => observe({ what: 'failed', text: `client ${plan.who}: ${text}` })),
      name: `actor ${plan.who}`,
      limits,
    });
    this.client.onState((state) => this.#onState(state));
    this.client.onNotice((error) => this.#onNotice(error));
    for (const watch of watchesOf(options))
      this.client.subscribe(parsePattern(watch.pattern), (received) => this.#heard(watch, received), optionsOf(watch));
    this.client.connect();
  }

  leave(): void {
    this.client.close('leaves');
  }

  nextToken(): Token {
    return makeToken(this.options.plan.who, this.#sent++);
  }

  /** Takes down what is asked for, and how it ends. */
  ask({ tokens, qos, kind, isForLater = false, expects, merges }: AskPlan, request: () => Promise<unknown>): void {
    const { plan, observe, router } = this.options;
    const isOnStream = plan.link.kind === 'stream';
    const mayGoUnanswered = !isOnStream && plan.link.loss > 0.1;
    const ask: Ask = { who: plan.who, tokens, qos, kind, isForLater, isOnStream, mayGoUnanswered, merges, expects };
    observe({ what: 'asked', ask });
    request().then(
      () => observe({ what: 'settled', ask, life: router().life, refused: undefined }),
      (error: unknown) => {
        if (!(error instanceof AppError)) return observe({ what: 'failed', text: `a request gave ${String(error)}` });
        const number = error.details['number'];
        const refused = { code: error.code, number: typeof number === 'number' ? number : undefined };
        observe({ what: 'settled', ask, life: router().life, refused });
      },
    );
  }

  /** Everything that the router has kept, where it keeps everything. */
  async replay(): Promise<void> {
    const { plan, observe, router } = this.options;
    const { life, accepted } = router();
    const signals: PastSignal[] = [];
    try {
      for await (const { signal, revision, pastAt } of this.client.replay(parsePattern('/**'))) {
        const { kind, address, value } = signal;
        signals.push({ kind, address, token: tokenOf(value), revision, pastAt });
      }
    } catch (error) {
      // What is refused or cut off for too long proves nothing.
      if (error instanceof AppError) return;
      throw error;
    }
    observe({ what: 'replayed', who: plan.who, lives: [life, router().life], accepted, signals });
  }

  #onState(state: ClientState): void {
    const { plan, observe, clock } = this.options;
    const lost = this.#session;
    if (state.phase === 'open') {
      this.#session = state.session;
      observe({ what: 'joined', who: plan.who, session: state.session, at: clock.nowMicros() });
      this.#awaitReady(state.session);
    } else if (lost !== undefined) {
      this.#session = undefined;
      observe({ what: 'lost', who: plan.who, session: lost });
    }
  }

  /** What is answered later than the subscriptions were asked for was asked behind them. */
  #awaitReady(session: string): void {
    const { plan, observe, router, clock } = this.options;
    if (plan.watches.length === 0) return;
    const ready = (): void => {
      if (session !== this.#session) return;
      const { accepted } = router();
      for (const watch of watchesOf(this.options))
        observe({
          what: 'ready',
          who: plan.who,
          session,
          life: lifeOf(session),
          watch,
          accepted,
          at: clock.nowMicros(),
        });
    };
    this.client.sync().then(ready, () => undefined);
  }

  #onNotice(error: AppError): void {
    const { plan, observe } = this.options;
    const never = error.details['neverArrived'];
    if (never !== undefined) {
      observe({ what: 'missed', who: plan.who, count: typeof never === 'number' ? never : undefined });
      return;
    }
    if (error.details['number'] !== 503 || this.#session === undefined) return;
    const missing = [...error.message.matchAll(/\d+/g)].reduce((sum, [number]) => sum + Number(number), 0);
    observe({ what: 'noticed', who: plan.who, session: this.#session, missing });
  }

  #heard(watch: Watch, { signal, isSnapshot, revision, pastAt }: Received): void {
    const { plan, observe } = this.options;
    observe({
      what: pastAt === undefined ? 'heard' : 'heard of the past',
      who: plan.who,
      session: this.#session ?? '',
      life: lifeOf(this.#session ?? ''),
      watch,
      kind: signal.kind,
      address: signal.address,
      value: signal.value,
      token: tokenOf(signal.value),
      isSnapshot,
      revision,
      phase: signal.kind === 'gesture' ? signal.phase : undefined,
      finger: signal.kind === 'gesture' ? signal.gestureId : undefined,
    });
  }
}

function watchesOf({ plan }: ActorOptions): Watch[] {
  return plan.watches.map((watch, number) => ({
    number,
    pattern: watch.pattern,
    maxRate: watch.maxRate,
    epsilon: watch.epsilon,
    history: watch.history,
    window: watch.window,
  }));
}

function optionsOf({ maxRate, epsilon, history, window }: Watch): SubscribeOptions {
  return {
    ...(maxRate !== undefined && { maxRate }),
    ...(epsilon !== undefined && { epsilon }),
    ...(history !== undefined && { history }),
    ...(window !== undefined && { window }),
  };
}
