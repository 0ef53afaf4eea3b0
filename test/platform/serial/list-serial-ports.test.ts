import { afterEach, describe, expect, it, vi } from 'vitest';
import { listSerialPorts } from '../../../src-main/platform/serial/list-serial-ports.ts';
import { portIdentity } from '../../../src-main/platform/serial/port-words.ts';
import type { PortInfo } from '../../../src-main/ports/serial-ports.ts';
import { skipUnless } from '../../skip-unless.ts';

const list = (ports: readonly PortInfo[]) => listSerialPorts({ list: () => Promise.resolve(ports) });

describe('the list of serial ports', () => {
  it('[DU35] says of each where it is, what it is, and what a bridge finds it by', async () => {
    const ports = await list([
      { path: '/dev/ttyS4' },
      { path: '/dev/ttyUSB10', vendorId: '0403', productId: '6001' },
      {
        path: '/dev/ttyUSB2',
        vendorId: '0403',
        productId: '6001',
        serialNumber: 'EN123456',
        manufacturer: 'ENTTEC',
        pnpId: 'usb-ENTTEC_DMX_USB_PRO_EN123456-if00-port0',
      },
      { path: '/dev/ttyS0', pnpId: '00:04' },
    ]);
    expect(ports.map(({ path, device, words }) => [path, device, words])).toEqual([
      ['/dev/ttyS0', '/dev/ttyS0', ''],
      ['/dev/ttyUSB2', 'usb=0403:6001:EN123456', 'ENTTEC DMX USB PRO'],
      ['/dev/ttyUSB10', '/dev/ttyUSB10', ''],
    ]);
    expect(ports[1]).toMatchObject({ vendorId: '0403', productId: '6001', serialNumber: 'EN123456', usedBy: null });
    expect(ports[2]).toMatchObject({ vendorId: '0403', serialNumber: null });
  });

  it.each([
    [{ manufacturer: 'FTDI', friendlyName: 'USB Serial Port (COM3)' }, 'FTDI USB Serial Port (COM3)'],
    [
      { manufacturer: 'DMXking.com', pnpId: 'usb-DMXking.com_ultraDMX_Micro_6AYP-if00', serialNumber: '6AYP' },
      'DMXking.com ultraDMX Micro',
    ],
    [{ manufacturer: 'Arduino\u001b[2J  (www)' }, 'Arduino[2J (www)'],
    [{}, ''],
  ])('[DU35] reads the names that systems give: %j', async (names, words) => {
    expect((await list([{ path: 'COM3', ...names }]))[0]?.words).toBe(words);
  });

  it('[DU43] has the same words for who has the port open, and none for a port that is built in', () => {
    const pnpId = 'usb-Arduino_Uno_A1-if00';
    const info = { path: 'COM3', vendorId: '2341', productId: '0043', serialNumber: 'A1', pnpId };
    expect(portIdentity(info)).toEqual({ model: 'Arduino Uno', serialNumber: 'A1' });
    expect(portIdentity({ ...info, serialNumber: '', pnpId: '' })).toEqual({});
    expect(portIdentity({ path: '/dev/ttyS0', pnpId: '00:04' })).toEqual({});
  });

  it('[DU42] is refused where the system cannot tell, since nothing plugged in is something else', async () => {
    const failing = { list: () => Promise.reject(new Error('spawn udevadm ENOENT')) };
    await expect(listSerialPorts(failing)).rejects.toMatchObject({
      code: 'cannot-open-port',
      message: 'This machine does not tell which serial ports it has: spawn udevadm ENOENT.',
    });
  });
});

describe('the list of serial ports of a Linux machine without udev', () => {
  skipUnless(process.platform === 'linux', 'only there it is the work of another program');
  afterEach(() => vi.unstubAllEnvs());

  it('[DU42] fails, with what is missing', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(listSerialPorts()).rejects.toMatchObject({ message: expect.stringContaining('udevadm') as string });
  });
});
