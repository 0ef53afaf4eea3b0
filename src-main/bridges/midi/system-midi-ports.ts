import { accessSync, constants, readFileSync } from 'node:fs';
import process from 'node:process';
import type { Input, Output } from '@julusian/midi';
import { UnavailableError } from '../../contract/errors.ts';
import { openWatched } from './alsa-connections.ts';
import type { MidiPorts, PortChoice } from './midi-ports.ts';

export interface SystemMidiOptions {
  readonly platform?: string;
  /** where ALSA's sequencer is */
  readonly sequencer?: string;
  /** where ALSA lists who is connected with whom */
  readonly clients?: string;
}

/** The MIDI ports of this machine. The library is loaded at the first call, and on Linux only where the sequencer is: without it
 *  the library writes lines of its own to the error output at each look. */
export function systemMidiPorts(options: SystemMidiOptions = {}): MidiPorts {
  const { platform = process.platform, sequencer = '/dev/snd/seq', clients = '/proc/asound/seq/clients' } = options;
  const connect = (device: Input | Output, port: PortChoice): (() => boolean) => {
    const read = (): string | undefined => (platform === 'linux' ? tryRead(clients) : undefined);
    const open = (): void => openOn(device, port, platform);
    return openWatched({ read, open, name: nameOf(port) }).isConnected;
  };
  const load = async (): Promise<typeof import('@julusian/midi')> => {
    if (platform === 'linux') requireSequencer(sequencer);
    return import('@julusian/midi').catch((cause: unknown) => {
      throw new UnavailableError('cannot-open-port', 'MIDI cannot be used on this machine.', {}, { cause });
    });
  };
  const attempt = <T>(what: string, run: () => T): T => {
    try {
      return run();
    } catch (cause) {
      if (cause instanceof UnavailableError) throw cause;
      throw new UnavailableError(
        'cannot-open-port',
        `${what} did not open; another program may have it.`,
        {},
        { cause },
      );
    }
  };
  return {
    names: async () => {
      const midi = await load();
      return attempt('The list of MIDI ports', () => ({
        inputs: midi.Input.getPortNames(),
        outputs: midi.Output.getPortNames(),
      }));
    },
    openInput: async (port, onBytes) => {
      const midi = await load();
      return attempt(nameOf(port), () => {
        const input = new midi.Input();
        input.on('messageBuffer', (_delta, bytes) => onBytes(bytes));
        // Sysex, clock and timecode, and active sensing too.
        input.ignoreTypes(false, false, false);
        const isConnected = connect(input, port);
        return { isConnected, close: () => input.destroy() };
      });
    },
    openOutput: async (port) => {
      const midi = await load();
      return attempt(nameOf(port), () => {
        const output = new midi.Output();
        const isConnected = connect(output, port);
        return { isConnected, send: (bytes) => output.send(Buffer.from(bytes)), close: () => output.destroy() };
      });
    },
  };
}

function requireSequencer(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code !== 'ENOENT';
    const why = isThere
      ? `The ALSA sequencer (${path}) may not be opened: put this user into the group audio.`
      : `This machine has no ALSA sequencer (${path} is not there): have its administrator load it with modprobe snd-seq.`;
    throw new UnavailableError('cannot-open-port', why, {}, { cause });
  }
}

function openOn(device: Input | Output, port: PortChoice, platform: string): void {
  try {
    if ('virtual' in port) {
      if (platform === 'win32')
        throw new UnavailableError(
          'cannot-open-port',
          'Windows lets no program make a MIDI port: make one with a driver such as loopMIDI, and choose it as a device.',
        );
      return device.openVirtualPort(port.virtual);
    }
    // The list may have changed since it was read: another device does not get what was meant for this one.
    if (device.getPortName(port.index) !== port.name) throw new Error('The list of ports changed.');
    device.openPort(port.index);
  } catch (cause) {
    device.destroy();
    throw cause;
  }
}

/** Containers may hide it. */
function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function nameOf(port: PortChoice): string {
  return 'virtual' in port ? `A port ${port.virtual}` : port.name;
}
