import type { LanePlan } from './lane.ts';
import { planArtnet } from './lanes/artnet.ts';
import { planClaspLink } from './lanes/clasp.ts';
import { planDmxUsb } from './lanes/dmx-usb.ts';
import { planHid } from './lanes/hid.ts';
import { planHttp } from './lanes/http.ts';
import { planLtc } from './lanes/ltc.ts';
import { planMidi } from './lanes/midi.ts';
import { planMqttBridge, planMqttDoor } from './lanes/mqtt.ts';
import { planOscTcp } from './lanes/osc-tcp.ts';
import { planOscUdp } from './lanes/osc-udp.ts';
import { planSacnIn, planSacnOut } from './lanes/sacn.ts';
import { planSerial } from './lanes/serial.ts';
import { planSocketio } from './lanes/socketio.ts';
import { planWebDoor } from './lanes/web-door.ts';
import { planWebSocket } from './lanes/websocket.ts';

/** Every kind of bridge, and the ways in for foreign clients. */
export const planAll: readonly (() => Promise<LanePlan>)[] = [
  planOscUdp,
  planOscTcp,
  planSacnOut,
  planSacnIn,
  planArtnet,
  planDmxUsb,
  planLtc,
  planMidi,
  planMqttBridge,
  planMqttDoor,
  planHttp,
  planWebSocket,
  planSocketio,
  planWebDoor,
  planSerial,
  planHid,
  planClaspLink,
];
