import { describe, expect, it } from 'vitest';
import {
  findPath,
  findUsb,
  tryUsbName,
  type PortInfo,
  type UsbIdentity,
} from '../../../src-main/platform/serial/port-identity.ts';

const ftdi = (path: string, serialNumber?: string): PortInfo => ({
  path,
  vendorId: '0403',
  productId: '6001',
  serialNumber,
});
const builtIn: PortInfo = { path: '/dev/ttyS0' };
const seen: UsbIdentity = { vendorId: '0403', productId: '6001', serialNumber: 'A1' };
const nameless: UsbIdentity = { ...seen, serialNumber: undefined };

describe('a box that is plugged in again', () => {
  it.each<[string, UsbIdentity | undefined, PortInfo[], string]>([
    ['was never seen', undefined, [ftdi('/dev/ttyUSB1', 'A1')], '/dev/ttyUSB0'],
    ['is where it was', seen, [builtIn, ftdi('/dev/ttyUSB0', 'A1')], '/dev/ttyUSB0'],
    ['came back elsewhere', seen, [ftdi('/dev/ttyUSB1', 'A1')], '/dev/ttyUSB1'],
    [
      'came back elsewhere, and another is in its place',
      seen,
      [ftdi('/dev/ttyUSB0', 'B2'), ftdi('/dev/ttyUSB1', 'A1')],
      '/dev/ttyUSB1',
    ],
    ['is gone, and a spare is in its place', seen, [ftdi('/dev/ttyUSB0', 'B2')], '/dev/ttyUSB0'],
    ['is gone', seen, [builtIn, ftdi('/dev/ttyUSB1', 'B2')], '/dev/ttyUSB0'],
    ['has no serial number and is the only one of its kind', nameless, [ftdi('/dev/ttyUSB1')], '/dev/ttyUSB1'],
    ['has no serial number, and two are alike', nameless, [ftdi('/dev/ttyUSB1'), ftdi('/dev/ttyUSB2')], '/dev/ttyUSB0'],
  ])('[TP68] is found where it is: it %s', (_, identity, ports, path) => {
    expect(findPath('/dev/ttyUSB0', identity, ports)).toEqual({ path });
  });

  it('[TP68] is found by its USB name, with or without a serial number, in any case', () => {
    const ports = [
      builtIn,
      { path: '/dev/ttyACM0', vendorId: '2E8A', productId: '000a', serialNumber: 'X' },
      ftdi('/dev/ttyUSB3', 'A1'),
    ];
    for (const [name, path] of [
      ['usb=0403:6001', '/dev/ttyUSB3'],
      ['usb=0403:6001:A1', '/dev/ttyUSB3'],
      ['usb=2e8A:000A', '/dev/ttyACM0'],
    ] as const)
      expect(findUsb(tryUsbName(name) ?? seen, ports)).toEqual({ path });
  });

  it('[TP68] says why it is not found by its name', () => {
    expect(findUsb(seen, [ftdi('/dev/ttyUSB0', 'B2')])).toEqual({
      trouble: 'No USB device 0403:6001:A1 is plugged in.',
    });
    expect(findUsb(nameless, [ftdi('/dev/ttyUSB0', 'A1'), ftdi('/dev/ttyUSB1', 'B2')])).toEqual({
      trouble: '/dev/ttyUSB0 and /dev/ttyUSB1 are both 0403:6001: name one by its serial number, or by its path.',
    });
    for (const text of ['/dev/ttyUSB0', 'usb=403:6001', 'usb=0403', 'usb=0403:6001:'])
      expect(tryUsbName(text)).toBe(undefined);
  });
});
