import { describe, expect, it } from 'vitest';
import {
  encodeDmx,
  encodeMessage,
  parametersData,
  proLabel,
  type ProMessage,
} from '../../../src-main/bridges/dmx-usb/pro-messages.ts';
import { ProSplitter } from '../../../src-main/bridges/dmx-usb/pro-splitter.ts';
import { micros } from '../../../src-main/contract/units.ts';
import captured from '../../fixtures/captures/dmx-usb.json' with { type: 'json' };

type Name = keyof typeof captured;

function read(name: Name): ProMessage[] {
  const messages: ProMessage[] = [];
  const onSkipped = (bytes: number): never => expect.fail(`${bytes} bytes of no message`);
  const splitter = new ProSplitter({
    onMessage: ({ label, data }) => messages.push({ label, data: Uint8Array.from(data) }),
    onSkipped,
  });
  splitter.read(Buffer.from(captured[name], 'hex'), micros(0));
  expect(splitter.waitingBytes).toBe(0);
  return messages;
}

const widget = { firmware: '1.44', breakMicros: 96, markMicros: 10.67 };
const timesOf = (breakUnits: number, markUnits: number, rateHz: number): Uint8Array =>
  parametersData({ ...widget, rateHz }, { breakMicros: breakUnits * 10.67, markMicros: markUnits * 10.67 });
const ramp = Uint8Array.from({ length: 512 }, (_, i) => i % 256);

/** What each program was told, and what it means for the widget. */
const told: readonly (readonly [Name, number, Uint8Array])[] = [
  ['ola-manufacturer', proLabel.manufacturer, new Uint8Array(0)],
  ['ola-device', proLabel.deviceName, new Uint8Array(0)],
  ['ola-serial', proLabel.serialNumber, new Uint8Array(0)],
  ['ola-parameters', proLabel.parameters, Uint8Array.of(0, 0)],
  ['ola-set-parameters', proLabel.setParameters, timesOf(20, 5, 30)],
  ['enttecpro-set-parameters', proLabel.setParameters, timesOf(17, 3, 25)],
];

describe('what other programs send a USB Pro', () => {
  it.each(told)('[DU44] is read as what was meant, and written with the same bytes: %s', (name, label, data) => {
    expect(read(name)).toEqual([{ label, data }]);
    expect(encodeMessage(label, data).toString('hex')).toBe(captured[name]);
  });

  it.each<[Name, Uint8Array]>([
    ['ola-frame', ramp],
    ['ola-short-frame', Uint8Array.of(10, 20, 30)],
    ['enttecpro-frame', Uint8Array.from({ length: 24 }, (_, i) => (i === 0 ? 255 : i === 23 ? 7 : 0))],
  ])('[DU44] are frames with the levels that were set, and written with the same bytes: %s', (name, levels) => {
    expect(read(name)).toEqual([{ label: proLabel.sendDmx, data: Uint8Array.of(0, ...levels) }]);
    expect(encodeDmx(proLabel.sendDmx, levels).toString('hex')).toBe(captured[name]);
  });

  it('[DU44] is read message by message from all that olad says, without a byte over', () => {
    const [manufacturer, device, serial] = read('ola-start').map(({ label }) => label);
    expect([manufacturer, device, serial]).toEqual([proLabel.manufacturer, proLabel.deviceName, proLabel.serialNumber]);
    expect(read('ola-start').at(-1)).toEqual({ label: proLabel.sendDmx, data: Uint8Array.of(0, ...ramp) });
  });
});
