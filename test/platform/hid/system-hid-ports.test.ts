import { EventEmitter } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHidAccess } from '../../../src-main/platform/hid/hid-access.ts';
import { createHidWatch, lookEvery } from '../../../src-main/platform/hid/hid-watch.ts';
import { describe as describeReports, placeOf } from '../../../src-main/platform/hid/linux-hidraw.ts';
import { hidLoadFault, hidOpenFault } from '../../../src-main/platform/hid/open-fault.ts';
import { systemHidPorts, type HidLibrary } from '../../../src-main/platform/hid/system-hid-ports.ts';
import { builtInLayouts, FakeHidPorts, hidInfo } from '../../bridges/hid/fake-hid.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

class FakeDevice extends EventEmitter {
  readonly calls: string[] = [];
  closes = 0;
  write(bytes: Buffer): Promise<number> {
    this.calls.push(`write ${bytes.toString('hex')}`);
    return Promise.resolve(bytes.length);
  }
  sendFeatureReport(bytes: Buffer): Promise<number> {
    this.calls.push(`feature ${bytes.toString('hex')}`);
    return Promise.resolve(bytes.length);
  }
  close(): Promise<void> {
    this.closes++;
    return Promise.resolve();
  }
}

describe('the HID devices of a machine', () => {
  it('[HI24] are asked of node-hid on this machine, which has what the library needs', async () => {
    const ports = systemHidPorts();
    expect(Array.isArray(await ports.list())).toBe(true);
    await expect(ports.open('/dev/hidraw-none', { onReport: never, onLost: never })).rejects.toMatchObject({
      code: 'cannot-open-port',
    });
    const access = createHidAccess(new SimulatedClock(), { builtIn: builtInLayouts, own: undefined });
    expect((await access.layouts()).layouts.length).toBeGreaterThan(10);
  });

  it('[HI24] are told with their sockets, open for others too, and lose nothing of what the library says', async () => {
    const device = new FakeDevice();
    const opened: unknown[] = [];
    const folder = await hidraw('HID_ID=0003:0B33\nHID_PHYS=usb-0000:00:14.0-2/input0\nHID_UNIQ=\n');
    const library: HidLibrary = {
      devicesAsync: () =>
        Promise.resolve([{ vendorId: 0x0b33, productId: 0x20, path: '/dev/hidraw3', release: 1, interface: 0 }]),
      HIDAsync: {
        open: (path, options) => {
          opened.push(path, options);
          return Promise.resolve(device);
        },
      },
    };
    const ports = systemHidPorts({ platform: 'linux', load: () => Promise.resolve(library), folder });
    expect(await ports.list()).toEqual([
      hidInfo({
        ...{ path: '/dev/hidraw3', usagePage: 0, usage: 0, manufacturer: '', product: '' },
        place: 'usb-0000:00:14.0-2',
      }),
    ]);
    expect(await ports.describe('/dev/hidraw3')).toEqual(Buffer.from([5, 1]));
    const heard: string[] = [];
    const held = await ports.open('/dev/hidraw3', {
      onReport: (bytes) => heard.push(Buffer.from(bytes).toString('hex')),
      onLost: (reason) => heard.push(reason),
    });
    expect(opened).toEqual(['/dev/hidraw3', { nonExclusive: true }]);
    device.emit('data', Buffer.from([1, 2]));
    await held.write(Uint8Array.of(1, 255));
    await held.sendFeature(Uint8Array.of(3));
    device.emit('error', new Error('could not read from HID device.'));
    device.emit('error', new Error('could not read from HID device.'));
    device.emit('data', Buffer.from([3]));
    await Promise.all([held.close(), held.close()]);
    expect([heard, device.calls, device.closes]).toEqual([
      ['0102', 'could not read from HID device'],
      ['write 01ff', 'feature 03'],
      1,
    ]);
    const elsewhere = systemHidPorts({ platform: 'win32', load: () => Promise.resolve(library) });
    expect((await elsewhere.list())[0]?.place).toBe('/dev/hidraw3');
    expect(await elsewhere.describe('/dev/hidraw3')).toBeUndefined();
  });

  it('[HI24] say what is missing where the library cannot be loaded', async () => {
    const cause = new Error('libusb-1.0.so.0: cannot open shared object file: No such file or directory');
    const ports = systemHidPorts({ load: () => Promise.reject(cause) });
    await expect(ports.list()).rejects.toThrow(
      'HID devices cannot be used on this machine: libusb-1.0.so.0 is missing: install libusb-1.0-0 and libudev1.',
    );
    expect(hidLoadFault(new Error('no prebuild.')).message).toBe(
      'HID devices cannot be used on this machine: no prebuild.',
    );
  });

  it('[HI17] say why one cannot be opened, and what to do', async () => {
    const there = join(temporaryFolder(), 'hidraw0');
    await writeFile(there, '');
    expect(hidOpenFault('/dev/hidraw-none', new Error('x'), { platform: 'linux' }).message).toBe(
      '/dev/hidraw-none is not there: plug it in.',
    );
    expect(hidOpenFault(there, new Error('busy.'), { platform: 'linux' }).message).toBe(
      'The device cannot be opened: busy. Another program may have it.',
    );
    expect(
      hidOpenFault('IOService:x', new Error('hid_open: (0xE00002E2) not permitted'), { platform: 'darwin' }).message,
    ).toContain('Input Monitoring');
    const refuse = (): never => {
      throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
    };
    expect(hidOpenFault('/dev/hidraw0', new Error('x'), { platform: 'linux', access: refuse }).message).toBe(
      '/dev/hidraw0 may not be opened by this user: add the udev rule of docs/bridges/hid.md, and plug it in again.',
    );
  });

  it('[HI16] are looked at once a second for all who wait, and not while nobody does', async () => {
    const [ports, clock] = [new FakeHidPorts(), new SimulatedClock()];
    const watch = createHidWatch({ ports, clock });
    const heard: string[] = [];
    const cancelOne = watch.wait((found) => heard.push('infos' in found ? `one ${found.infos.length}` : found.trouble));
    const cancelOther = watch.wait(() => heard.push('other'));
    await clock.advanceAsync(0);
    expect([heard.splice(0), ports.looks]).toEqual([['one 0', 'other'], 1]);
    ports.infos = [hidInfo()];
    cancelOther();
    await clock.advanceAsync(lookEvery);
    expect([heard.splice(0), ports.looks]).toEqual([['one 1'], 2]);
    ports.fault = 'No HID here.';
    await clock.advanceAsync(lookEvery);
    expect(heard.splice(0)).toEqual(['No HID here.']);
    cancelOne();
    await clock.advanceAsync(5 * lookEvery);
    expect([ports.looks, clock.waiting]).toEqual([3, 0]);
  });

  it('[HI24] have no place and no description where Linux does not tell them', async () => {
    const folder = temporaryFolder();
    expect([await placeOf('/dev/hidraw9', folder), await describeReports('/dev/hidraw9', folder)]).toEqual([
      '',
      undefined,
    ]);
  });
});

const never = (): void => expect.unreachable();

async function hidraw(uevent: string): Promise<string> {
  const folder = temporaryFolder();
  await mkdir(join(folder, 'hidraw3', 'device'), { recursive: true });
  await writeFile(join(folder, 'hidraw3', 'device', 'uevent'), uevent);
  await writeFile(join(folder, 'hidraw3', 'device', 'report_descriptor'), Buffer.from([5, 1]));
  return folder;
}
