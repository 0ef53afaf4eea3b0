import type { DoorKind, DoorSettings, ForeignDoorKind } from '../contract/door.ts';
import type { DialCard } from '../ports/dial-card.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Signalling } from '../ports/signalling.ts';
import type { Dialler, Transport } from '../ports/transport.ts';
import type { TlsIdentity } from './tls.ts';

/** What the engine gives to transports; each takes what it needs. */
export interface TransportNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** where the WebSocket port is, for settings that name no host */
  readonly host: string;
  /** what is shown to who dials with TLS. @param files a certificate of the user's own; this machine's without
   *  @throws InputError 'bad-certificate' */
  readonly identityOf: (files: {
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
  }) => Promise<TlsIdentity>;
  /** whether a web page of this origin may open a WebSocket */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** of the router, for ways in that peers agree on through it */
  readonly signalling: Signalling;
  /** where clients reach that: of the WebSocket port, which is open by then */
  readonly signallingUrl: () => string;
  /** told of every upgrade to WebSocket that was refused */
  readonly onRefused: (refusal: { readonly because: 'host' | 'origin'; readonly text: string }) => void;
  /** entry of the process that has a Bluetooth library: `out/main/ble-radio.js`, or the source in tests */
  readonly radioProcess: string | URL;
}

/** The ways in that carry CLASP itself. */
type ClaspDoorKind = Exclude<DoorKind, ForeignDoorKind>;
export type ClaspDoorSettings = Extract<DoorSettings, { kind: ClaspDoorKind }>;
type SettingsOf<K extends ClaspDoorKind> = Extract<ClaspDoorSettings, { kind: K }>;

type Doors = {
  readonly [K in ClaspDoorKind]: (settings: SettingsOf<K>, needs: TransportNeeds) => Promise<Transport>;
};

/** Every way in beside the WebSocket port. A new one is a line here and below, a schema in contract/door.ts and a folder beside
 *  this file. Each is loaded when it is first asked for. */
const doors: Doors = {
  tcp: async ({ port, host }, needs) =>
    (await import('./tcp/tcp-transport.ts')).createTcpTransport({ ...needs, port, host: host ?? needs.host }),
  tls: async ({ port, host, ...files }, needs) =>
    (await import('./tcp/tcp-transport.ts')).createTcpTransport({
      ...needs,
      port,
      host: host ?? needs.host,
      identity: await needs.identityOf(files),
    }),
  wss: async ({ port, host, ...files }, needs) =>
    (await import('./websocket/websocket-transport.ts')).createWebSocketTransport({
      ...needs,
      port,
      host: host ?? needs.host,
      identity: await needs.identityOf(files),
    }),
  udp: async ({ port, host, groups = [], mtu }, needs) =>
    (await import('./udp/udp-transport.ts')).createUdpTransport({
      ...needs,
      port,
      host: host ?? needs.host,
      groups,
      limits: mtu === undefined ? {} : { packetBytesMax: mtu },
    }),
  quic: async ({ port, host, ...files }, needs) =>
    (await import('./quic/quic-transport.ts')).createQuicTransport({
      ...needs,
      port,
      host: host ?? needs.host,
      identity: await needs.identityOf(files),
    }),
  webrtc: async ({ port, host }, needs) =>
    (await import('./webrtc/webrtc-transport.ts')).createWebRtcTransport({
      ...needs,
      port,
      host: host ?? needs.host,
      webSocket: await webSocket(needs),
    }),
  serial: async ({ device, scopes: _scopes, ...line }, needs) =>
    (await import('./serial/serial-transport.ts')).createSerialTransport({
      ...needs,
      device,
      line,
    }),
  ble: async (settings, needs) =>
    (await import('./ble/ble-transport.ts')).createBleTransport({
      ...needs,
      ...settings,
      openRadio: (await import('./ble/open-radio.ts')).radiosOf(needs),
    }),
};

/** Makes the transport that settings describe; nothing is open yet. */
export function createTransport(settings: ClaspDoorSettings, needs: TransportNeeds): Promise<Transport> {
  switch (settings.kind) {
    case 'tcp':
      return doors.tcp(settings, needs);
    case 'tls':
      return doors.tls(settings, needs);
    case 'wss':
      return doors.wss(settings, needs);
    case 'udp':
      return doors.udp(settings, needs);
    case 'quic':
      return doors.quic(settings, needs);
    case 'webrtc':
      return doors.webrtc(settings, needs);
    case 'serial':
      return doors.serial(settings, needs);
    case 'ble':
      return doors.ble(settings, needs);
    default:
      return settings satisfies never;
  }
}

export interface DiallerNeeds {
  readonly clock: Clock;
  /** PEM of authorities that are trusted beside the well-known ones */
  readonly authorities?: readonly string[];
  readonly log: Log;
  /** as that of TransportNeeds */
  readonly radioProcess: string | URL;
  /** what TCP and WebSocket are dialled from; without it the system chooses */
  readonly card?: DialCard;
  /** for routers that want to know who signals, before CLASP says so itself */
  readonly token?: string | undefined;
}

type CreateDialler = (needs: DiallerNeeds) => Promise<Dialler>;
const webSocket: CreateDialler = async (needs) =>
  (await import('./websocket/websocket-dialler.ts')).createWebSocketDialler(needs);
const tcp: CreateDialler = async (needs) => (await import('./tcp/tcp-dialler.ts')).createTcpDialler(needs);
const udp: CreateDialler = async (needs) => (await import('./udp/udp-dialler.ts')).createUdpDialler(needs);
const quic: CreateDialler = async (needs) => (await import('./quic/quic-dialler.ts')).createQuicDialler(needs);
const webRtc: CreateDialler = async (needs) =>
  (await import('./webrtc/webrtc-dialler.ts')).createWebRtcDialler({ ...needs, webSocket: await webSocket(needs) });
const serial: CreateDialler = async (needs) => (await import('./serial/serial-dialler.ts')).createSerialDialler(needs);

const ble: CreateDialler = async (needs) => {
  const radios = (await import('./ble/open-radio.ts')).radiosOf(needs);
  const openRadio = (hci: number | undefined) => radios.central(hci);
  return (await import('./ble/ble-dialler.ts')).createBleDialler({ ...needs, openRadio });
};

/** By the scheme of their URLs. */
const diallers: Readonly<Record<string, CreateDialler>> = {
  'ws:': webSocket,
  'wss:': webSocket,
  'tcp:': tcp,
  'tls:': tcp,
  'udp:': udp,
  'quic:': quic,
  'webrtc+ws:': webRtc,
  'webrtc+wss:': webRtc,
  'serial:': serial,
  'ble:': ble,
};

/** How URLs of routers begin, for people. */
export const dialledSchemes: readonly string[] = Object.keys(diallers).map((scheme) => `${scheme}//`);

/** Whether there is a way to this URL. */
export function isDiallable(url: string): boolean {
  return URL.canParse(url) && Object.hasOwn(diallers, new URL(url).protocol);
}

/** The client's side of every transport, chosen by the URL's scheme. @param url of the router that is to be dialled */
export function createDialler(url: string, needs: DiallerNeeds): Promise<Dialler> {
  const create = isDiallable(url) ? diallers[new URL(url).protocol] : undefined;
  if (!create) throw new TypeError(`There is no way to ${url}.`);
  return create(needs);
}
