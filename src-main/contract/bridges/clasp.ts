import { tryPattern } from '../address.ts';
import { secretNameSchema } from '../secret.ts';
import { z } from '../zod.ts';
import { addressTextSchema, bridgeHead, dialCardSchema, prefixSchema } from './bridge-head.ts';

/** What can be dialled from one network card; the others leave the choice to the system. */
const cardSchemes = /^(wss?|tcp|tls):/;

const settings = z
  .strictObject({
    /** where it is dialled; a token does not belong here, see `secretName` */
    url: z
      .string()
      .max(2048)
      .regex(/^(wss?|tcp|tls|udp|quic|serial|ble):\/\/[^@]*$/, 'expected a URL such as ws://10.0.0.5:7330/clasp')
      .meta({
        title: 'router',
        description: 'Where it is dialled: ws, wss, tcp, tls, udp, quic, serial or ble.',
        placeholder: 'ws://10.0.0.5:7330/clasp',
        repair: 'A URL such as ws://10.0.0.5:7330/clasp; a token has its own place.',
      }),
    networkCard: dialCardSchema,
    /** where its addresses live here: `/x` of the other router is `<prefix>/x` */
    prefix: prefixSchema.meta({ example: '/fader/1 of the router is {value}/fader/1 here.' }),
    /** in: what happens there is taken. out: what happens here under the prefix is given. */
    direction: z
      .enum(['in', 'out', 'both'])
      .default('both')
      .meta({
        title: 'direction',
        description: 'Whether it takes what happens there, gives what happens here, or both.',
        choices: { both: 'In and out', in: 'In: take', out: 'Out: give' },
      }),
    /** what is taken, by the addresses of the other router */
    take: z
      .array(addressTextSchema.refine((text) => tryPattern(text) !== undefined, 'expected a pattern such as /desk/**'))
      .min(1)
      .max(64)
      .default(['/**'])
      .meta({
        title: 'takes',
        description: 'Patterns as the router has them; /** is all there is.',
        control: 'patterns',
        when: { direction: ['in', 'both'] },
        repair: 'Name what is taken: /** is all there is.',
      }),
    /** the secret of this machine that is shown to the other router as token; null for none */
    secretName: secretNameSchema.nullable().default(null).meta({
      title: 'name of the token',
      description: 'Empty where the router asks for none.',
      control: 'secret',
      repair: 'Letters, digits, dots, - and _.',
    }),
    /** a file of this machine with authorities in PEM that are trusted beside the well-known ones */
    caFile: z.string().min(1).max(4096).nullable().default(null).meta({
      title: 'authority',
      description: 'A PEM file on this machine with an authority to trust beside the well-known ones.',
      advanced: true,
    }),
  })
  .superRefine(({ url, networkCard }, context) => {
    if (networkCard !== '' && !cardSchemes.test(url))
      context.addIssue({
        code: 'custom',
        path: ['networkCard'],
        message: 'expected none: only ws, wss, tcp and tls are dialled from one card',
      });
  });

/** A link to another CLASP router. */
export const claspBridgeSchema = z.strictObject({ ...bridgeHead, kind: z.literal('clasp'), settings });
export type ClaspBridge = z.infer<typeof claspBridgeSchema>;
