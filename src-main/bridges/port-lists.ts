import type { DevicePort, PortKind } from '../contract/device.ts';
import { identityOf, type PortInfo } from '../platform/serial/port-identity.ts';

type PortList = () => Promise<readonly DevicePort[]>;

/** What the machine has to choose from, for each control of a form that names a port. Each loads its library when it is asked. A
 *  kind of bridge with ports of its own adds a line here. */
export const portLists: { readonly [Kind in PortKind]?: PortList } = {
  'serial-port': async () => {
    const { systemPorts } = await import('../platform/serial/serial-ports.ts');
    return serialPorts(await systemPorts.list());
  },
  'midi-input': async () => named((await midiPorts()).inputs),
  'midi-output': async () => named((await midiPorts()).outputs),
};

async function midiPorts() {
  return (await import('./midi/list-midi-ports.ts')).listMidiPorts();
}

function named(names: readonly string[]): DevicePort[] {
  return [...new Set(names)].map((name) => ({ value: name, label: name }));
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
export function serialPorts(ports: readonly PortInfo[]): DevicePort[] {
  return ports.map((port) => {
    const identity = identityOf(port);
    if (!identity) return { value: port.path, label: port.path };
    const { vendorId, productId, serialNumber } = identity;
    const name = [vendorId, productId, ...(serialNumber === undefined ? [] : [serialNumber])].join(':');
    return { value: serialNumber === undefined ? port.path : `usb=${name}`, label: `${port.path}, USB ${name}` };
  });
}
