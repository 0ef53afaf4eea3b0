import { z } from './zod.ts';

/** What the shell says to the engine's process. `window` brings one port, which is served as a client until it closes. */
export const messageToEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('window') }),
  z.object({ type: z.literal('stop') }),
]);
export type MessageToEngine = z.infer<typeof messageToEngine>;

/** What the engine's process says to the shell, once: that it runs and where CLASP clients find it, or why it does not
 *  start (a WireError, after which the process ends). */
export const messageFromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), claspUrl: z.string() }),
  z.object({ type: z.literal('refused'), error: z.unknown() }),
]);
export type MessageFromEngine = z.infer<typeof messageFromEngine>;
