import { oscBridgeSchema } from '../../src-main/contract/bridges/osc.ts';
import { artnetBridgeSchema } from '../../src-main/contract/bridges/artnet.ts';
import { hidBridgeSchema, type HidBridge } from '../../src-main/contract/bridges/hid.ts';
import { httpBridgeSchema } from '../../src-main/contract/bridges/http.ts';
import { ltcBridgeSchema, type LtcBridge } from '../../src-main/contract/bridges/ltc.ts';
import { midiBridgeSchema, type MidiBridge } from '../../src-main/contract/bridges/midi.ts';
import { mqttBridgeSchema } from '../../src-main/contract/bridges/mqtt.ts';
import { sacnBridgeSchema } from '../../src-main/contract/bridges/sacn.ts';
import { serialBridgeSchema } from '../../src-main/contract/bridges/serial.ts';
import { socketioBridgeSchema } from '../../src-main/contract/bridges/socketio.ts';
import { websocketBridgeSchema } from '../../src-main/contract/bridges/websocket.ts';
import type {
  ArtnetBridge,
  DmxUsbBridge,
  HttpBridge,
  MqttBridge,
  OscBridge,
  SacnBridge,
  SerialBridge,
  SocketioBridge,
  WebSocketBridge,
} from '../../src-main/contract/show.ts';

const oscDefaults = oscBridgeSchema.shape.settings.parse({});

/** An OSC bridge on loopback, on a free port, as a show describes it. */
export function oscSettings(some: Partial<OscBridge['settings']> = {}): OscBridge {
  return {
    id: 'osc1',
    number: 1,
    name: 'Desk',
    enabled: true,
    onReturn: 'resend',
    kind: 'osc',
    settings: {
      ...oscDefaults,
      listenHost: '127.0.0.1',
      listenPort: 0,
      targets: [{ host: '127.0.0.1', port: 9 }],
      ...some,
    },
  };
}

/** An sACN output of the universes 1-4 on loopback, as a show describes it; it does not watch who else sends. */
export function sacnSettings(some: Partial<SacnBridge['settings']> = {}): SacnBridge {
  const universes = [{ first: 1, last: 4, priority: 100 }];
  const given = { universes, networkCard: 'lo', cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab', watch: false };
  const bridge = sacnBridgeSchema.parse({ id: 'sacn1', number: 2, name: 'Stage', kind: 'sacn', settings: given });
  return { ...bridge, settings: { ...bridge.settings, ...some } };
}

/** A DMX USB Pro that sends universe 1, known by its serial number, as a show describes it. */
export function dmxUsbSettings(some: Partial<DmxUsbBridge['settings']> = {}): DmxUsbBridge {
  return {
    id: 'dmx1',
    number: 3,
    name: 'Dimmers',
    enabled: true,
    onReturn: 'resend',
    kind: 'dmx-usb',
    settings: {
      port: 'usb=0403:6001:EN1',
      driver: 'enttec-pro',
      direction: 'out',
      universe: 1,
      secondUniverse: null,
      prefix: '/dmx',
      rate: 40,
      floats: 'unit',
      slots: 512,
      breakMicros: null,
      markMicros: null,
      breakBy: 'auto',
      receive: 'all',
      publish: 'slots',
      ...some,
    },
  };
}

/** An Art-Net bridge of the port addresses 0-3 to 127.0.0.1, as a show describes it. */
export function artnetSettings(some: Partial<ArtnetBridge['settings']> = {}): ArtnetBridge {
  const settings = { universes: [{ first: 0, last: 3 }], send: 'hosts', hosts: ['127.0.0.1'], ...some };
  return artnetBridgeSchema.parse({ kind: 'artnet', id: 'artnet1', number: 3, name: 'Dimmers', settings });
}

/** A MIDI bridge to the device Keys, as a show describes it. */
export function midiSettings(some: Partial<MidiBridge['settings']> = {}): MidiBridge {
  const settings = { input: 'Keys MIDI 1', output: 'Keys MIDI 1', device: 'keys', ...some };
  return midiBridgeSchema.parse({ id: 'midi1', number: 3, name: 'Keys', kind: 'midi', settings });
}

/** A bridge that reads and sends timecode as sound, as a show describes it. */
export function ltcSettings(some: Partial<LtcBridge['settings']> = {}): LtcBridge {
  const settings = { direction: 'both', device: 'deck', ...some };
  return ltcBridgeSchema.parse({ id: 'ltc1', number: 4, name: 'Deck', kind: 'ltc', settings });
}

/** A client of an MQTT broker, as a show describes it. */
export function mqttSettings(some: Record<string, unknown> = {}): MqttBridge {
  return mqttBridgeSchema.parse({
    ...{ id: 'mqtt1', number: 3, name: 'Broker', kind: 'mqtt' },
    settings: { url: 'mqtt://127.0.0.1:1', prefix: '/mqtt', ...some },
  });
}

/** A client of a Socket.IO server, as a show describes it. */
export function socketioSettings(some: Record<string, unknown> = {}): SocketioBridge {
  return socketioBridgeSchema.parse({
    ...{ id: 'socketio1', number: 3, name: 'Web app', kind: 'socketio' },
    settings: { url: 'http://127.0.0.1:1', prefix: '/socketio', ...some },
  });
}

/** A client of a WebSocket server, as a show describes it. */
export function websocketSettings(some: Record<string, unknown> = {}): WebSocketBridge {
  return websocketBridgeSchema.parse({
    ...{ id: 'ws1', number: 4, name: 'Server', kind: 'websocket' },
    settings: { url: 'ws://127.0.0.1:1', prefix: '/ws', ...some },
  });
}

/** A bridge to a ShuttleXpress, as a show describes it. */
export function hidSettings(some: Partial<HidBridge['settings']> = {}): HidBridge {
  const settings = { device: 'hid=0b33:0020', ...some };
  return hidBridgeSchema.parse({ id: 'hid1', number: 5, name: 'Shuttle', kind: 'hid', settings });
}

/** A device that speaks in lines at a serial port, known by its serial number, as a show describes it. */
export function serialSettings(some: Record<string, unknown> = {}): SerialBridge {
  return serialBridgeSchema.parse({
    ...{ id: 'serial1', number: 3, name: 'Board', kind: 'serial' },
    settings: { port: 'usb=0403:6001:EN1', prefix: '/board', ...some },
  });
}

/** A client of web servers. */
export function httpSettings(some: Record<string, unknown> = {}): HttpBridge {
  return httpBridgeSchema.parse({
    ...{ id: 'http1', number: 3, name: 'Web', kind: 'http' },
    settings: { prefix: '/http', ...some },
  });
}
