import { client, ready, server } from '@serenity-kit/opaque';
import { ProtocolError } from '../contract/errors.ts';
import { identifiersOf, keyStretching, type LoginWay } from '../contract/login.ts';

/** What is known of a secret and lets nobody find it but by trying, one try for each exchange. */
export interface PakeRecord {
  /** of this machine; see `createPakeSetup` */
  readonly setup: string;
  /** tells records of one machine apart */
  readonly user: string;
  readonly way: LoginWay;
  readonly record: string;
}

/** Settles when OPAQUE's WebAssembly stands. */
export const pakeReady = ready;

/** The long-lived half of this machine, a secret. */
export function createPakeSetup(): string {
  return server.createSetup();
}

/** Makes the record of a secret that is known here. Takes 4 ms. */
export function pakeRecord({ setup, user, way }: Omit<PakeRecord, 'record'>, password: string): PakeRecord {
  const asked = client.startRegistration({ password });
  const { registrationResponse } = server.createRegistrationResponse({
    serverSetup: setup,
    userIdentifier: user,
    registrationRequest: asked.registrationRequest,
  });
  const { registrationRecord } = client.finishRegistration({
    password,
    registrationResponse,
    clientRegistrationState: asked.clientRegistrationState,
    identifiers: identifiersOf(way),
    keyStretching,
  });
  return { setup, user, way, record: registrationRecord };
}

/** Answers the first message of who wants to log in. Whoever has the answer can try one password with it: count it here.
 *  @param message base64url, untrusted
 *  @throws ProtocolError 'bad-message' */
export function answerPake({ setup, user, way, record }: PakeRecord, message: string) {
  try {
    const { serverLoginState, loginResponse } = server.startLogin({
      serverSetup: setup,
      userIdentifier: user,
      registrationRecord: record,
      startLoginRequest: message,
      identifiers: identifiersOf(way),
    });
    return { state: serverLoginState, answer: loginResponse };
  } catch (cause) {
    throw new ProtocolError('bad-message', 'Expected the first message of an OPAQUE login.', {}, { cause });
  }
}

/** @param message base64url, untrusted
 *  @returns the key that both ends share now; undefined for who did not know the secret */
export function finishPake(way: LoginWay, state: string, message: string): string | undefined {
  try {
    const finish = { serverLoginState: state, finishLoginRequest: message, identifiers: identifiersOf(way) };
    return server.finishLogin(finish).sessionKey;
  } catch {
    return undefined;
  }
}

/** The other end, as a program has it. */
export function startPakeClient(way: LoginWay, password: string) {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  return { message: startLoginRequest, finish };

  /** @returns undefined when the other end does not know the password */
  function finish(answer: string): { readonly message: string; readonly sessionKey: string } | undefined {
    const identifiers = identifiersOf(way);
    const done = client.finishLogin({
      clientLoginState,
      loginResponse: answer,
      password,
      identifiers,
      keyStretching,
    });
    return done && { message: done.finishLoginRequest, sessionKey: done.sessionKey };
  }
}

/** Whether the record is of this password. */
export function isPassword(record: PakeRecord, password: string): boolean {
  const asked = startPakeClient(record.way, password);
  return asked.finish(answerPake(record, asked.message).answer) !== undefined;
}
