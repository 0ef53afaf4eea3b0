import { z } from './zod.ts';

/** What the shell says to the engine's process. `window` brings one port, which is served as a client until it closes.
 *  The others answer `want-secrets-key`: with the key (32 bytes in base64; null: the system keeps none), or with a
 *  WireError that says why it cannot be had now. */
export const messageToEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('window') }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('secrets-key'), key: z.base64().length(44).nullable() }),
  z.object({ type: z.literal('secrets-key-refused'), error: z.unknown() }),
]);
export type MessageToEngine = z.infer<typeof messageToEngine>;

/** What the engine's process says to the shell: once, that it runs and where CLASP clients find it, or why it does not
 *  start (a WireError, after which the process ends); and that it wants the key of its secrets. */
export const messageFromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), claspUrl: z.string() }),
  z.object({ type: z.literal('refused'), error: z.unknown() }),
  z.object({ type: z.literal('want-secrets-key') }),
]);
export type MessageFromEngine = z.infer<typeof messageFromEngine>;
