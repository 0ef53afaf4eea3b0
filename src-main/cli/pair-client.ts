import { InputError, ProtocolError } from '../contract/errors.ts';
import { roleSchema, type Role } from '../contract/role.ts';
import { z } from '../contract/zod.ts';
import { openToken } from '../engine/remote/seal-token.ts';
import { loadPake } from '../engine/remote/set-pin.ts';
import { postJson } from './post-json.ts';

const startedSchema = z.object({
  exchange: z.string(),
  answers: z.array(z.string()).min(1).max(3),
  attemptsLeft: z.number().nullable(),
});
const doneSchema = z.object({ role: roleSchema, sealed: z.string() });

export interface PairWith {
  /** of the interface of the other Flyrail */
  readonly url: URL;
  /** six digits */
  readonly code: string;
  /** what this client is called in the list of tokens there */
  readonly name: string;
}

export interface PairedClient {
  readonly role: Role;
  /** for CLASP */
  readonly token: string;
}

/** Gives the code to the other end, and takes the token that it seals for who knows the code. Whoever listens or stands
 *  in between learns neither of them.
 *  @throws InputError 'wrong-code' also when the other end does not know the code
 *  @throws AppError what the other end refused it with @throws UnavailableError 'no-answer' */
export async function pairWith({ url, code, name }: PairWith): Promise<PairedClient> {
  const pake = await loadPake();
  const asked = pake.startPakeClient('code', code);
  const { body } = await postJson(new URL('/pair/start', url), { message: asked.message });
  const started = parse(startedSchema, body);
  const proof = finish(asked, started.answers[0] ?? '');
  const end = new URL('/pair/finish', url);
  const given = { exchange: started.exchange, answer: 0, name, kind: 'client' };
  if (!proof) {
    await postJson(end, { ...given, message: '' }).catch(() => undefined);
    const left = started.attemptsLeft ?? 0;
    const next = left === 0 ? 'It ended by that; start another pairing' : `${left} left`;
    throw new InputError('wrong-code', `The code is not that of ${url.origin}. ${next}.`, { attemptsLeft: left });
  }
  const done = parse(doneSchema, (await postJson(end, { ...given, message: proof.message })).body);
  return { role: done.role, token: openToken(done.sealed, proof.sessionKey) };
}

type Asked = ReturnType<Awaited<ReturnType<typeof loadPake>>['startPakeClient']>;

function finish(asked: Asked, answer: string): ReturnType<Asked['finish']> {
  try {
    return asked.finish(answer);
  } catch (cause) {
    throw unlike(cause);
  }
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const { success, data, error } = schema.safeParse(body);
  if (!success) throw unlike(error);
  return data;
}

function unlike(cause: unknown): ProtocolError {
  return new ProtocolError('bad-message', 'The other end does not pair as Flyrail does.', {}, { cause });
}
