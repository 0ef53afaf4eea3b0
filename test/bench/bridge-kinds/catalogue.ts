import { artnet } from './artnet.ts';
import { dmxUsb } from './dmx-usb.ts';
import { mqtt } from './mqtt.ts';
import { osc } from './osc.ts';
import type { OverheadKind } from './overhead-kind.ts';
import { sacn } from './sacn.ts';

/** In the order of the report. */
export const bridgeKinds: readonly OverheadKind[] = [osc, sacn, artnet, dmxUsb, mqtt];
