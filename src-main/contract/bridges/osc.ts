import { z } from '../zod.ts';
import { addressTextSchema, bridgeHead, hostSchema, portSchema } from './bridge-head.ts';

export const oscBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('osc'),
  settings: z.strictObject({
    direction: z.enum(['in', 'out', 'both']),
    listenHost: hostSchema,
    listenPort: portSchema,
    remoteHost: hostSchema,
    remotePort: portSchema,
    /** where its addresses live in the router: `/x` of the device is `<prefix>/x` here */
    prefix: addressTextSchema,
  }),
});
export type OscBridge = z.infer<typeof oscBridgeSchema>;
