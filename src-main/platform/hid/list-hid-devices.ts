import { messageOf } from '../../contract/errors.ts';
import type { HidInfo, HidPorts } from '../../ports/hid-ports.ts';
import { bestPart, hidNameOf, hidWords, partOf } from './hid-identity.ts';

/** A HID device of this machine. */
export interface HidDeviceEntry {
  /** what a bridge finds it by */
  readonly device: string;
  /** what it says it is; empty for nothing */
  readonly words: string;
  readonly serialNumber: string | null;
  /** the part that is most of a control, and all it has: page and usage in hexadecimal, as in `1/5` */
  readonly part: string;
  readonly parts: readonly string[];
  /** of the part that is most of a control */
  readonly path: string;
  readonly info: HidInfo;
}

export interface HidDeviceList {
  readonly devices: readonly HidDeviceEntry[];
  /** why there are none, as a sentence; null where there is HID */
  readonly problem: string | null;
}

/** What is plugged in, each device once however many parts it has. Never rejects. */
export async function listHidDevices(ports: Pick<HidPorts, 'list'>): Promise<HidDeviceList> {
  try {
    return { devices: entriesOf(await ports.list()), problem: null };
  } catch (cause) {
    return { devices: [], problem: messageOf(cause) };
  }
}

function entriesOf(infos: readonly HidInfo[]): HidDeviceEntry[] {
  const byName = new Map<string, HidInfo[]>();
  for (const info of infos) {
    const name = hidNameOf(info, infos);
    byName.set(name, [...(byName.get(name) ?? []), info]);
  }
  return [...byName].flatMap(([device, parts]) => {
    const info = bestPart(parts);
    if (!info) return [];
    return {
      ...{ device, info, path: info.path, words: hidWords(info), part: partOf(info) },
      serialNumber: info.serialNumber === '' ? null : info.serialNumber,
      parts: [...new Set(parts.map(partOf))],
    };
  });
}
