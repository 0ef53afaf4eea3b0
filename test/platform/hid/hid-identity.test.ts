import { describe, expect, it } from 'vitest';
import {
  findHid,
  hidNameOf,
  hidWords,
  partOf,
  tryHidName,
  type HidIdentity,
} from '../../../src-main/platform/hid/hid-identity.ts';
import { listHidDevices } from '../../../src-main/platform/hid/list-hid-devices.ts';
import { hidDevices } from '../../../src-main/bridges/port-lists.ts';
import type { HidInfo } from '../../../src-main/ports/hid-ports.ts';
import { FakeHidPorts, hidInfo } from '../../bridges/hid/fake-hid.ts';

describe('who a HID device is', () => {
  it('[HI15] reads names with a serial number or a socket, and nothing else', () => {
    expect(tryHidName('hid=0B33:0020')).toEqual({ vendorId: 0x0b33, productId: 0x20 });
    expect(tryHidName('hid=0fd9:0080:CL:12@3')).toMatchObject({ serialNumber: 'CL:12@3' });
    expect(tryHidName('hid=0fd9:0080@usb-0000:00:14.0-1')).toMatchObject({ place: 'usb-0000:00:14.0-1' });
    for (const wrong of ['', '/dev/hidraw0', 'hid=b33:20', 'usb=0b33:0020', 'hid=0b33:0020x'])
      expect(tryHidName(wrong)).toBeUndefined();
  });

  it('[HI15] finds a device by its serial number at whatever path it is, and not another one', () => {
    const infos = [hidInfo({ path: 'b', serialNumber: 'S2' }), hidInfo({ path: 'a', serialNumber: 'S1' })];
    expect(pathOf(find('hid=0b33:0020:S1', infos))).toBe('a');
    expect(find('hid=0b33:0020:S3', infos)).toEqual({
      trouble: 'The device 0b33:0020 with number S3 (another one of its kind is there) is not plugged in.',
    });
    expect(find('hid=0b33:0030', infos)).toEqual({ trouble: 'The device 0b33:0030 is not plugged in.' });
  });

  it('[HI15] tells two equal devices apart by their sockets, and takes neither where it is not said which', () => {
    const infos = [hidInfo({ path: 'a', place: 'usb-1' }), hidInfo({ path: 'b', place: 'usb-2' })];
    const names = infos.map((info) => hidNameOf(info, infos));
    expect(names).toEqual(['hid=0b33:0020@usb-1', 'hid=0b33:0020@usb-2']);
    expect(names.map((name) => pathOf(find(name, infos)))).toEqual(['a', 'b']);
    expect(find('hid=0b33:0020', infos)).toEqual({
      trouble: '2 devices 0b33:0020 are plugged in: choose one of them by its serial number or socket.',
    });
    const [one] = infos;
    if (one) expect(hidNameOf(one, [one])).toBe('hid=0b33:0020');
    const same = infos.map((info) => ({ ...info, serialNumber: '0000' }));
    expect(same.map((info) => hidNameOf(info, same))).toEqual(names);
  });

  it('[HI15] takes of a device that is several in one the part that is most of a control, or the one that is named', () => {
    const infos = [
      hidInfo({ path: 'k', usagePage: 1, usage: 6, interface: 0 }),
      hidInfo({ path: 'v', usagePage: 0xff00, usage: 1, interface: 1 }),
      hidInfo({ path: 'g', usagePage: 1, usage: 5, interface: 2 }),
      // One file of Linux may stand for several collections.
      hidInfo({ path: 'g', usagePage: 0x0c, usage: 1, interface: 2 }),
    ];
    expect(pathOf(find('hid=0b33:0020', infos))).toBe('g');
    expect(pathOf(find('hid=0b33:0020', infos, '1/6'))).toBe('k');
    expect(find('hid=0b33:0020', infos, '1/2')).toEqual({
      trouble: 'The device 0b33:0020 has no part 1/2, only 1/6, ff00/1, 1/5, c/1.',
    });
  });

  it('[HI21] lists each device once, by what a bridge finds it by, with its parts, for the form and the command line', async () => {
    const ports = new FakeHidPorts();
    ports.infos = [
      hidInfo({ path: 'k', usagePage: 1, usage: 6 }),
      hidInfo({ path: 'g', usagePage: 1, usage: 5, interface: 1 }),
      hidInfo({
        path: 's',
        serialNumber: 'S1',
        manufacturer: 'Elgato',
        product: 'Elgato  Stream\u0000 Deck',
        vendorId: 0x0fd9,
      }),
    ];
    const { devices, problem } = await listHidDevices(ports);
    expect(problem).toBeNull();
    expect(devices.map(({ device, words, part, parts, path }) => [device, words, part, parts, path])).toEqual([
      ['hid=0b33:0020', 'Contour Design ShuttleXpress', '1/5', ['1/6', '1/5'], 'g'],
      ['hid=0fd9:0020:S1', 'Elgato Stream Deck', 'c/1', ['c/1'], 's'],
    ]);
    expect(hidDevices(devices)[1]).toEqual({
      value: 'hid=0fd9:0020:S1',
      label: 'Elgato Stream Deck, hid=0fd9:0020:S1',
    });
    ports.fault = 'No HID here.';
    expect(await listHidDevices(ports)).toEqual({ devices: [], problem: 'No HID here.' });
    expect(hidWords(hidInfo({ manufacturer: '', product: '' }))).toBe('');
    expect(partOf(hidInfo({ usagePage: 0xff00, usage: 10 }))).toBe('ff00/a');
  });
});

function find(device: string, infos: readonly HidInfo[], part = '') {
  return findHid(tryHidName(device) as HidIdentity, part, infos);
}

function pathOf(found: ReturnType<typeof findHid>): string | undefined {
  return 'info' in found ? found.info.path : found.trouble;
}
