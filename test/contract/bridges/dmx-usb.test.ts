import { describe, expect, it } from 'vitest';
import { dmxUsbBridgeSchema } from '../../../src-main/contract/bridges/dmx-usb.ts';

const bridge = (settings: object) =>
  dmxUsbBridgeSchema.safeParse({ id: 'd', number: 1, name: 'Dimmers', kind: 'dmx-usb', settings });

describe('the settings of a DMX USB bridge', () => {
  it('[DU21] need nothing but the port', () => {
    expect(bridge({ port: 'usb=0403:6001:EN1' }).data?.settings).toEqual({
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
    });
  });

  it.each([
    [{ driver: 'open-dmx', direction: 'in' }, 'Open DMX only sends: choose Send DMX, or a USB Pro.'],
    [{ universe: 7, secondUniverse: 7 }, 'The second output has a universe of its own.'],
    [{ driver: 'open-dmx', secondUniverse: 2 }, 'Only a USB Pro that sends has a second output.'],
    [{ direction: 'in', secondUniverse: 2 }, 'Only a USB Pro that sends has a second output.'],
  ])('[DU21] that cannot be are refused with a repair: %j', (settings, message) => {
    expect(bridge({ port: 'COM3', ...settings }).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it.each([
    { rate: 0 },
    { rate: 45 },
    { rate: 30.5 },
    { universe: 0 },
    { slots: 23 },
    { breakMicros: 91 },
    { port: '' },
    { port: 'usb=403:6001' },
  ])('[DU21] out of range are refused: %j', (settings) => {
    expect(bridge({ port: 'COM3', ...settings }).success).toBe(false);
  });
});
