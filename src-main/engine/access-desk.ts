import type {
  AccessRules,
  AccessRulesState,
  NewToken,
  RateLimitSettings,
  TokenEntry,
} from '../contract/access-rules.ts';
import type { Cancel } from '../contract/message-link.ts';
import { parsePattern } from '../contract/address.ts';
import { InputError } from '../contract/errors.ts';
import { formatScope, parseScope } from '../contract/scope.ts';
import { hertz, microsToMillis, millis } from '../contract/units.ts';
import type { RateLimits } from '../core/access/rate-limits.ts';
import type { RouterGuard } from '../core/router/router.ts';
import { tokensFileBytesMax, type TokenRecord } from '../platform/token-records.ts';
import { createToken, readTokenStore, revokeTokens } from '../platform/token-store.ts';
import { createTokenVerifier, type OpenTokenVerifier, type TokenVerifierOptions } from '../platform/token-verifier.ts';
import { watchFile } from '../platform/watched-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineSettingsStore } from '../ports/engine-settings.ts';
import type { Log } from '../ports/log.ts';

/** What the command line says of tokens. */
export interface TokenSources extends Pick<
  TokenVerifierOptions,
  'tokenFile' | 'jwtKeys' | 'audience' | 'trustAnchors'
> {
  /** clients must show one */
  readonly auth: boolean;
}

export interface AccessDeskOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly guard: Pick<RouterGuard, 'askForTokens' | 'limitRates'>;
  readonly settings: EngineSettingsStore;
  /** `tokens.json` of the data folder */
  readonly storePath: string;
  /** of the command line */
  readonly tokens: TokenSources | undefined;
  readonly rateLimits: RateLimits | undefined;
  /** why others would come in unasked without tokens, where a way in is open to them and nobody chose that */
  readonly faultWithoutTokens: () => InputError | undefined;
  readonly onChange: (state: AccessRulesState) => void;
  /** The store is another, whoever changed it; two seconds late at most.
   *  @param changes so many since the start */
  readonly onTokens: (changes: number) => void;
}

const noSources: Omit<TokenSources, 'auth'> = {
  tokenFile: undefined,
  jwtKeys: [],
  audience: undefined,
  trustAnchors: [],
};

/** Who may come in and how fast they may send: what the command line says goes before what this machine keeps. Hands out the
 *  tokens of this machine. */
export class AccessDesk {
  readonly #options: AccessDeskOptions;
  #verifier: OpenTokenVerifier | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #unfollow: Cancel | undefined;

  constructor(options: AccessDeskOptions) {
    this.#options = options;
  }

  /** Begins to ask, where that is wanted, before anybody can come in.
   *  @throws InputError 'bad-token-file' | 'bad-key'; UnavailableError 'cannot-read-file' */
  async open(): Promise<void> {
    if (this.state().asksForTokens) this.#askWith(await this.#openVerifier());
    this.#limit();
    this.#unfollow = await this.#follow();
  }

  state(): AccessRulesState {
    const { settings, tokens, rateLimits } = this.#options;
    const { accessRules } = settings.current();
    const isAskingGiven = tokens?.auth ?? false;
    return {
      ...accessRules,
      asksForTokens: isAskingGiven || accessRules.asksForTokens,
      isAskingGiven,
      areRatesGiven: isLimiting(rateLimits),
    };
  }

  /** One after the other: what is said last holds, and what is told is what is done.
   *  @throws InputError 'unauthenticated-host' | 'bad-arguments' | 'bad-token-file'; UnavailableError: then nothing has changed */
  setRules(rules: AccessRules): Promise<AccessRulesState> {
    const done = this.#turn.then(() => this.#setRules(rules));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #setRules(rules: AccessRules): Promise<AccessRulesState> {
    const { asksForTokens: wasAsking, isAskingGiven } = this.state();
    if (isAskingGiven && !rules.asksForTokens)
      throw new InputError(
        'bad-arguments',
        'The command line asks for tokens: start Flyrail without it to let anyone in.',
      );
    this.#assertMayStop(rules);
    // What the command line asks for holds for its run; what this machine keeps stays as it is.
    const { accessRules: before } = this.#options.settings.current();
    const { asksForTokens } = isAskingGiven ? before : rules;
    const verifier = rules.asksForTokens && !wasAsking ? await this.#openVerifier() : undefined;
    try {
      await this.#options.settings.update({ accessRules: { ...rules, asksForTokens } });
      // A way in may have been opened meanwhile.
      this.#assertMayStop(rules);
    } catch (error) {
      verifier?.close();
      // Else it would be told as if it held.
      await this.#options.settings.update({ accessRules: before }).catch(() => undefined);
      throw error;
    }
    if (verifier) this.#askWith(verifier);
    if (!rules.asksForTokens && wasAsking) this.#askWith(undefined);
    this.#limit();
    this.#options.onChange(this.state());
    return this.state();
  }

  #assertMayStop({ asksForTokens }: AccessRules): void {
    const fault = asksForTokens ? undefined : this.#options.faultWithoutTokens();
    if (fault) throw fault;
  }

  /** Only here is the token itself to be had. @throws InputError 'bad-token-file'; LimitError; UnavailableError */
  async createToken({
    name,
    scopes,
    expiresAt,
  }: NewToken): Promise<{ readonly token: string; readonly entry: TokenEntry }> {
    const { storePath, clock } = this.#options;
    const now = microsToMillis(clock.nowMicros());
    if (expiresAt !== null && expiresAt <= now)
      throw new InputError('bad-arguments', 'The end of the token has passed.');
    const wanted = { name, scopes: scopes.map(parseScope), constraints: [], expiresAt };
    const { token, record } = await createToken(storePath, wanted, now);
    return { token, entry: entryOf(record) };
  }

  /** newest first */
  async listTokens(): Promise<readonly TokenEntry[]> {
    const { tokens } = await readTokenStore(this.#options.storePath);
    return tokens.map(entryOf).toReversed();
  }

  /** @throws InputError 'unknown-id' */
  async revokeToken(id: string): Promise<void> {
    const { storePath, clock } = this.#options;
    const now = microsToMillis(clock.nowMicros());
    const revoked = await revokeTokens(storePath, (record) => record.id === id, now);
    if (revoked.length === 0) throw new InputError('unknown-id', 'There is no such token.', { id });
  }

  close(): void {
    this.#verifier?.close();
    this.#unfollow?.();
  }

  #follow(): Promise<Cancel> {
    const { storePath: path, clock, onTokens } = this.#options;
    let changes = -1;
    const changed = (): void => {
      changes++;
      if (changes > 0) onTokens(changes);
    };
    const settle = millis(0);
    // Looked at now and then: in its folder the journal writes all the time, and nobody waits for this.
    const notices = () => () => undefined;
    return watchFile({
      ...{ path, bytesMax: tokensFileBytesMax, settle, clock, notices },
      ...{ onContent: changed, onFault: changed },
    });
  }

  #openVerifier(): Promise<OpenTokenVerifier> {
    const { storePath, tokens, clock, log } = this.#options;
    return createTokenVerifier({ ...noSources, ...tokens, storePath, clock, log });
  }

  #askWith(verifier: OpenTokenVerifier | undefined): void {
    this.#options.guard.askForTokens(verifier);
    this.#verifier?.close();
    this.#verifier = verifier;
  }

  #limit(): void {
    const { guard, settings, rateLimits } = this.#options;
    const kept = limitsOf(settings.current().accessRules.rateLimits);
    guard.limitRates(rateLimits && isLimiting(rateLimits) ? rateLimits : kept);
  }
}

function isLimiting(limits: RateLimits | undefined): boolean {
  return limits !== undefined && (limits.session ?? limits.source ?? limits.patterns[0]) !== undefined;
}

function limitsOf({ session, source, patterns }: RateLimitSettings): RateLimits {
  const limit = ({ rate, burst }: { rate: number; burst: number }) => ({ rate: hertz(rate), burst });
  return {
    session: session ? limit(session) : undefined,
    source: source ? limit(source) : undefined,
    patterns: patterns.map(({ pattern, ...each }) => ({ pattern: parsePattern(pattern), ...limit(each) })),
  };
}

function entryOf({ id, name, scopes, createdAt, expiresAt, revokedAt }: TokenRecord): TokenEntry {
  return { id, name, scopes: scopes.map(formatScope), createdAt, expiresAt, revokedAt };
}
