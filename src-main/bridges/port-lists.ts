import type { HidDeviceEntry } from '../platform/hid/list-hid-devices.ts';
import type { DevicePort, PortKind, SerialPortEntry } from '../contract/device.ts';

type PortList = () => Promise<readonly DevicePort[]>;

/** What the machine has to choose from, for each control of a form that names a port. Each loads its library when it is asked. A
 *  kind of bridge with ports of its own adds a line here. */
export const portLists: { readonly [Kind in PortKind]?: PortList } = {
  'serial-port': async () => {
    const { listSerialPorts } = await import('../platform/serial/list-serial-ports.ts');
    return serialPorts(await listSerialPorts());
  },
  'midi-input': async () => namedPorts((await listMidi()).inputs),
  'midi-output': async () => namedPorts((await listMidi()).outputs),
  'hid-device': async () => {
    const [{ listHidDevices }, { systemHidPorts }] = await Promise.all([
      import('../platform/hid/list-hid-devices.ts'),
      import('../platform/hid/system-hid-ports.ts'),
    ]);
    return hidDevices((await listHidDevices(systemHidPorts())).devices);
  },
};

async function listMidi() {
  return (await import('./midi/list-midi-ports.ts')).listMidiPorts();
}

function namedPorts(names: readonly string[]): DevicePort[] {
  return names.map((name) => ({ value: name, label: name }));
}

export function hidDevices(devices: readonly Pick<HidDeviceEntry, 'device' | 'words'>[]): DevicePort[] {
  return devices.map(({ device, words }) => ({ value: device, label: words === '' ? device : `${words}, ${device}` }));
}

/** Empty where the machine cannot tell; never throws. */
export async function listPorts(of: PortKind, lists = portLists): Promise<readonly DevicePort[]> {
  try {
    return (await lists[of]?.()) ?? [];
  } catch {
    // Without its library nothing can be offered; the bridge itself says what is missing.
    return [];
  }
}

/** A box with a serial number goes by it, wherever it is plugged in; any other by its path. */
export function serialPorts(ports: readonly SerialPortEntry[]): DevicePort[] {
  return ports.map(({ path, device, words, usedBy }) => {
    const what = [words || path, words !== '' && path, usedBy && `in use by ${usedBy.program}`];
    return { value: device, label: what.filter(Boolean).join(', ') };
  });
}
