import { z } from './zod.ts';

/** Ways in for CLASP clients beside the WebSocket port, which is always open. */
export const doorKinds = ['tcp', 'tls', 'wss', 'udp'] as const;
export type DoorKind = (typeof doorKinds)[number];

/** Multicast groups of one way in. */
export const groupsMax = 16;

const port = z.int().min(0).max(65_535);
const host = z.string().min(1).max(253);

/** A certificate and key of the user's own, as paths of PEM files; this machine's own without. */
const identity = { cert: z.string().min(1).optional(), key: z.string().min(1).optional() };

/** One way in, as it was asked for. Port 0 picks a free one; without a host it is that of the WebSocket port. */
export const doorSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tcp'), port, host: host.optional() }),
  z.strictObject({ kind: z.literal('tls'), port, host: host.optional(), ...identity }),
  z.strictObject({ kind: z.literal('wss'), port, host: host.optional(), ...identity }),
  z.strictObject({
    kind: z.literal('udp'),
    port,
    host: host.optional(),
    /** multicast groups that are heard too */
    groups: z.array(host).max(groupsMax).optional(),
    /** of one packet of the network, headers and all */
    mtu: z.int().min(576).max(65_535).optional(),
  }),
]);
export type DoorSettings = z.infer<typeof doorSettingsSchema>;

/** A way in that is open. */
export interface OpenDoor {
  readonly kind: DoorKind | 'websocket';
  /** where clients dial */
  readonly url: string;
}
