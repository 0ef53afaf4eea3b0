import { InputError } from '../../contract/errors.ts';
import { discoverLimits, registrationSchema, type Registration } from '../../contract/rendezvous.ts';
import { z } from '../../contract/zod.ts';
import type { Filter } from '../../core/discovery/rendezvous-registry.ts';

/** Names that mean something else to JavaScript than a field. */
const poison: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const word = z.string().max(256).optional();
const filterSchema = z.object({
  tag: word,
  feature: word,
  limit: z
    .string()
    .regex(/^\d{1,9}$/, 'expected a whole number')
    .transform(Number)
    .refine((limit) => limit >= 1, `expected 1 to ${discoverLimits.max}`)
    .optional(),
});

/** @throws InputError 'bad-arguments', which says what was expected and where */
export function readRegistration(body: Uint8Array): Registration {
  const { success, data, error } = registrationSchema.safeParse(parseJson(body));
  if (success) return data;
  throw bad(error);
}

/** Empty words filter nothing; a limit beyond what is given at most is that.
 *  @throws InputError 'bad-arguments' */
export function readFilter(query: unknown): Filter {
  const { success, data, error } = filterSchema.safeParse(query);
  if (!success) throw bad(error);
  const { tag, feature, limit } = data;
  return { tag: tag === '' ? undefined : tag, feature: feature === '' ? undefined : feature, limit };
}

function parseJson(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return JSON.parse(text, (key, value: unknown) => {
      if (poison.has(key)) throw new SyntaxError(`a field may not be called ${key}`);
      return value;
    });
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it cannot be read';
    throw new InputError('bad-arguments', `Expected a JSON object in UTF-8: ${reason.slice(0, 200)}.`, {}, { cause });
  }
}

function bad(error: z.ZodError): InputError {
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  const words = `${path === '' ? '' : `${path}: `}${issue?.message ?? 'expected something else'}`;
  return new InputError('bad-arguments', `${words.slice(0, 300)}.`, { path: path.slice(0, 200) });
}
