import { describe, expect, it } from 'vitest';
import { listPorts, serialPorts } from '../../src-main/bridges/port-lists.ts';

describe('ports to choose from', () => {
  it('[BF11] a serial port with a serial number goes by it, any other by its path', () => {
    const usb = { vendorId: '0403', productId: '6001' };
    expect(
      serialPorts([
        { path: '/dev/ttyUSB0', ...usb, serialNumber: 'EN12' },
        { path: '/dev/ttyUSB1', ...usb },
        { path: '/dev/ttyS0' },
      ]),
    ).toEqual([
      { value: 'usb=0403:6001:EN12', label: '/dev/ttyUSB0, USB 0403:6001:EN12' },
      { value: '/dev/ttyUSB1', label: '/dev/ttyUSB1, USB 0403:6001' },
      { value: '/dev/ttyS0', label: '/dev/ttyS0' },
    ]);
  });

  it('[BF11] a machine that cannot tell offers nothing, and a list that fails fails nobody', async () => {
    expect(await listPorts('hid-device', {})).toEqual([]);
    expect(await listPorts('midi-input', { 'midi-input': () => Promise.reject(new Error('no ALSA')) })).toEqual([]);
    expect(Array.isArray(await listPorts('serial-port'))).toBe(true);
  });
});
