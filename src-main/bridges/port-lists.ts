import type { HidDeviceEntry } from '../platform/hid/list-hid-devices.ts';
import type { DevicePort, PortKind, PortList, SerialPortEntry } from '../contract/device.ts';
import { messageOf } from '../contract/errors.ts';

type ReadPorts = () => Promise<PortList>;

/** What the machine has to choose from, for each control of a form that names a port. Each loads its library when it is asked. A
 *  kind of bridge with ports of its own adds a line here. */
export const portLists: { readonly [Kind in PortKind]?: ReadPorts } = {
  'serial-port': async () => {
    const { listSerialPorts } = await import('../platform/serial/list-serial-ports.ts');
    return { ports: serialPorts(await listSerialPorts()), problem: null };
  },
  'midi-input': () => listMidi('inputs'),
  'midi-output': () => listMidi('outputs'),
  'hid-device': async () => {
    const [{ listHidDevices }, { systemHidPorts }] = await Promise.all([
      import('../platform/hid/list-hid-devices.ts'),
      import('../platform/hid/system-hid-ports.ts'),
    ]);
    const { devices, problem } = await listHidDevices(systemHidPorts());
    return { ports: hidDevices(devices), problem };
  },
};

async function listMidi(way: 'inputs' | 'outputs'): Promise<PortList> {
  const { listMidiPorts } = await import('./midi/list-midi-ports.ts');
  const { problem, [way]: names } = await listMidiPorts();
  return { ports: names.map((name) => ({ value: name, label: name })), problem };
}

export function hidDevices(devices: readonly Pick<HidDeviceEntry, 'device' | 'words'>[]): DevicePort[] {
  return devices.map(({ device, words }) => ({ value: device, label: words === '' ? device : `${words}, ${device}` }));
}

/** Never rejects: a machine that cannot tell says why. */
export async function listPorts(of: PortKind, lists = portLists): Promise<PortList> {
  try {
    return (await lists[of]?.()) ?? { ports: [], problem: null };
  } catch (cause) {
    return { ports: [], problem: messageOf(cause) };
  }
}

/** A box with a serial number goes by it, wherever it is plugged in; any other by its path. */
export function serialPorts(ports: readonly SerialPortEntry[]): DevicePort[] {
  return ports.map(({ path, device, words, usedBy }) => {
    const what = [words || path, words !== '' && path, usedBy && `in use by ${usedBy.program}`];
    return { value: device, label: what.filter(Boolean).join(', ') };
  });
}
