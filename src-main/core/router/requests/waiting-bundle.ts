import { AppError } from '../../../contract/errors.ts';
import type { Micros } from '../../../contract/units.ts';
import type { Grant } from '../../../ports/token-verifier.ts';
import { messageType, type AckMessage } from '../../protocol/messages.ts';
import type { Access } from '../../access/access.ts';
import type { Session } from '../sessions/session.ts';
import { acknowledge, type Asked } from './acknowledge.ts';
import { faultInWrites } from './permit.ts';
import { renewPlan, tellBundle, writeBundle, writesOf, type BundlePlan } from './bundle-steps.ts';
import { isRefusal, type ParamRecord } from '../state/param-write.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';
import type { Scheduled } from './scheduled-bundles.ts';

/** A BUNDLE that waits for its time, read and checked as far as that goes before. */
export class WaitingBundle implements Scheduled {
  /** timelines set params, and gestures begin, as they are told, so what came before must have been told by then */
  readonly isApart: boolean;
  readonly #context: RequestContext;
  readonly #asked: Asked;
  readonly #plan: BundlePlan;
  /** by which it was looked at when it came */
  readonly #access: Access | undefined;
  /** the same in the session that its client has when it runs, whose locks are its own */
  #doneFor: Asked;
  #outcome: readonly ParamRecord[] | Refusal = [];

  constructor(context: RequestContext, asked: Asked, plan: BundlePlan) {
    this.#context = context;
    this.#asked = asked;
    this.#doneFor = asked;
    this.#plan = plan;
    this.#access = asked.session.access;
    this.isApart = plan.hasTimeline || plan.gestures.length > 0;
    // The values were copied when it came.
    for (const write of plan.writes) write.isValueOwn = true;
  }

  get grant(): Grant | undefined {
    return this.#newest.grant;
  }

  /** Nobody else is there to catch it. */
  run(at: Micros): void {
    const { session } = this.#asked;
    const newest = this.#newest;
    if (newest !== session) this.#doneFor = { ...this.#asked, session: newest };
    // What it passes on is stamped with the last look.
    this.#context.clock.nowMicros();
    try {
      const refusal =
        this.#rightsFault(newest, at) ?? renewPlan(this.#context, this.#doneFor, { plan: this.#plan, at });
      this.#outcome = refusal ?? writeBundle(this.#context, this.#doneFor, this.#plan);
    } catch (error) {
      this.#outcome = refusalOf(error);
    }
  }

  tell(): void {
    const records = this.#outcome;
    if (isRefusal(records)) return this.#miss(records);
    let revision;
    try {
      revision = tellBundle(this.#context, this.#doneFor, { plan: this.#plan, records });
    } catch (error) {
      return this.#miss(refusalOf(error));
    }
    // Without commit it was acknowledged when it began to wait.
    if (this.#asked.request.qos === 'commit') acknowledge(this.#context, this.#asked, ackOf(revision));
  }

  missed(late: Micros): void {
    this.#miss(tooLate(late));
  }

  get #newest(): Session {
    const { session } = this.#asked;
    return session.client?.session ?? session;
  }

  /** Its session may have renewed its token since, or have had none that lasted as long. */
  #rightsFault({ grant, access }: Session, at: Micros): Refusal | undefined {
    if (grant?.expiresAt !== undefined && grant.expiresAt <= at)
      return { code: errorNumber.tokenExpired, message: 'The token of this bundle has expired before its time.' };
    return access && access !== this.#access ? faultInWrites(access, writesOf(this.#plan)) : undefined;
  }

  /** Who only wanted to know that it waits knows that it does no more. */
  cancelled(): void {
    const message = 'The bundle was cancelled.';
    if (this.#asked.request.qos === 'commit') this.#refuse({ code: errorNumber.missed, message });
  }

  /** Its time came, and nothing of it was done. */
  #miss(refusal: Refusal): void {
    this.#context.counters.missedBundlesTotal++;
    this.#refuse(refusal);
  }

  #refuse(refusal: Refusal): void {
    const { session, request } = this.#asked;
    this.#context.counters.refuse(refusal.code);
    session.reply({ type: messageType.error, ...refusal }, request);
  }
}

export function tooLate(late: Micros): Refusal {
  const message = `The bundle was ${Math.ceil(late / 1000)} ms too late for this router, and nothing of it was done.`;
  return { code: errorNumber.missed, message };
}

export function ackOf(revision: bigint | undefined): AckMessage {
  return { type: messageType.ack, ...(revision !== undefined && { revision }) };
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof AppError)) throw error;
  return { code: errorNumber.invalidValue, message: error.message };
}
