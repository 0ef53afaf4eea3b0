import { z } from '../zod.ts';

export const bridgeNameMax = 120;

/** What becomes of a device that comes up, or comes back, and may not know how things stand. resend: everything that stands
 *  under the prefix is sent. differs: only what differs from what it was sent last. hold: nothing, until something changes.
 *  ask: nothing, until the operator says so. */
export const returnPolicies = ['resend', 'differs', 'hold', 'ask'] as const;
export type ReturnPolicy = (typeof returnPolicies)[number];

/** What every bridge has. */
export const bridgeHead = {
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1-64 letters, digits, - or _'),
  number: z.int().min(1).max(99_999),
  name: z
    .string()
    .min(1)
    .max(bridgeNameMax)
    .meta({ title: 'name', description: 'As on its label.', repair: 'Give it a name, as on its label.' }),
  enabled: z.boolean().default(true),
  onReturn: z
    .enum(returnPolicies)
    .default('resend')
    .meta({
      title: 'when it comes back',
      description: 'What a device is sent that was away and may not know how things stand.',
      choices: {
        resend: 'Send everything again',
        differs: 'Send only what differs',
        hold: 'Hold: send nothing until it changes',
        ask: 'Ask me',
      },
    }),
};

export const portSchema = z.int().min(1).max(65_535).meta({ repair: 'A port is a whole number from 1 to 65535.' });
export const hostSchema = z.string().min(1).max(255).meta({ control: 'host' });
/** Name or address of a network card; empty leaves it to the system. */
export const networkCardSchema = z
  .string()
  .max(255)
  .default('')
  .meta({ title: 'network card', control: 'network-card' });
/** The same for those that dial. */
export const dialCardSchema = networkCardSchema.meta({
  description: 'Dials from this card alone; empty leaves it to the system.',
});
export const addressTextSchema = z.string().min(1).max(1024);
/** Where the addresses of a bridge begin. */
export const prefixSchema = addressTextSchema.meta({
  title: 'addresses begin with',
  description: 'What is set under this address goes to the device, and what comes from it appears here.',
  control: 'address',
});
