import { z } from './zod.ts';

/** Bytes of UTF-8 that one secret has at most. */
export const secretBytesMax = 64 * 1024;
/** Secrets that one machine keeps; more are refused. */
export const secretsMax = 1000;

/** What shows call a secret by: 1-64 letters, digits, `.`, `-` or `_`. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected a name of 1-64 letters, digits, dots, - or _');

/** A secret on its way to be kept. Its own issues name no part of the value. */
export const newSecretSchema = z.strictObject({
  name: secretNameSchema,
  value: z
    .string()
    .min(1, 'expected a secret, found nothing')
    .refine(
      (value) => new TextEncoder().encode(value).length <= secretBytesMax,
      `expected at most ${secretBytesMax} bytes`,
    ),
});
export type NewSecret = z.infer<typeof newSecretSchema>;
