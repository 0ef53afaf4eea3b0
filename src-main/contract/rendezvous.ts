import { z } from './zod.ts';

/** What one entry may hold; more is refused. */
export const registrationLimits = {
  nameLetters: 128,
  publicKeyLetters: 512,
  /** of tags, and of features */
  wordsMax: 32,
  wordLetters: 64,
  endpointsMax: 16,
  urlLetters: 512,
  metadataKeysMax: 32,
  levelsMax: 8,
  /** of all together, as JSON */
  lettersMax: 4096,
} as const;

/** Entries of one answer: without a limit, and at most; and the letters of one, as JSON, beyond which the rest is left out. */
export const discoverLimits = { usual: 100, max: 1000, lettersMax: 1024 * 1024 } as const;

/** What a device may be reached by. None of them runs anything or names a file where somebody clicks it. */
export const endpointSchemes = [
  ...['ws', 'wss', 'tcp', 'tls', 'udp', 'quic', 'webrtc', 'http', 'https', 'osc', 'mqtt', 'mqtts'],
] as const;

const { nameLetters, publicKeyLetters, wordsMax, wordLetters, endpointsMax, urlLetters } = registrationLimits;

// eslint-disable-next-line no-control-regex -- they are what is refused
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const line = (letters: number) =>
  z
    .string()
    .min(1)
    .max(letters)
    .refine((text) => !control.test(text), 'expected no control characters');
const words = z.array(line(wordLetters)).max(wordsMax);

const endpoint = line(urlLetters).refine(
  isEndpoint,
  `expected a URL without a password, of one of ${endpointSchemes.join(', ')}`,
);
const transport = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/);

const metadata = z
  .record(
    line(wordLetters),
    z.unknown().refine((value) => isFlat(value, registrationLimits.levelsMax), 'expected fewer levels'),
  )
  .refine(
    (found) => Object.keys(found).length <= registrationLimits.metadataKeysMax,
    `expected at most ${registrationLimits.metadataKeysMax} keys`,
  );

const registrationShape = z.object({
  name: line(nameLetters),
  publicKey: line(publicKeyLetters).nullish(),
  features: words.default([]),
  /** by transport */
  endpoints: z
    .record(transport, endpoint)
    .refine((found) => Object.keys(found).length <= endpointsMax, `expected at most ${endpointsMax} of them`),
  tags: words.default([]),
  metadata: metadata.default({}),
});
/** What a device says of itself; unknown fields are left out.
 *  @see CLASP-WIRE §13 */
export const registrationSchema = registrationShape.refine(
  (whole) => JSON.stringify(whole).length <= registrationLimits.lettersMax,
  `expected at most ${registrationLimits.lettersMax} letters in all`,
);
export type Registration = z.infer<typeof registrationSchema>;
/** Before what is missing was filled in. */
export type RegistrationInput = z.input<typeof registrationSchema>;

/** What the registrant gets: `timestamp` in µs since the Unix epoch, `ttl` in seconds. */
export const registeredSchema = z.object({
  id: line(128),
  timestamp: z.number(),
  ttl: z.number().positive().max(86_400),
});
export type Registered = z.infer<typeof registeredSchema>;

/** One device as others find it. Servers that are not ours say nothing of `signed`. */
export const foundSchema = registrationShape.extend({
  id: line(128),
  /** µs since the Unix epoch, by the server's clock */
  registeredAt: z.number(),
  lastSeen: z.number(),
  /** only who has the key `verified` can change or remove it, and it vouches for all of it */
  signed: z.boolean().default(false),
  verified: line(publicKeyLetters).nullish(),
});
export type Found = z.infer<typeof foundSchema>;

/** What a server says when it refuses. */
export const refusedSchema = z.object({
  error: z.object({
    code: z.string().max(64),
    message: z.string().max(1024),
    /** µs since the Unix epoch, by the server's clock; where that is what was wrong with a signature */
    serverTime: z.number().positive().max(8e15).optional(),
  }),
});

/** The headers that sign a request. */
export const signatureHeaders = {
  key: 'rendezvous-key',
  time: 'rendezvous-time',
  signature: 'rendezvous-signature',
} as const;

/** `URL` itself belongs to no pure layer. */
function isEndpoint(url: string): boolean {
  const [, scheme = '', authority = ''] = /^([a-z]+):\/\/([^/?#\\\s]+)(?:[/?#][^\s\\]*)?$/i.exec(url) ?? [];
  return (endpointSchemes as readonly string[]).includes(scheme.toLowerCase()) && /^[^@]+$/.test(authority);
}

/** @param value of JSON */
function isFlat(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 1 && Object.values(value).every((inner) => isFlat(inner, levels - 1));
}
