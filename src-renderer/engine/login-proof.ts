import { scryptAsync } from '@noble/hashes/scrypt.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { client, ready } from '@serenity-kit/opaque';
import { identifiersOf, keyStretching, pinStretch, type LoginWay } from '../../src-main/contract/login.ts';

/** What the page keeps between the two turns of a login. */
export interface LoginProof {
  /** for the first turn */
  readonly message: string;
  /** @returns for the second turn, which of the answers fitted; undefined when none did: the secret is wrong */
  finish(answers: readonly string[]): ProvenLogin | undefined;
}

export interface ProvenLogin {
  readonly answer: number;
  readonly message: string;
  /** both ends have it now, and nobody else */
  readonly sessionKey: string;
}

/** Proves a secret without sending it. Browsers offer `crypto.subtle` over TLS only, so it does without. */
export async function proveLogin(way: LoginWay, password: string): Promise<LoginProof> {
  await ready;
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  return {
    message: startLoginRequest,
    finish: (answers) => {
      for (const [answer, loginResponse] of answers.entries()) {
        const identifiers = identifiersOf(way);
        const done = client.finishLogin({ clientLoginState, loginResponse, password, identifiers, keyStretching });
        if (done) return { answer, message: done.finishLoginRequest, sessionKey: done.sessionKey };
      }
      return undefined;
    },
  };
}

/** As the engine stretches it. @param salt hex */
export async function stretchPin(pin: string, salt: string): Promise<string> {
  return bytesToHex(await scryptAsync(new TextEncoder().encode(pin), hexToBytes(salt), pinStretch));
}
