import process from 'node:process';
import type { MidiPortList } from '../../contract/device.ts';
import { messageOf } from '../../contract/errors.ts';
import type { MidiPorts } from './midi-ports.ts';
import { stablePortNames } from './port-names.ts';
import { systemMidiPorts } from './system-midi-ports.ts';

/** The ports of this machine by the names that a show keeps. Never rejects. */
export async function listMidiPorts(
  ports: Pick<MidiPorts, 'names'> = systemMidiPorts(),
  platform: string = process.platform,
): Promise<MidiPortList> {
  try {
    const { inputs, outputs } = await ports.names();
    const list = (names: readonly string[]): string[] => stablePortNames(names, platform);
    return { inputs: list(inputs), outputs: list(outputs), problem: null };
  } catch (cause) {
    return { inputs: [], outputs: [], problem: messageOf(cause) };
  }
}
