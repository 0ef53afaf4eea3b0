import { artnet } from './artnet.ts';
import { clasp } from './clasp.ts';
import { dmxUsb } from './dmx-usb.ts';
import { httpPoll } from './http-poll.ts';
import { httpWebhook } from './http-webhook.ts';
import { mqtt } from './mqtt.ts';
import { osc } from './osc.ts';
import type { OverheadKind } from './overhead-kind.ts';
import { sacn } from './sacn.ts';
import { serial } from './serial.ts';
import { socketio } from './socketio.ts';
import { websocket } from './websocket.ts';

/** In the order of the report. MIDI, LTC and HID are left out: a machine of the bench has no such device, nor one that stands in for
 *  it. */
export const bridgeKinds: readonly OverheadKind[] = [
  osc,
  sacn,
  artnet,
  dmxUsb,
  serial,
  mqtt,
  websocket,
  socketio,
  httpPoll,
  httpWebhook,
  clasp,
];
