import { tryPattern } from '../address.ts';
import { secretNameSchema } from '../secret.ts';
import { z } from '../zod.ts';
import { addressTextSchema, bridgeHead } from './bridge-head.ts';

/** A link to another CLASP router. */
export const claspBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('clasp'),
  settings: z.strictObject({
    /** where it is dialled; a token does not belong here, see `secretName` */
    url: z
      .string()
      .max(2048)
      .regex(/^(wss?|tcp|tls|udp|quic|serial|ble):\/\/[^@]*$/, 'expected a URL such as ws://10.0.0.5:7330/clasp'),
    /** where its addresses live here: `/x` of the other router is `<prefix>/x` */
    prefix: addressTextSchema,
    /** in: what happens there is taken. out: what happens here under the prefix is given. */
    direction: z.enum(['in', 'out', 'both']).default('both'),
    /** what is taken, by the addresses of the other router */
    take: z
      .array(addressTextSchema.refine((text) => tryPattern(text) !== undefined, 'expected a pattern such as /desk/**'))
      .min(1)
      .max(64)
      .default(['/**']),
    /** the secret of this machine that is shown to the other router as token; null for none */
    secretName: secretNameSchema.nullable().default(null),
    /** a file of this machine with authorities in PEM that are trusted beside the well-known ones */
    caFile: z.string().min(1).max(4096).nullable().default(null),
  }),
});
export type ClaspBridge = z.infer<typeof claspBridgeSchema>;
