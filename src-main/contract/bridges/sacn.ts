import { z } from '../zod.ts';
import { bridgeHead, hostSchema, portSchema, prefixSchema } from './bridge-head.ts';

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
            priority: z.int().min(0).max(200).meta({
              title: 'priority',
              unit: '0–200',
              repair: 'A whole number from 0 to 200; 100 is usual.',
            }),
          })
          .refine(({ first, last }) => first <= last, {
            path: ['last'],
            error: 'expected the same universe as first, or a later one',
          }),
      )
      .min(1)
      .max(64)
      .meta({ title: 'universes', description: '1-4, 7@120: 7 at priority 120.', control: 'universes' }),
    mode: z.enum(['multicast', 'unicast']).meta({
      title: 'sends to',
      description: 'Everyone who listens, or the receivers that are named.',
      choices: { multicast: 'Everyone on the network (multicast)', unicast: 'Named receivers (unicast)' },
    }),
    /** hosts that get every universe, when mode is 'unicast' */
    unicastTo: z
      .array(hostSchema)
      .max(64)
      .meta({
        title: 'receivers',
        description: 'Each gets every universe.',
        placeholder: '10.0.0.5, 10.0.0.6',
        control: 'hosts',
        when: { mode: ['unicast'] },
      }),
    /** name or address of the network card to send from; empty leaves it to the system */
    networkCard: z.string().max(255).meta({
      title: 'network card',
      description: 'The card that the lighting network is on.',
      control: 'network-card',
    }),
    sourceName: z.string().min(1).max(60).meta({
      title: 'source name',
      description: 'As receivers list it.',
      repair: 'A name of 1 to 60 letters, as receivers list it.',
    }),
    /** component identifier: a UUID that stays with this bridge for life */
    cid: z.uuid().meta({
      title: 'component identifier',
      description: 'Made once. Receivers know this output by it for life.',
      control: 'identity',
    }),
    port: portSchema.default(5568).meta({ title: 'at port', description: 'Receivers listen on 5568 by the standard.' }),
    prefix: prefixSchema.default('/sacn').meta({ example: '{value}/1/17 is slot 17 of universe 1.' }),
    /** what a float means: 'unit' 0..1 is dark..full, 'level' 0..255 is the slot's level; integers are always levels */
    floats: z
      .enum(['unit', 'level'])
      .default('unit')
      .meta({
        title: 'floats mean',
        description: '0.5 is level 128, or 127.6 is. Whole numbers are levels.',
        choices: { unit: '0–1 is dark to full', level: '0–255 is the level' },
      }),
  }),
});
export type SacnBridge = z.infer<typeof sacnBridgeSchema>;
