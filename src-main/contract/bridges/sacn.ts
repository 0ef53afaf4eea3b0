import { z } from '../zod.ts';
import { addressTextSchema, bridgeHead, hostSchema, portSchema } from './bridge-head.ts';

export const sacnBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('sacn'),
  settings: z.strictObject({
    /** ranges of universes 1..63999 with the priority 0..200 each is sent at */
    universes: z
      .array(
        z
          .strictObject({
            first: z.int().min(1).max(63_999),
            last: z.int().min(1).max(63_999),
            priority: z.int().min(0).max(200),
          })
          .refine(({ first, last }) => first <= last, {
            path: ['last'],
            error: 'expected the same universe as first, or a later one',
          }),
      )
      .min(1)
      .max(64),
    mode: z.enum(['multicast', 'unicast']),
    /** hosts that get every universe, when mode is 'unicast' */
    unicastTo: z.array(hostSchema).max(64),
    /** name or address of the network card to send from; empty leaves it to the system */
    networkCard: z.string().max(255),
    sourceName: z.string().min(1).max(60),
    /** component identifier: a UUID that stays with this bridge for life */
    cid: z.uuid(),
    port: portSchema.default(5568),
    prefix: addressTextSchema.default('/sacn'),
    /** what a float means: 'unit' 0..1 is dark..full, 'level' 0..255 is the slot's level; integers are always levels */
    floats: z.enum(['unit', 'level']).default('unit'),
  }),
});
export type SacnBridge = z.infer<typeof sacnBridgeSchema>;
