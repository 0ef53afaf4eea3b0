import { fromWireError, InputError } from '../../src-main/contract/errors.ts';
import type { LoginDone, LoginOffer, LoginStarted, LoginWay } from '../../src-main/contract/login.ts';
import type { LoginProof } from './login-proof.ts';

/** What the browser gives; a test gives its own. */
export interface LoginMeans {
  fetch: typeof fetch;
  /** keeps the key of a paired page; undefined where the browser keeps nothing */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined;
  prove(way: LoginWay, password: string): Promise<LoginProof>;
  stretch(pin: string, salt: string): Promise<string>;
  /** somebody came in: the page opens its link */
  entered(): void;
}

/** How a page of a browser comes in. */
export interface LoginDoor {
  /** the code of a pairing, as it stood in the page's URL; used up by reading it */
  takeCode(): string | undefined;
  offer(): Promise<LoginOffer>;
  /** @throws AppError 'wrong-pin' | 'rate-exceeded' with `waitMs` */
  withPin(pin: string): Promise<void>;
  /** @param name of this page in the list of paired pages @throws AppError 'wrong-code' with `attemptsLeft` | 'no-pairing' */
  withCode(code: string, name: string): Promise<void>;
  /** By the key that this page was paired with. @returns whether it is in; a key that was revoked is forgotten */
  withKey(): Promise<boolean>;
  /** Also forgets the key. */
  logOut(): Promise<void>;
}

const keyName = 'flyrail-paired';
const codeInHash = /^#pair=(\d{6})$/;

/** @param hash the fragment of the page's URL, which no server sees */
export function createLoginDoor(means: LoginMeans, hash: string): LoginDoor {
  let code = codeInHash.exec(hash)?.[1];
  const post = poster(means);
  const keys = keyKeeper(means);
  return {
    takeCode: () => {
      const taken = code;
      code = undefined;
      return taken;
    },
    offer,
    withPin: async (pin) => {
      const { salt } = await offer();
      await logIn('pin', await means.stretch(pin, salt), {});
      means.entered();
    },
    withCode,
    withKey: async () => {
      const kept = keys.known();
      if (!kept) return false;
      try {
        await logIn('device', kept.key, { device: kept.device });
        return true;
      } catch (error) {
        if (isRefusal(error)) means.storage?.removeItem(keyName);
        return false;
      }
    },
    logOut: async () => {
      means.storage?.removeItem(keyName);
      await post('/session/end', {});
    },
  };

  async function offer(): Promise<LoginOffer> {
    return read<LoginOffer>(await means.fetch('/login', { credentials: 'same-origin' }));
  }

  async function withCode(given: string, name: string): Promise<void> {
    const proof = await means.prove('code', given);
    const started = await post<LoginStarted>('/pair/start', { message: proof.message });
    const proven = proof.finish(started.answers);
    const { exchange, attemptsLeft } = started;
    const ending = { exchange, answer: 0, name, kind: 'page', message: proven?.message ?? '' };
    if (!proven) {
      await post('/pair/finish', ending).catch(() => undefined);
      throw new InputError('wrong-code', 'That is not the code.', { attemptsLeft });
    }
    const { device } = await post<LoginDone>('/pair/finish', ending);
    if (device !== null) keys.keep({ device, key: proven.sessionKey });
    means.entered();
  }

  async function logIn(way: 'pin' | 'device', password: string, more: { device?: string }): Promise<void> {
    const proof = await means.prove(way, password);
    const { exchange, answers } = await post<LoginStarted>('/login/start', { message: proof.message, ...more });
    const { answer, message } = proof.finish(answers) ?? { answer: 0, message: '' };
    await post('/login/finish', { exchange, answer, message });
  }
}

/** Asks the port as its own page. */
function poster({ fetch }: LoginMeans) {
  return async <T>(path: string, value: object): Promise<T> => {
    const body = JSON.stringify(value);
    const headers = { 'content-type': 'application/json' };
    return read<T>(await fetch(path, { method: 'POST', headers, body, credentials: 'same-origin' }));
  };
}

/** Storage may be full or forbidden: then the page asks for the code again next time. */
function keyKeeper({ storage }: LoginMeans) {
  return {
    keep: (key: PairedKey): void => {
      try {
        storage?.setItem(keyName, JSON.stringify(key));
      } catch {
        // See above.
      }
    },
    known: (): PairedKey | undefined => {
      try {
        const { device, key } = JSON.parse(storage?.getItem(keyName) ?? '{}') as Partial<PairedKey>;
        return typeof device === 'string' && typeof key === 'string' ? { device, key } : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

interface PairedKey {
  readonly device: string;
  readonly key: string;
}

/** @throws AppError what the engine refused it with */
async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return body as T;
  throw fromWireError((body as { error?: unknown } | undefined)?.error);
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'access-refused' || error.code === 'wrong-pin');
}
