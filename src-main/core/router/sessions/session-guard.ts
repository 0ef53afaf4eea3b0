import type { Grant, TokenFault, TokenVerifier } from '../../../ports/token-verifier.ts';
import { intersect, ScopedAccess, type Access } from '../../access/access.ts';
import { noRateLimits, type RateLimits } from '../../access/rate-limits.ts';
import { SessionRates } from '../../access/session-rates.ts';
import { Sources } from '../../access/sources.ts';
import type { LookedClock } from '../../clock/looked-clock.ts';
import type { HelloMessage } from '../../protocol/messages.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import type { Session } from './session.ts';

/** Whom a HELLO brings: nobody in particular where no tokens are asked for. */
export interface Admitted {
  readonly grant: Grant | undefined;
}

/** longer tokens are not looked at */
const tokenCharactersMax = 64 * 1024;

/** Asks those who say HELLO for their tokens, where the router asks, and says what each session may do and how fast. */
export class SessionGuard {
  readonly #clock: Pick<LookedClock, 'nowMicros'>;
  readonly #sources = new Sources();
  #verifier: TokenVerifier | undefined;
  #limits = noRateLimits;

  constructor(clock: Pick<LookedClock, 'nowMicros'>) {
    this.#clock = clock;
  }

  get asksForTokens(): boolean {
    return this.#verifier !== undefined;
  }

  /** From now on tokens are asked for, and this one checks them; undefined: nobody is asked. */
  askWith(verifier: TokenVerifier | undefined): void {
    this.#verifier = verifier;
  }

  /** From now on this holds for those who come in; for those who are here `equip` is to be called again. */
  limitTo(limits: RateLimits): void {
    this.#limits = limits;
    this.#sources.limitTo(limits.source);
  }

  /** Whether this HELLO opens a session. At once where the token can be checked at once. */
  judge(session: Session, { token }: HelloMessage): Admitted | Refusal | Promise<Admitted | Refusal> {
    if (!this.#verifier) return { grant: undefined };
    const source = failingSourceOf(session);
    if (!this.#sources.mayTry(source, this.#clock.nowMicros()))
      return refusal('limitReached', 'Too many tokens from here were wrong of late. Wait a few seconds.');
    if (token === undefined || token === '')
      return this.#fail(source, refusal('unauthorized', 'This router asks for a token, and the HELLO has none.'));
    if (token.length > tokenCharactersMax)
      return this.#fail(source, refusal('unauthorized', `A token has at most ${tokenCharactersMax} characters.`));
    const answer = this.#verifier.verify(token);
    return answer instanceof Promise ? answer.then((one) => this.#settle(source, one)) : this.#settle(source, answer);
  }

  /** Gives a session what it may do from now on, and how fast. */
  equip(session: Session, { grant }: Admitted): void {
    const now = this.#clock.nowMicros();
    session.grant = grant;
    session.access = intersect(grant && accessOf(grant), session.door);
    const rates = new SessionRates({
      limits: this.#limits,
      source: this.#sources.messagesOf(session.source, now),
      constraints: session.access?.constraints ?? [],
      now,
      before: session.rates,
    });
    session.rates = rates.isBounding ? rates : undefined;
  }

  #settle(source: string, answer: Grant | TokenFault): Admitted | Refusal {
    if ('scopes' in answer) {
      const { expiresAt } = answer;
      if (expiresAt === undefined || expiresAt > this.#clock.nowMicros()) return { grant: answer };
      return this.#fail(source, refusal('tokenExpired', 'The token has expired. Ask for a new one.'));
    }
    return this.#fail(source, refusal(answer.because === 'expired' ? 'tokenExpired' : 'unauthorized', answer.message));
  }

  #fail(source: string, fault: Refusal): Refusal {
    this.#sources.failed(source, this.#clock.nowMicros());
    return fault;
  }
}

/** Over wires that frames can be sent on in another's name, failures count apart: nobody locks out who comes by a better one. */
function failingSourceOf({ source, connection }: Session): string {
  return connection.reliable ? source : `${source} without proof`;
}

function accessOf({ scopes, constraints }: Grant): Access {
  return new ScopedAccess(scopes, constraints);
}

function refusal(code: 'unauthorized' | 'tokenExpired' | 'limitReached', message: string): Refusal {
  return { code: errorNumber[code], message };
}
