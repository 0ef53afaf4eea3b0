import { visibleText } from '../../platform/visible-text.ts';
import type { SoundRequest } from './sound-ports.ts';

/** A program for sound that ended by itself. */
export interface EndedSound extends Pick<SoundRequest, 'device' | 'sampleRate'> {
  /** as it is called: `arecord` */
  readonly program: string;
  /** all that it wrote to its error output */
  readonly words: string;
}

/** Why a program for sound ended and what the operator can do, in sentences, with its own last words behind. */
export function soundFault(ended: EndedSound): string {
  const { program, words } = ended;
  const last = words.trim().split('\n').at(-1) ?? '';
  const found = faults.find(({ sign }) => sign.test(words));
  const advice = found ? found.advice(ended) : `${program} ended: look at the sound device and its cable.`;
  return last === ''
    ? advice
    : `${advice} ${program} said: ${visibleText(last).slice(0, 200)}`.replace(/([^.])$/, '$1.');
}

interface Fault {
  /** the words of ALSA, PipeWire and PulseAudio */
  readonly sign: RegExp;
  readonly advice: (ended: EndedSound) => string;
}

const faults: readonly Fault[] = [
  {
    sign: /busy/i,
    advice: (ended) => `Another program has ${nameOf(ended)}: end it there, or choose another device.`,
  },
  {
    sign: /permission denied|not permitted|access denied/i,
    advice: (ended) => `This user may not use ${nameOf(ended)}: put the user into the group audio, and log in again.`,
  },
  {
    sign: /channels count|sample format|rate .*not |(format|rate|channels).*(not available|non available)/i,
    advice: (ended) =>
      `${capital(nameOf(ended))} does not take sound of 16 bits at ${ended.sampleRate} Hz in so many channels: choose it as plughw:…, or another sample rate.`,
  },
  {
    sign: /connection (failure|refused|terminated)|host is down|context_connect|failed to connect/i,
    advice: ({ program }) =>
      `The sound system that ${program} speaks to does not run for this user: start it, or choose ALSA as the sound system.`,
  },
  {
    sign: /no such|unknown pcm|cannot find card|cannot get card|not found/i,
    advice: (ended) =>
      `This machine has ${ended.device === '' ? 'no sound device' : `no sound device ${ended.device}`} now: plug it in, or choose one that ${listOf(ended)} prints.`,
  },
];

function nameOf({ device }: EndedSound): string {
  return device === '' ? 'the sound device' : `the sound device ${device}`;
}

function listOf({ program }: EndedSound): string {
  const lists: Readonly<Record<string, string>> = {
    arecord: 'arecord -L',
    aplay: 'aplay -L',
    parec: 'pactl list short sources',
    pacat: 'pactl list short sinks',
  };
  return lists[program] ?? 'pw-cli list-objects Node';
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
