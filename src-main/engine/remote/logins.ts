import { randomUUID } from 'node:crypto';
import type { z } from '../../contract/zod.ts';
import { InputError, LimitError } from '../../contract/errors.ts';
import type {
  LoginDone,
  loginFinishSchema,
  LoginOffer,
  LoginStarted,
  loginStartSchema,
  LoginWay,
  pairFinishSchema,
  pairStartSchema,
} from '../../contract/login.ts';
import { mayAs, type Role } from '../../contract/role.ts';
import { microsToMillis } from '../../contract/units.ts';
import { pairedMax, rolesWithPin, type AccessFile, type AccessRecords } from '../../platform/access-file.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenIssuer } from '../../ports/token-issuer.ts';
import { createLoginAttempts, type LoginAttempts } from './login-attempts.ts';
import { createLoginExchanges, type LoginExchanges } from './login-exchanges.ts';
import { tooSoon, wrongCode, wrongPin } from './login-refusals.ts';
import type { Pairing, PairingTry } from './pairing.ts';
import { sealToken } from './seal-token.ts';
import type { SessionGrant, UiSessions } from './ui-sessions.ts';

/** For the audit log. */
export interface LoginReport {
  /** link: the one-time link. client: a CLASP client that was given a token */
  readonly what: 'link' | LoginWay | 'client';
  /** null where nobody can say which was meant */
  readonly role: Role | null;
  readonly peer: string;
  readonly ok: boolean;
}

export interface LoginsNeeds {
  readonly clock: Clock;
  readonly file: AccessFile;
  readonly pairing: Pairing;
  readonly sessions: UiSessions;
  /** undefined where no tokens are made */
  readonly issuer: TokenIssuer | undefined;
  readonly onLogin: (report: LoginReport) => void;
  readonly loadPake: () => Promise<Pake>;
}

export type Pake = typeof import('../../platform/pake.ts');
type Finish = z.infer<typeof loginFinishSchema>;
type PairFinish = z.infer<typeof pairFinishSchema>;

/** token: of the session that begins; undefined for who gets none */
export interface LoggedIn {
  readonly token: string | undefined;
  readonly done: LoginDone;
}

/** Lets browsers and clients in by PIN, by the key of a paired page, or by a pairing's code. Everything is untrusted.
 *  @param peer the source's IP address */
export interface Logins {
  offer(): LoginOffer;
  start(body: z.infer<typeof loginStartSchema>, peer: string): Promise<LoginStarted>;
  finish(body: Finish, peer: string): Promise<LoggedIn>;
  startPairing(body: z.infer<typeof pairStartSchema>, peer: string): Promise<LoginStarted>;
  finishPairing(body: PairFinish, peer: string): Promise<LoggedIn>;
  close(): void;
}

/** One of the answers that was given. */
interface Chance {
  readonly state: string;
  readonly answer: string;
  readonly grant: SessionGrant;
}

interface Begun {
  readonly way: LoginWay;
  readonly chances: readonly Chance[];
  readonly tried: PairingTry | undefined;
}

export function createLogins(needs: LoginsNeeds): Logins {
  return new LoginTurns(needs);
}

class LoginTurns implements Logins {
  readonly #needs: LoginsNeeds;
  readonly #attempts: Readonly<Record<'pin' | 'device', LoginAttempts>>;
  readonly #exchanges: LoginExchanges<Begun>;

  constructor(needs: LoginsNeeds) {
    this.#needs = needs;
    const { clock } = needs;
    this.#attempts = { pin: createLoginAttempts(clock), device: createLoginAttempts(clock) };
    this.#exchanges = createLoginExchanges(clock);
  }

  offer(): LoginOffer {
    const records = this.#needs.file.read();
    const ways = { pin: rolesWithPin(records).length > 0, code: this.#needs.pairing.current() !== null };
    return { ways, salt: records.salt };
  }

  async start({ message, device }: z.infer<typeof loginStartSchema>, peer: string): Promise<LoginStarted> {
    const pake = await this.#needs.loadPake();
    this.#exchanges.require(peer);
    const way = device === undefined ? 'pin' : 'device';
    const records = this.#needs.file.read();
    const known = device === undefined ? pinsOf(records, peer) : pairedOf(records, device, peer);
    const wait = this.#attempts[way].take(peer);
    if (wait > 0) throw tooSoon(wait);
    const chances = known.map(({ record, user, grant }) => {
      return { ...pake.answerPake({ setup: records.setup, user, way, record }, message), grant };
    });
    return this.#begin({ way, chances, tried: undefined }, peer);
  }

  async finish(body: Finish, peer: string): Promise<LoggedIn> {
    const begun = this.#take(body, peer, false);
    const { grant } = await this.#prove(begun, body, peer);
    const { clock, file, onLogin, sessions } = this.#needs;
    this.#attempts[begun.way === 'pin' ? 'pin' : 'device'].right(peer);
    // A full disk keeps nobody out.
    if (begun.way === 'device')
      await noteSeen(file, grant.credential, microsToMillis(clock.nowMicros())).catch(() => undefined);
    // Taken back while that was written: who ends sessions has been there already.
    if (isGone(file.read(), grant.credential)) {
      this.#failed(begun, peer);
      throw wrongPin();
    }
    onLogin({ what: begun.way, role: grant.role, peer, ok: true });
    return { token: sessions.open(grant), done: { role: grant.role, device: null, sealed: null } };
  }

  async startPairing({ message }: z.infer<typeof pairStartSchema>, peer: string): Promise<LoginStarted> {
    const pake = await this.#needs.loadPake();
    this.#exchanges.require(peer);
    const tried = this.#needs.pairing.take();
    const setup = pake.createPakeSetup();
    const record = pake.pakeRecord({ setup, user: 'code', way: 'code' }, tried.code);
    const grant: SessionGrant = { role: tried.role, way: 'code', name: '', peer, credential: 'code' };
    const answered = tryOr(
      () => pake.answerPake(record, message),
      () => {
        tried.fail();
      },
    );
    return this.#begin({ way: 'code', chances: [{ ...answered, grant }], tried }, peer);
  }

  async finishPairing(body: PairFinish, peer: string): Promise<LoggedIn> {
    if (body.kind === 'client' && !this.#needs.issuer)
      throw new InputError('bad-arguments', 'This Flyrail makes no tokens for CLASP clients. The code still holds.');
    const begun = this.#take(body, peer, true);
    const { grant, sessionKey } = await this.#prove(begun, body, peer);
    const tell = begun.tried?.redeem();
    const named = { ...grant, name: body.name };
    try {
      return await (body.kind === 'client' ? this.#giveToken(named, sessionKey) : this.#pairPage(named, sessionKey));
    } finally {
      tell?.();
    }
  }

  close(): void {
    this.#exchanges.close();
  }

  #begin(begun: Begun, peer: string): LoginStarted {
    const exchange = this.#exchanges.keep(peer, begun, () => {
      this.#failed(begun, peer);
    });
    const answers = begun.chances.map(({ answer }) => answer);
    return { exchange, answers, attemptsLeft: begun.tried?.attemptsLeft ?? null };
  }

  /** A login cannot be ended as a pairing, nor the other way round. */
  #take({ exchange }: Finish, peer: string, isPairing: boolean): Begun {
    const begun = this.#exchanges.take(exchange, peer);
    if ((begun.way === 'code') === isPairing) return begun;
    this.#failed(begun, peer);
    throw new InputError('access-refused', 'This login has ended. Begin again.');
  }

  async #prove(begun: Begun, { answer, message }: Finish, peer: string): Promise<Chance & { sessionKey: string }> {
    const chance = begun.chances[answer];
    const { finishPake } = await this.#needs.loadPake();
    const sessionKey = chance && message !== '' ? finishPake(begun.way, chance.state, message) : undefined;
    if (chance && sessionKey !== undefined && this.#stillHolds(begun, chance)) return { ...chance, sessionKey };
    this.#failed(begun, peer);
    throw begun.tried ? wrongCode(begun.tried) : wrongPin();
  }

  /** Not when it was taken back between the two turns. */
  #stillHolds({ tried }: Begun, { grant }: Chance): boolean {
    return tried ? tried.isOpen() : !isGone(this.#needs.file.read(), grant.credential);
  }

  #failed({ way, chances, tried }: Begun, peer: string): void {
    tried?.fail();
    const role = chances.length === 1 ? (chances[0]?.grant.role ?? null) : null;
    this.#needs.onLogin({ what: way, role, peer, ok: false });
  }

  async #pairPage({ name, role, peer }: SessionGrant, sessionKey: string): Promise<LoggedIn> {
    const { clock, file, loadPake, onLogin, sessions } = this.#needs;
    const pake = await loadPake();
    const id = randomUUID();
    const since = microsToMillis(clock.nowMicros());
    await file.update((records) => {
      if (records.paired.length >= pairedMax)
        throw new LimitError('too-many-items', `At most ${pairedMax} pages may be paired. Revoke one first.`);
      const setup = records.setup === '' ? pake.createPakeSetup() : records.setup;
      const { record } = pake.pakeRecord({ setup, user: `device ${id}`, way: 'device' }, sessionKey);
      return { ...records, setup, paired: [...records.paired, { id, name, role, record, since, lastSeen: since }] };
    });
    onLogin({ what: 'code', role, peer, ok: true });
    const token = sessions.open({ role, way: 'code', name, peer, credential: `device ${id}` });
    return { token, done: { role, device: id, sealed: null } };
  }

  async #giveToken({ name, role, peer }: SessionGrant, sessionKey: string): Promise<LoggedIn> {
    const token = (await this.#needs.issuer?.issueToken(name, scopesOf(role))) ?? '';
    this.#needs.onLogin({ what: 'client', role, peer, ok: true });
    return { token: undefined, done: { role, device: null, sealed: sealToken(token, sessionKey) } };
  }
}

/** Whether what let somebody in does so no more. */
export function isGone({ pins, paired }: AccessRecords, credential: string): boolean {
  const [kind, what, setAt] = credential.split(' ');
  if (kind === 'pin') return String(pins[what as Role]?.setAt) !== setAt;
  return kind === 'device' && paired.every(({ id }) => id !== what);
}

/** What a paired CLASP client may do. */
export function scopesOf(role: Role): readonly string[] {
  if (mayAs(role, 'edit')) return ['admin:/**'];
  return mayAs(role, 'control') ? ['write:/**'] : ['read:/**'];
}

function pinsOf(records: AccessRecords, peer: string) {
  const known = rolesWithPin(records).flatMap((role) => {
    const pin = records.pins[role];
    const credential = `pin ${role} ${pin?.setAt}`;
    return pin
      ? [{ ...pin, user: `pin ${role}`, grant: { role, way: 'pin', name: '', peer, credential } as const }]
      : [];
  });
  if (known.length === 0) throw new InputError('no-login', 'No PIN is set on this Flyrail.');
  return known;
}

function pairedOf({ paired }: AccessRecords, device: string, peer: string) {
  const found = paired.find(({ id }) => id === device);
  if (!found) throw new InputError('access-refused', 'This page is not paired any more.');
  const { role, name, record } = found;
  const credential = `device ${device}`;
  return [{ record, user: credential, grant: { role, way: 'device', name, peer, credential } as const }];
}

async function noteSeen(file: AccessFile, credential: string, lastSeen: AccessRecords['paired'][number]['since']) {
  await file.update((records) => ({
    ...records,
    paired: records.paired.map((each) => (credential === `device ${each.id}` ? { ...each, lastSeen } : each)),
  }));
}

function tryOr<T>(run: () => T, onFailure: () => void): T {
  try {
    return run();
  } catch (error) {
    onFailure();
    throw error;
  }
}
