import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LtcBridge } from '../../contract/bridges/ltc.ts';
import { UnavailableError } from '../../contract/errors.ts';

type SoundSystem = Exclude<LtcBridge['settings']['sound'], 'auto'>;

/** A program and its arguments; never a line for a shell. */
export interface SoundProgram {
  readonly path: string;
  readonly name: string;
  readonly args: readonly string[];
}

interface Wanted {
  readonly sound: LtcBridge['settings']['sound'];
  readonly direction: 'record' | 'play';
  readonly device: string;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** where programs are looked for, as in PATH */
  readonly searchPath: string;
}

const programs: Readonly<Record<SoundSystem, Readonly<Record<Wanted['direction'], string>>>> = {
  alsa: { record: 'arecord', play: 'aplay' },
  pipewire: { record: 'pw-record', play: 'pw-play' },
  pulse: { record: 'parec', play: 'pacat' },
};
const packages: Readonly<Record<SoundSystem, string>> = {
  alsa: 'alsa-utils',
  pipewire: 'pipewire-bin',
  pulse: 'pulseaudio-utils',
};

/** The program that carries raw 16-bit sound through a pipe, channel by channel of each sample.
 *  @throws UnavailableError 'cannot-open-port' where there is none */
export function findSoundProgram(wanted: Wanted): SoundProgram {
  const { sound, direction, searchPath } = wanted;
  const systems: readonly SoundSystem[] = sound === 'auto' ? ['alsa', 'pipewire', 'pulse'] : [sound];
  for (const system of systems) {
    const name = programs[system][direction];
    const path = findIn(searchPath, name);
    if (path !== undefined) return { path, name, args: argumentsOf(system, wanted) };
  }
  const names = systems.map((system) => `${programs[system][direction]} (${packages[system]})`).join(', ');
  throw new UnavailableError(
    'cannot-open-port',
    `This machine has no program for sound: none of ${names} is installed.`,
  );
}

function argumentsOf(system: SoundSystem, { direction, device, sampleRate, channels: count }: Wanted): string[] {
  const channels = String(count);
  const rate = String(sampleRate);
  switch (system) {
    case 'alsa': {
      const times = direction === 'record' ? ['--buffer-time=200000', '--period-time=10000'] : ['--buffer-time=200000'];
      return [
        '-q',
        '-t',
        'raw',
        '-f',
        'S16_LE',
        '-c',
        channels,
        '-r',
        rate,
        ...times,
        ...(device === '' ? [] : ['-D', device]),
      ];
    }
    case 'pipewire': {
      const target = device === '' ? [] : ['--target', device];
      return ['--rate', rate, '--channels', channels, '--format', 's16', '--latency', '20ms', ...target, '-'];
    }
    case 'pulse': {
      const mode = direction === 'record' ? '--record' : '--playback';
      const target = device === '' ? [] : [`--device=${device}`];
      return [
        mode,
        '--raw',
        '--format=s16le',
        `--rate=${rate}`,
        `--channels=${channels}`,
        '--latency-msec=20',
        ...target,
      ];
    }
    default:
      return system satisfies never;
  }
}

function findIn(searchPath: string, name: string): string | undefined {
  const candidates = searchPath.split(delimiter).filter(Boolean);
  return candidates.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
