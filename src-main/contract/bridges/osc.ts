import { z } from '../zod.ts';
import { bridgeHead, hostSchema, portSchema, prefixSchema } from './bridge-head.ts';

export const oscBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('osc'),
  settings: z.strictObject({
    direction: z.enum(['in', 'out', 'both']).meta({
      title: 'direction',
      description: 'Whether it listens, sends, or both.',
      choices: { in: 'In: listen', out: 'Out: send', both: 'In and out' },
    }),
    listenHost: hostSchema.meta({
      title: 'listens at',
      description: '0.0.0.0 is every network card.',
      when: { direction: ['in', 'both'] },
    }),
    listenPort: portSchema.meta({
      title: 'listens on port',
      description: 'UDP, where the device sends to.',
      when: { direction: ['in', 'both'] },
    }),
    remoteHost: hostSchema.meta({
      title: 'sends to',
      description: 'Name or address of the device.',
      when: { direction: ['out', 'both'] },
    }),
    remotePort: portSchema.meta({
      title: 'at port',
      description: 'UDP, where the device listens.',
      when: { direction: ['out', 'both'] },
    }),
    /** where its addresses live in the router: `/x` of the device is `<prefix>/x` here */
    prefix: prefixSchema.meta({ example: '/fader/1 of the device is {value}/fader/1 here.' }),
  }),
});
export type OscBridge = z.infer<typeof oscBridgeSchema>;
