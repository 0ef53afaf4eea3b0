import { z } from '../zod.ts';
import { artnetBridgeSchema } from './artnet.ts';
import { claspBridgeSchema } from './clasp.ts';
import { oscBridgeSchema } from './osc.ts';
import { sacnBridgeSchema } from './sacn.ts';

/** Every kind of bridge a show can hold: a new one is a file beside this one and a line here. */
export const bridgeSchema = z.discriminatedUnion('kind', [
  oscBridgeSchema,
  sacnBridgeSchema,
  artnetBridgeSchema,
  claspBridgeSchema,
]);
export type Bridge = z.infer<typeof bridgeSchema>;
export type BridgeKind = Bridge['kind'];

export type { ArtnetBridge } from './artnet.ts';
export type { ClaspBridge } from './clasp.ts';
export type { OscBridge } from './osc.ts';
export type { SacnBridge } from './sacn.ts';
