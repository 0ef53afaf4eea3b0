import { z } from '../zod.ts';
import { artnetBridgeSchema } from './artnet.ts';
import { claspBridgeSchema } from './clasp.ts';
import { dmxUsbBridgeSchema } from './dmx-usb.ts';
import { hidBridgeSchema } from './hid.ts';
import { httpBridgeSchema } from './http.ts';
import { ltcBridgeSchema } from './ltc.ts';
import { midiBridgeSchema } from './midi.ts';
import { mqttBridgeSchema } from './mqtt.ts';
import { oscBridgeSchema } from './osc.ts';
import { sacnBridgeSchema } from './sacn.ts';
import { serialBridgeSchema } from './serial.ts';
import { socketioBridgeSchema } from './socketio.ts';
import { websocketBridgeSchema } from './websocket.ts';

/** Every kind of bridge a show can hold: a new one is a file beside this one and a line here. */
export const bridgeSchema = z.discriminatedUnion('kind', [
  oscBridgeSchema,
  sacnBridgeSchema,
  artnetBridgeSchema,
  dmxUsbBridgeSchema,
  midiBridgeSchema,
  ltcBridgeSchema,
  mqttBridgeSchema,
  httpBridgeSchema,
  websocketBridgeSchema,
  socketioBridgeSchema,
  serialBridgeSchema,
  hidBridgeSchema,
  claspBridgeSchema,
]);
export type Bridge = z.infer<typeof bridgeSchema>;
export type BridgeKind = Bridge['kind'];

/** Those that send whole frames of levels, all the time. */
export const dmxKinds: ReadonlySet<BridgeKind> = new Set(['sacn', 'artnet', 'dmx-usb']);

export type { ArtnetBridge } from './artnet.ts';
export type { ClaspBridge } from './clasp.ts';
export type { DmxUsbBridge } from './dmx-usb.ts';
export type { HidBridge } from './hid.ts';
export type { HttpBridge } from './http.ts';
export type { LtcBridge } from './ltc.ts';
export type { MidiBridge } from './midi.ts';
export type { MqttBridge } from './mqtt.ts';
export type { OscBridge } from './osc.ts';
export type { SacnBridge } from './sacn.ts';
export type { SocketioBridge } from './socketio.ts';
export type { WebSocketBridge } from './websocket.ts';
export type { SerialBridge } from './serial.ts';
