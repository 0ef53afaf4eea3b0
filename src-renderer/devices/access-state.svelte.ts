import type { AccessRules, TokenEntry } from '../../src-main/contract/access-rules.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import { millis } from '../../src-main/contract/units.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { isSame } from '../engine/is-same.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { RatesState } from './rates-state.svelte.ts';
import { checkTokenDraft, newTokenDraft, tokenName, type TokenDraft } from './token-draft.ts';

interface Made {
  readonly name: string;
  /** told this once */
  readonly token: string;
  readonly copied: boolean;
}

/** Who may connect and how fast they may send: the tokens of this machine, and what was typed and is not applied. It
 *  belongs to the machine and not to the show, so undo does not reach it. It lives as long as the window. */
export class AccessState {
  readonly rates: RatesState;
  /** newest first; undefined before they were told */
  tokens = $state.raw<readonly TokenEntry[] | undefined>();
  /** the form of a new token, while it is open */
  token = $state.raw<TokenDraft | undefined>();
  made = $state.raw<Made | undefined>();
  /** the token that a second press revokes */
  armed = $state<string | undefined>();
  /** what is under way, as it was named; empty for nothing */
  busy = $state('');
  /** why the last was refused, and which it was */
  problem = $state.raw<{ readonly what: string; readonly sentence: string } | undefined>();
  readonly #engine: EngineState;
  readonly #messages: MessageBoard;
  /** of the last time the list was asked for: an older answer is worth nothing */
  #asked = 0;
  /** settles when the rules that were sent last are answered */
  #sent: Promise<void> = Promise.resolve();

  constructor(engine: EngineState, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
    this.rates = new RatesState(engine, (rateLimits) => this.#setRules({ rateLimits }));
  }

  readonly tokenCheck = $derived.by(() => this.token && checkTokenDraft(this.token, this.#now()));
  /** What was typed and is not applied, and what is told only once, in words. */
  get begun(): readonly string[] {
    return [
      ...(this.token && !isSame(this.token, newTokenDraft) ? ['a new token'] : []),
      ...(this.rates.areTyped ? ['changes to the rates'] : []),
      ...(this.made && !this.made.copied ? ['a token that is shown once'] : []),
    ];
  }

  async readTokens(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const tokens = await this.#engine.api.listTokens();
      if (asked !== this.#asked) return;
      this.tokens = tokens;
      if (this.problem?.what === 'list') this.problem = undefined;
    } catch (error) {
      if (asked === this.#asked) this.problem = { what: 'list', sentence: messageOf(error) };
    }
  }

  ask(asksForTokens: boolean): Promise<boolean> {
    return this.#run('ask', () => this.#setRules({ asksForTokens }));
  }

  startToken(): void {
    this.token ??= newTokenDraft;
  }

  changeToken(change: Partial<TokenDraft>): void {
    if (!this.token) return;
    this.token = { ...this.token, ...change };
    this.#forget('token');
  }

  closeToken(): void {
    this.token = undefined;
    this.#forget('token');
  }

  /** @returns whether it was made; it is shown in `made` */
  async createToken(): Promise<boolean> {
    const draft = this.token;
    // Its end counts from this press.
    const wanted = draft && checkTokenDraft(draft, this.#now()).token;
    if (!wanted) return false;
    const isMade = await this.#run('token', async () => {
      const { token, entry } = await this.#engine.api.createToken(wanted);
      this.made = { name: tokenName(entry), token, copied: false };
      if (this.token === draft) this.token = undefined;
    });
    await this.readTokens();
    return isMade;
  }

  async copyMade(): Promise<void> {
    const { made } = this;
    if (!made) return;
    await this.#run('copy', async () => {
      try {
        await navigator.clipboard.writeText(made.token);
      } catch (cause) {
        throw new Error('The clipboard is closed to this page. Mark the token and copy it by hand.', { cause });
      }
      if (this.made === made) this.made = { ...made, copied: true };
    });
  }

  async revoke(token: TokenEntry): Promise<void> {
    this.armed = undefined;
    const isRevoked = await this.#run(token.id, () => this.#engine.api.revokeToken({ id: token.id }));
    if (isRevoked) this.#messages.good(`${tokenName(token)} is revoked`, { consequence: 'It opens nothing any more.' });
    await this.readTokens();
  }

  /** They go as a whole: one change after the other, each on top of what the one before came to. */
  #setRules(change: Partial<AccessRules>): Promise<void> {
    const sent = this.#sent.then(() => this.#send(change));
    this.#sent = sent.catch(() => undefined);
    return sent;
  }

  async #send(change: Partial<AccessRules>): Promise<void> {
    const { accessRules } = this.#engine;
    if (!accessRules) return;
    const { asksForTokens, rateLimits } = accessRules;
    this.#engine.accessRules = await this.#engine.api.setAccessRules({ asksForTokens, rateLimits, ...change });
  }

  async #run(what: string, command: () => Promise<unknown>): Promise<boolean> {
    this.busy = what;
    this.problem = undefined;
    try {
      await command();
      return true;
    } catch (error) {
      this.problem = { what, sentence: messageOf(error) };
      return false;
    } finally {
      if (this.busy === what) this.busy = '';
    }
  }

  #forget(what: string): void {
    if (this.problem?.what === what) this.problem = undefined;
  }

  #now() {
    return millis(this.#engine.live.now());
  }
}
