import type { Micros } from '../../contract/units.ts';

/** What a signature covers, beside the body. */
export interface SignedParts {
  /** in capitals */
  readonly method: string;
  /** as it is sent: with its query, without scheme and host */
  readonly target: string;
  readonly time: Micros;
}

const encoder = new TextEncoder();

/** The bytes that are signed: four lines, then the body as it is sent. docs/rendezvous.md has an example.
 *  @param body empty where there is none */
export function signedBytes({ method, target, time }: SignedParts, body: Uint8Array): Uint8Array {
  const head = encoder.encode(`clasp-rendezvous-1\n${method}\n${target}\n${time}\n`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}
