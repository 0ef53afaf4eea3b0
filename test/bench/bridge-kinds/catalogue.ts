import { artnet } from './artnet.ts';
import { clasp } from './clasp.ts';
import { dmxUsb, dmxUsbIn } from './dmx-usb.ts';
import { hid } from './hid.ts';
import { httpPoll } from './http-poll.ts';
import { httpWebhook } from './http-webhook.ts';
import { ltcChase, ltcLocate } from './ltc.ts';
import { midi } from './midi.ts';
import { mqtt } from './mqtt.ts';
import { osc } from './osc.ts';
import type { OverheadKind } from './overhead-kind.ts';
import { sacn } from './sacn.ts';
import { serial } from './serial.ts';
import { socketio } from './socketio.ts';
import { websocket } from './websocket.ts';

/** In the order of the report: every kind of bridge that a show can have. */
export const bridgeKinds: readonly OverheadKind[] = [
  osc,
  midi,
  ltcChase,
  ltcLocate,
  sacn,
  artnet,
  dmxUsb,
  dmxUsbIn,
  mqtt,
  httpPoll,
  httpWebhook,
  websocket,
  socketio,
  serial,
  hid,
  clasp,
];
