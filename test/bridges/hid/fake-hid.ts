import { join } from 'node:path';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import type { HidLayout } from '../../../src-main/contract/hid-layout.ts';
import { createHidWatch } from '../../../src-main/platform/hid/hid-watch.ts';
import { readLayouts } from '../../../src-main/platform/hid/read-layouts.ts';
import type { Clock } from '../../../src-main/ports/clock.ts';
import type { HidAccess, HidEvents, HidInfo, HidPorts, OpenedHid } from '../../../src-main/ports/hid-ports.ts';

/** Layouts that come with Flyrail. */
export const builtInLayouts = join(import.meta.dirname, '../../../resources/hid');

// Read once: simulated time does not wait for a disk.
const given = await readLayouts({ builtIn: builtInLayouts, own: undefined });

/** A ShuttleXpress unless a test says otherwise. */
export function hidInfo(some: Partial<HidInfo> = {}): HidInfo {
  return {
    ...{ path: '/dev/hidraw0', vendorId: 0x0b33, productId: 0x0020, serialNumber: '', usagePage: 0x0c, usage: 1 },
    ...{ manufacturer: 'Contour Design', product: 'ShuttleXpress', interface: 0, place: 'usb-0000:00:14.0-1' },
    ...some,
  };
}

/** HID devices that a test plugs in, presses and pulls out. */
export class FakeHidPorts implements HidPorts {
  infos: HidInfo[] = [];
  /** how devices describe themselves, by path */
  readonly descriptions = new Map<string, Uint8Array>();
  /** in words, where the machine has no HID */
  fault: string | undefined;
  openFault: string | undefined;
  writeFault: string | undefined;
  looks = 0;
  readonly sent: { readonly path: string; readonly how: 'output' | 'feature'; readonly hex: string }[] = [];
  readonly #open = new Map<OpenedHid, { readonly path: string; readonly events: HidEvents }>();

  list(): Promise<readonly HidInfo[]> {
    this.looks++;
    if (this.fault !== undefined) return Promise.reject(new UnavailableError('cannot-open-port', this.fault));
    return Promise.resolve([...this.infos]);
  }

  describe(path: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.descriptions.get(path));
  }

  open(path: string, events: HidEvents): Promise<OpenedHid> {
    if (this.openFault !== undefined)
      return Promise.reject(new UnavailableError('cannot-open-port', this.openFault, { path }));
    const send = (how: 'output' | 'feature') => (bytes: Uint8Array) => {
      if (this.writeFault !== undefined) return Promise.reject(new Error(this.writeFault));
      this.sent.push({ path, how, hex: Buffer.from(bytes).toString('hex') });
      return Promise.resolve();
    };
    const opened: OpenedHid = {
      write: send('output'),
      sendFeature: send('feature'),
      close: () => {
        this.#open.delete(opened);
        return Promise.resolve();
      },
    };
    this.#open.set(opened, { path, events });
    return Promise.resolve(opened);
  }

  get openPaths(): string[] {
    return [...this.#open.values()].map(({ path }) => path);
  }

  /** The device says something. @param hex with or without blanks */
  report(hex: string, path = '/dev/hidraw0'): void {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    for (const held of [...this.#open.values()]) if (held.path === path) held.events.onReport(bytes);
  }

  unplug(path = '/dev/hidraw0'): void {
    this.infos = this.infos.filter((info) => info.path !== path);
    for (const held of [...this.#open.values()])
      if (held.path === path) held.events.onLost('could not read from HID device');
  }

  takeSent(): string[] {
    return this.sent.splice(0).map(({ how, hex }) => `${how} ${hex}`);
  }
}

/** @param own layouts of the operator by name, before those that come with Flyrail */
export function fakeAccess(ports: HidPorts, clock: Clock, own: Readonly<Record<string, HidLayout>> = {}): HidAccess {
  return {
    ports,
    watch: createHidWatch({ ports, clock }),
    layouts: () => {
      const mine = Object.entries(own).map(([id, layout]) => ({ id, layout, isOwn: true }));
      return Promise.resolve({ layouts: [...mine, ...given.layouts], faults: given.faults });
    },
  };
}
