import type { Cancel } from '../contract/message-link.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Grant, TokenFault, TokenVerifier } from '../ports/token-verifier.ts';
import { capabilityPrefix } from './capability-token.ts';
import { createCapabilityVerifier } from './capability-verifier.ts';
import { cpskPrefix } from './cpsk.ts';
import { readPublicKey } from './ed25519-keys.ts';
import { followTokenFile } from './file-tokens.ts';
import { readJwtKeys, type JwtKey } from './jwt-keys.ts';
import { createJwtVerifier } from './jwt-verifier.ts';
import { followTokenStore } from './known-tokens.ts';
import { warnIfReadable } from './warn-if-readable.ts';
import type { WatchedFileOptions } from './watched-file.ts';

export interface TokenVerifierOptions {
  /** `tokens.json` of the data folder */
  readonly storePath: string;
  /** written by hand: `token scope,scope` */
  readonly tokenFile: string | undefined;
  /** paths, as `readJwtKeys` takes them */
  readonly jwtKeys: readonly string[];
  /** the name by which JWTs and capability tokens mean this router */
  readonly audience: string | undefined;
  /** as `readPublicKey` takes them */
  readonly trustAnchors: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** tells of changes in a folder; the system's own without it */
  readonly notices?: WatchedFileOptions['notices'];
}

/** Follows files, so it is closed when nobody asks it any more. */
export interface OpenTokenVerifier extends TokenVerifier {
  close(): void;
}

/** Of a text that came as a token. */
export const tokenLettersMax = 64 * 1024;
const externalPrefix = 'ext_';
const jwtPattern = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Checks all tokens that CLASP knows: those of the token file whatever they look like, then by prefix `cpsk_` (the store), `cap_`
 *  (capability tokens), `ext_` and bare JWTs. All but JWTs are answered at once. No message and no log line holds a token or
 *  anything it can be made from.
 *  @throws InputError 'bad-token-file' | 'bad-key', UnavailableError 'cannot-read-file' for what it is given at the start; a
 *    store that is damaged only refuses its tokens, and it is logged */
export async function createTokenVerifier(options: TokenVerifierOptions): Promise<OpenTokenVerifier> {
  const { storePath, tokenFile, audience, clock, log, notices } = options;
  const keys = options.jwtKeys.flatMap((path) => keysOf(path, log));
  const trustAnchors = options.trustAnchors.map((each) => readPublicKey(each, '--trust-anchor'));
  const listeners = new Set<(id: string) => void>();
  const onRevoked = (id: string): void => {
    for (const run of listeners) run(id);
  };
  const followed = { clock, log, onRevoked, ...(notices && { notices }) };
  const file = tokenFile === undefined ? undefined : await followTokenFile({ path: tokenFile, ...followed });
  const store = await followTokenStore({ path: storePath, ...followed });
  const refuses = (id: string): TokenFault | undefined => store.refuses(id);
  const verifyJwt = createJwtVerifier({ keys, audience, clock, refuses });
  const verifyCapability = createCapabilityVerifier({ trustAnchors, audience, clock, refuses });

  const verify = (token: string): Grant | TokenFault | Promise<Grant | TokenFault> => {
    if (Buffer.byteLength(token) > tokenLettersMax)
      return { because: 'malformed', message: 'The token is longer than 64 KiB.' };
    const ofFile = file?.find(token);
    if (ofFile) return ofFile;
    if (token.startsWith(cpskPrefix)) return store.verify(token);
    if (token.startsWith(capabilityPrefix)) return verifyCapability(token);
    const external = token.startsWith(externalPrefix) ? token.slice(externalPrefix.length) : token;
    if (jwtPattern.test(external)) return verifyJwt(external).catch(failed);
    return { because: 'unknown', message: 'This router does not know the token.' };
  };
  /** A fault of ours: the token opens nothing, and the log says why without the token. */
  const failed = (error: unknown): TokenFault => {
    log.error('checking a token failed', { reason: error instanceof Error ? error.name : 'unknown' });
    return { because: 'malformed', message: 'The token could not be checked.' };
  };

  return {
    verify: (token) => {
      try {
        return verify(token);
      } catch (error) {
        return failed(error);
      }
    },
    onRevoked: (run) => listenTo(listeners, run),
    close: () => {
      file?.close();
      store.close();
    },
  };
}

function keysOf(path: string, log: Log): readonly JwtKey[] {
  const keys = readJwtKeys(path);
  if (keys.some(({ alg }) => alg === 'HS256')) warnIfReadable(path, log);
  return keys;
}

function listenTo(listeners: Set<(id: string) => void>, run: (id: string) => void): Cancel {
  const own = (id: string): void => run(id);
  listeners.add(own);
  return () => listeners.delete(own);
}
