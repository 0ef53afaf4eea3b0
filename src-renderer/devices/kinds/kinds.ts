import { bridgeForm } from '../../../src-main/contract/bridges/bridge-form.ts';
import type { Bridge, BridgeKind } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import { artnet } from './artnet.ts';
import { clasp } from './clasp.ts';
import { dmxUsb } from './dmx-usb.ts';
import { hid } from './hid.ts';
import { http } from './http.ts';
import type { KindRecord, SettingsOf } from './kind-record.ts';
import { ltc } from './ltc.ts';
import { midi } from './midi.ts';
import { mqtt } from './mqtt.ts';
import { osc } from './osc.ts';
import { sacn } from './sacn.ts';
import { serial } from './serial.ts';
import { socketio } from './socketio.ts';
import { websocket } from './websocket.ts';

/** A new kind of bridge is a file beside this one and a line here. Without one it gets its words from its schema. */
const records: { readonly [K in BridgeKind]?: KindRecord<SettingsOf<K>> } = {
  osc,
  sacn,
  artnet,
  'dmx-usb': dmxUsb,
  midi,
  ltc,
  mqtt,
  http,
  websocket,
  socketio,
  serial,
  hid,
  clasp,
};

export function kindRecord(kind: BridgeKind): KindRecord<Bridge['settings']> {
  const record: object | undefined = records[kind];
  return (record as KindRecord<Bridge['settings']> | undefined) ?? plainRecord(kind);
}

/** As operators call it: `sACN`. */
export function kindWord(kind: BridgeKind): string {
  return kindRecord(kind).word;
}

/** What a bridge does, in one plain sentence or two. */
export function describeBridge({ kind, settings }: Bridge): string {
  const about = bridgeForm(kind).about ?? `What is set under ${isolated(settings.prefix)} goes to the device.`;
  return kindRecord(kind).sentence?.(settings) ?? about;
}

/** Where it listens or sends, before it says so itself. */
export function plannedUrl({ kind, settings }: Bridge): string {
  return kindRecord(kind).url?.(settings) ?? settings.prefix;
}

function plainRecord(kind: BridgeKind): KindRecord<Bridge['settings']> {
  return { word: bridgeForm(kind).title ?? kind, fresh: (free) => ({ prefix: free.prefix(`/${kind}`) }) };
}
