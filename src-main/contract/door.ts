import { tryAddress } from './address.ts';
import { scopeTextSchema } from './access-rules.ts';
import { scopesMax } from './scope.ts';
import { z } from './zod.ts';

/** Ways in for CLASP clients, and for those who speak MQTT or by the web, beside the WebSocket port, which is always open. */
export const doorKinds = [
  ...(['tcp', 'tls', 'wss', 'udp', 'quic', 'webrtc', 'serial', 'ble', 'mqtt', 'mqtts'] as const),
  ...(['http', 'https'] as const),
] as const;
export type DoorKind = (typeof doorKinds)[number];
/** Those that do not carry CLASP: their clients speak another protocol. */
export const foreignDoorKinds = ['mqtt', 'mqtts', 'http', 'https'] as const satisfies readonly DoorKind[];
export type ForeignDoorKind = (typeof foreignDoorKinds)[number];

/** Multicast groups of one way in. */
export const groupsMax = 16;

const port = z.int().min(0).max(65_535);
const host = z.string().min(1).max(253);
/** what whoever comes by this way may do, whatever a token says; everything without */
const scopes = z.array(scopeTextSchema).min(1).max(scopesMax).optional();

/** A certificate and key of the user's own, as paths of PEM files; this machine's own without. */
const identity = { cert: z.string().min(1).optional(), key: z.string().min(1).optional() };

export const baudMin = 50;
export const baudMax = 4_000_000;

/** How topics become addresses. */
const topics = {
  /** the address that all topics are under; topic `a/b` is `/a/b` without */
  prefix: z
    .string()
    .max(512)
    .refine((text) => tryAddress(text) !== undefined && !text.endsWith('/'), 'expected an address such as /mqtt')
    .optional(),
  /** what a message is that is not retained: it sets the value (without), or happens once */
  plain: z.enum(['param', 'event']).optional(),
};

/** What is spoken on the port of a web door. */
export const webServices = ['rest', 'websocket', 'socketio', 'mqtt'] as const;
export type WebServiceName = (typeof webServices)[number];
/** Origins that one web door lists. */
export const originsMax = 64;

const origin = z
  .string()
  .max(255)
  .refine(isOrigin, 'expected an origin such as https://show.example.org, or * for every page');

/** Who comes by the web, and what is spoken with them. */
const web = {
  /** the address that all others are under, as clients write them; none without */
  prefix: topics.prefix,
  /** what an event of Socket.IO or a message of MQTT is that names only an address: it sets the value (without), or happens once */
  plain: topics.plain,
  /** all of them without */
  services: z
    .array(z.enum(webServices))
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'expected each once')
    .optional(),
  /** pages from these may ask too, beside those of this door and those that this machine allows; `*`: all pages */
  origins: z.array(origin).max(originsMax).optional(),
};

/** How a serial line is spoken on; 115200 8N1 without flow control where nothing is said. */
const serialLine = {
  /** symbols a second, any whole number */
  baud: z.int().min(baudMin).max(baudMax).optional(),
  /** frames are of whole bytes */
  dataBits: z.literal(8).optional(),
  parity: z.enum(['none', 'even', 'odd']).optional(),
  stopBits: z.literal([1, 2]).optional(),
  flow: z.enum(['none', 'rtscts', 'xonxoff']).optional(),
};
export const serialLineSchema = z.strictObject(serialLine);
export type SerialLine = z.infer<typeof serialLineSchema>;

/** One way in, as it was asked for. Port 0 picks a free one; without a host it is that of the WebSocket port. */
export const doorSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tcp'), port, host: host.optional(), scopes }),
  z.strictObject({ kind: z.literal('tls'), port, host: host.optional(), scopes, ...identity }),
  z.strictObject({ kind: z.literal('wss'), port, host: host.optional(), scopes, ...identity }),
  z.strictObject({
    kind: z.literal('udp'),
    port,
    host: host.optional(),
    scopes,
    /** multicast groups that are heard too */
    groups: z.array(host).max(groupsMax).optional(),
    /** of one packet of the network, headers and all */
    mtu: z.int().min(576).max(65_535).optional(),
  }),
  z.strictObject({ kind: z.literal('quic'), port, host: host.optional(), scopes, ...identity }),
  /** the port is of UDP, where all peers arrive */
  z.strictObject({ kind: z.literal('webrtc'), port, host: host.optional(), scopes }),
  z.strictObject({
    kind: z.literal('serial'),
    /** a path, `COM3`, or `usb=VID:PID[:SERIAL]` in hexadecimal: that box, wherever it is plugged in */
    device: z.string().min(1).max(4096),
    scopes,
    ...serialLine,
  }),
  z.strictObject({
    kind: z.literal('ble'),
    scopes,
    /** central: looks for devices and connects to them; peripheral: is seen, and devices connect */
    role: z.enum(['central', 'peripheral']),
    /** central: only the device with this name or address; peripheral: how this one is called */
    name: z.string().min(1).max(64).optional(),
    /** number of the adapter on Linux; the first without */
    hci: z.int().min(0).max(15).optional(),
  }),
  /** a broker for MQTT 3.1.1 */
  z.strictObject({ kind: z.literal('mqtt'), port, host: host.optional(), scopes, ...topics }),
  z.strictObject({ kind: z.literal('mqtts'), port, host: host.optional(), scopes, ...topics, ...identity }),
  /** REST, Server-Sent Events, WebSocket with JSON, Socket.IO, MQTT over WebSocket */
  z.strictObject({ kind: z.literal('http'), port, host: host.optional(), scopes, ...web }),
  z.strictObject({ kind: z.literal('https'), port, host: host.optional(), scopes, ...web, ...identity }),
]);
export type DoorSettings = z.infer<typeof doorSettingsSchema>;
export type ForeignDoorSettings = Extract<DoorSettings, { kind: ForeignDoorKind }>;

/** Whether it is for clients of another protocol than CLASP. */
export function isForeignDoor(settings: DoorSettings): settings is ForeignDoorSettings {
  return foreignDoorKinds.some((kind) => kind === settings.kind);
}

const hasOwnPort = /^(http:\/\/.*:80|https:\/\/.*:443)$/;

/** As browsers write it: in lower case, without the port that a scheme has by itself. */
function isOrigin(text: string): boolean {
  return (
    text === '*' || (/^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?$/.test(text) && !hasOwnPort.test(text))
  );
}

/** A way in that is open, or opens by itself once what it waits for is there. */
export interface OpenDoor {
  readonly kind: DoorKind | 'websocket';
  /** where clients dial */
  readonly url: string;
  /** of this machine, on which it listens; absent where there is no network, as on a serial port */
  readonly host?: string;
  /** a sentence for the operator while nobody can come in yet; absent once they can */
  readonly waitingFor?: string;
}

/** A way in that this machine keeps, switched on or off. */
export const keptDoorSchema = z.strictObject({
  id: z.string().min(1).max(64),
  enabled: z.boolean(),
  /** other machines may come in by it though nobody is asked who they are */
  isForAnyone: z.boolean().default(false),
  settings: doorSettingsSchema,
});
export type KeptDoor = z.infer<typeof keptDoorSchema>;

/** Of one machine, beside those of its command line. */
export const keptDoorsMax = 32;

/** A way in as the operator sees it. */
export interface DoorStatus {
  readonly id: string;
  /** null: the WebSocket port, which is always open */
  readonly settings: DoorSettings | null;
  readonly enabled: boolean;
  /** named on the command line: it can be switched for this run, and not changed */
  readonly isGiven: boolean;
  /** waiting: for a device that is not there yet. broken: it is tried again for ever */
  readonly state: 'off' | 'opening' | 'open' | 'waiting' | 'broken';
  /** where clients dial; empty unless open */
  readonly url: string;
  /** a sentence for people */
  readonly reason: string;
  /** other machines come in by it, and nobody is asked who they are */
  readonly isForAnyone: boolean;
  /** that this was chosen, also while it is off or tokens are asked for */
  readonly isAnyoneChosen: boolean;
  /** now */
  readonly connections: number;
  /** since Flyrail began */
  readonly acceptedTotal: number;
  /** what never reached the router */
  readonly refusedTotal: number;
}
