import type { NetworkCard } from '../contract/device.ts';
import type {
  ArtnetBridge,
  DmxUsbBridge,
  HidBridge,
  HttpBridge,
  LtcBridge,
  MidiBridge,
  MqttBridge,
  OscBridge,
  SacnBridge,
  SocketioBridge,
  WebSocketBridge,
  SerialBridge,
} from '../contract/show.ts';
import type { Bridge } from '../ports/bridge.ts';
import type { Clock } from '../ports/clock.ts';
import type { DmxDesk } from '../ports/dmx-desk.ts';
import type { HidAccess } from '../ports/hid-ports.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { SerialAccess } from '../ports/serial-ports.ts';
import type { ArtnetPorts } from './artnet/artnet-ports.ts';

/** What the engine gives to bridges; each takes what it needs. */
export interface BridgeNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** the network cards as they are now */
  readonly networkCards: () => readonly NetworkCard[];
  /** one for the whole engine */
  readonly artnetPorts: ArtnetPorts;
  /** what finishes levels of DMX before they leave, and is told what is heard; without it they leave as they were asked for */
  readonly desk?: DmxDesk | undefined;
  readonly serial: SerialAccess;
  /** without it no HID device is found */
  readonly hid?: HidAccess | undefined;
  /** secrets of this machine by their names; nothing where it keeps none
   *  @throws UnavailableError 'cannot-read-file' */
  readonly secret?: ((name: string) => Promise<string | undefined>) | undefined;
  /** tells this machine from all others, also after a restart */
  readonly routerId?: string | undefined;
}

interface SettingsByKind {
  readonly osc: OscBridge;
  readonly sacn: SacnBridge;
  readonly artnet: ArtnetBridge;
  readonly midi: MidiBridge;
  readonly ltc: LtcBridge;
  readonly 'dmx-usb': DmxUsbBridge;
  readonly mqtt: MqttBridge;
  readonly socketio: SocketioBridge;
  readonly websocket: WebSocketBridge;
  readonly hid: HidBridge;
  readonly serial: SerialBridge;
  readonly http: HttpBridge;
}

type Catalogue = {
  readonly [Kind in keyof SettingsByKind]: {
    /** Loads the bridge and its libraries, once a show uses it. */
    readonly load: () => Promise<new (settings: SettingsByKind[Kind], needs: BridgeNeeds) => Bridge>;
  };
};

/** Every kind of bridge there is. A new one is a line here, a schema in contract/show.ts and a folder beside this file. */
export const catalogue: Catalogue = {
  osc: { load: async () => (await import('./osc/osc-bridge.ts')).OscBridge },
  sacn: { load: async () => (await import('./sacn/sacn-bridge.ts')).SacnBridge },
  artnet: { load: async () => (await import('./artnet/artnet-bridge.ts')).ArtnetBridge },
  midi: { load: async () => (await import('./midi/midi-bridge.ts')).MidiBridge },
  ltc: { load: async () => (await import('./ltc/ltc-bridge.ts')).LtcBridge },
  'dmx-usb': { load: async () => (await import('./dmx-usb/dmx-usb-bridge.ts')).DmxUsbBridge },
  mqtt: { load: async () => (await import('./mqtt/mqtt-bridge.ts')).MqttBridge },
  socketio: { load: async () => (await import('./socketio/socketio-bridge.ts')).SocketioBridge },
  websocket: { load: async () => (await import('./websocket/websocket-bridge.ts')).WebSocketBridge },
  hid: { load: async () => (await import('./hid/hid-bridge.ts')).HidBridge },
  serial: { load: async () => (await import('./serial/serial-bridge.ts')).SerialBridge },
  http: { load: async () => (await import('./http/http-bridge.ts')).HttpBridge },
};

/** Makes the bridge that a show describes; it is not started yet. */
export async function createBridge(
  settings: SettingsByKind[keyof SettingsByKind],
  needs: BridgeNeeds,
): Promise<Bridge> {
  switch (settings.kind) {
    case 'osc':
      return new (await catalogue.osc.load())(settings, needs);
    case 'sacn':
      return new (await catalogue.sacn.load())(settings, needs);
    case 'artnet':
      return new (await catalogue.artnet.load())(settings, needs);
    case 'midi':
      return new (await catalogue.midi.load())(settings, needs);
    case 'ltc':
      return new (await catalogue.ltc.load())(settings, needs);
    case 'dmx-usb':
      return new (await catalogue['dmx-usb'].load())(settings, needs);
    case 'mqtt':
      return new (await catalogue.mqtt.load())(settings, needs);
    case 'socketio':
      return new (await catalogue.socketio.load())(settings, needs);
    case 'websocket':
      return new (await catalogue.websocket.load())(settings, needs);
    case 'hid':
      return new (await catalogue.hid.load())(settings, needs);
    case 'serial':
      return new (await catalogue.serial.load())(settings, needs);
    case 'http':
      return new (await catalogue.http.load())(settings, needs);
    default:
      return settings satisfies never;
  }
}
