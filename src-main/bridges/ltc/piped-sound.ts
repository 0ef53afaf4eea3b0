import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { LtcBridge } from '../../contract/bridges/ltc.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import { ProgramStarter, type StartedProgram } from '../../platform/program-starter.ts';
import type { Clock } from '../../ports/clock.ts';
import { soundFault } from './sound-faults.ts';
import type { SoundPorts, SoundRequest } from './sound-ports.ts';
import { findSoundProgram } from './sound-programs.ts';

export interface PipedSoundOptions {
  readonly clock: Clock;
  readonly sound: LtcBridge['settings']['sound'];
  /** which one is recorded; both are mixed to one by the system */
  readonly channel: LtcBridge['settings']['inputChannel'];
  /** where programs are looked for; the PATH of this process unless a test has another */
  readonly searchPath?: string;
}

/** A program that cannot use its device ends within this; one that is still there then works. */
export const proofWait = millis(400);
/** Half a second of sound waits for a slow program at most. */
const waitingMaxSeconds = 0.5;

/** Sound through the programs of the system, by pipes: no code of ours has to be built for it. */
export function pipedSound(options: PipedSoundOptions): SoundPorts {
  const { clock, sound, channel, searchPath = process.env['PATH'] ?? '' } = options;
  const recorded = channel === 'both' ? 1 : 2;
  const starters = { record: new ProgramStarter(clock), play: new ProgramStarter(clock) };
  const start = (direction: 'record' | 'play', request: SoundRequest): RunningProgram => {
    const { device, sampleRate } = request;
    const channels = direction === 'record' ? recorded : 1;
    const { path, name, args } = findSoundProgram({ sound, direction, device, sampleRate, channels, searchPath });
    return new RunningProgram({ clock, program: starters[direction].run(path, args), name, request });
  };
  return {
    cards: soundCards,
    record: async (request, onSamples) => {
      const running = start('record', request);
      running.stdin.end();
      const sampleBytes = 2 * recorded;
      const skipped = channel === 'right' ? 2 : 0;
      let rest: Buffer = Buffer.alloc(0);
      const hear = (chunk: Buffer): void => {
        const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
        const length = Math.floor(bytes.length / sampleBytes);
        rest = Buffer.from(bytes.subarray(length * sampleBytes));
        onSamples(Float32Array.from({ length }, (_, i) => bytes.readInt16LE(i * sampleBytes + skipped) / 32_768));
      };
      await running.proven(hear);
      return running;
    },
    play: async (request) => {
      const running = start('play', request);
      await running.proven();
      const waitingMax = request.sampleRate * 2 * waitingMaxSeconds;
      return {
        name: running.name,
        close: () => running.close(),
        write: (samples) => {
          const { stdin } = running;
          if (!stdin.writable || stdin.writableLength > waitingMax) return false;
          stdin.write(bytesOf(samples));
          return true;
        },
      };
    },
    close: async () => {
      await Promise.all([starters.record.close(), starters.play.close()]);
    },
  };
}

/** ALSA's list, on Linux: what PipeWire and PulseAudio have comes and goes with it. */
function soundCards(): string {
  try {
    return readFileSync('/proc/asound/cards', 'utf8');
  } catch {
    return '';
  }
}

function bytesOf(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [i, sample] of samples.entries())
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), i * 2);
  return bytes;
}

interface RunningProgramOptions {
  readonly clock: Clock;
  readonly program: StartedProgram;
  readonly name: string;
  readonly request: SoundRequest;
}

/** One program, from its start until nothing is left of it. */
class RunningProgram {
  readonly name: string;
  readonly #clock: Clock;
  readonly #program: StartedProgram;
  readonly #ended: Promise<void>;
  /** why it ended */
  #reason: string | undefined;
  #isClosing = false;
  #isProven = false;

  constructor({ clock, program, name, request }: RunningProgramOptions) {
    this.name = name;
    this.#clock = clock;
    this.#program = program;
    this.#ended = program.ended.then(({ words, hasRun }) => {
      this.#reason = hasRun ? soundFault({ ...request, program: name, words }) : `${name} could not be started.`;
      if (this.#isProven && !this.#isClosing) request.onEnd(this.#reason);
    });
  }

  get stdin(): StartedProgram['stdin'] {
    return this.#program.stdin;
  }

  /** Waits until it seems to work.
   *  @param hear what it writes, which proves it
   *  @throws UnavailableError when it ended instead */
  async proven(hear?: (chunk: Buffer) => void): Promise<void> {
    const { stdout } = this.#program;
    let cancel: Cancel = () => undefined;
    let onData = (_chunk: Buffer): void => undefined;
    const works = new Promise<void>((resolve) => {
      cancel = this.#clock.after(proofWait, resolve);
      if (hear)
        onData = (chunk) => {
          resolve();
          hear(chunk);
        };
    });
    stdout.on('data', onData);
    await Promise.race([this.#ended, works]);
    cancel();
    this.#isProven = true;
    if (this.#reason === undefined) return;
    stdout.off('data', onData);
    throw new UnavailableError('cannot-open-port', this.#reason);
  }

  close(): Promise<void> {
    this.#isClosing = true;
    return this.#program.close();
  }
}
