import type { IncomingMessage } from 'node:http';
import { InputError } from '../../contract/errors.ts';
import type { z } from '../../contract/zod.ts';

/** Bytes that a request to log in may have. */
export const loginBytesMax = 2048;

/** The body, whole. One that is longer ends the connection, and nothing comes of it.
 *  @returns undefined when the connection ended before it */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > bytesMax) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    request.on('close', () => {
      resolve(undefined);
    });
    request.on('error', () => undefined);
  });
}

/** @throws InputError 'bad-arguments' */
export function parseBody<T>(body: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // What is no JSON does not fit either.
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError(
    'bad-arguments',
    `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not as expected'}.`,
  );
}
