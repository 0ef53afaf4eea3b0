import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { LtcBridge } from '../../contract/bridges/ltc.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
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

/** A program that has not ended after this much longer is ended for it. */
export const endWait = millis(1000);
/** A program that cannot use its device ends within this; one that is still there then works. */
export const proofWait = millis(400);
/** Half a second of sound waits for a slow program at most. */
const waitingMaxSeconds = 0.5;

/** Sound through the programs of the system, by pipes: no code of ours has to be built for it. */
export function pipedSound(options: PipedSoundOptions): SoundPorts {
  const { clock, sound, channel, searchPath = process.env['PATH'] ?? '' } = options;
  const recorded = channel === 'both' ? 1 : 2;
  const start = async (direction: 'record' | 'play', request: SoundRequest): Promise<RunningProgram> => {
    const { device, sampleRate } = request;
    const channels = direction === 'record' ? recorded : 1;
    const { path, name, args } = findSoundProgram({ sound, direction, device, sampleRate, channels, searchPath });
    const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const program = new RunningProgram({ clock, child, name, request });
    await program.started();
    return program;
  };
  return {
    cards: soundCards,
    record: async (request, onSamples) => {
      const program = await start('record', request);
      program.child.stdin?.end();
      const sampleBytes = 2 * recorded;
      const skipped = channel === 'right' ? 2 : 0;
      let rest: Buffer = Buffer.alloc(0);
      program.child.stdout?.on('data', (chunk: Buffer) => {
        const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
        const length = Math.floor(bytes.length / sampleBytes);
        rest = Buffer.from(bytes.subarray(length * sampleBytes));
        onSamples(Float32Array.from({ length }, (_, i) => bytes.readInt16LE(i * sampleBytes + skipped) / 32_768));
      });
      await program.proven(new Promise((resolve) => program.child.stdout?.once('data', resolve)));
      return program;
    },
    play: async (request) => {
      const program = await start('play', request);
      program.child.stdout?.resume();
      await program.proven();
      const waitingMax = request.sampleRate * 2 * waitingMaxSeconds;
      return {
        name: program.name,
        close: () => program.close(),
        write: (samples) => {
          const stdin = program.child.stdin;
          if (!stdin?.writable || stdin.writableLength > waitingMax) return false;
          stdin.write(bytesOf(samples));
          return true;
        },
      };
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
  readonly child: ChildProcess;
  readonly name: string;
  readonly request: SoundRequest;
}

/** One child process, from its start until nothing is left of it. */
class RunningProgram {
  readonly child: ChildProcess;
  readonly name: string;
  readonly #clock: Clock;
  readonly #request: SoundRequest;
  readonly #gone: Promise<void>;
  #words = '';
  #isClosing = false;
  #isProven = false;
  #hasEnded = false;

  constructor({ clock, child, name, request }: RunningProgramOptions) {
    this.child = child;
    this.name = name;
    this.#clock = clock;
    this.#request = request;
    child.stderr?.on('data', (chunk: Buffer) => (this.#words = (this.#words + chunk.toString('utf8')).slice(-2000)));
    // Its pipes break as it ends; the end itself is what counts.
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.on('error', () => undefined);
    this.#gone = new Promise((resolve) => {
      child.once('close', () => {
        this.#hasEnded = true;
        resolve();
        if (this.#isProven && !this.#isClosing) request.onEnd(this.#reason());
      });
    });
    child.on('error', () => undefined);
  }

  /** @throws UnavailableError when it cannot be run */
  async started(): Promise<void> {
    try {
      await once(this.child, 'spawn');
    } catch (cause) {
      this.#isClosing = true;
      throw new UnavailableError('cannot-open-port', `${this.name} could not be started.`, {}, { cause });
    }
  }

  /** Waits until it seems to work.
   *  @param sign settles once it surely does
   *  @throws UnavailableError when it ended instead */
  async proven(sign?: Promise<unknown>): Promise<void> {
    let cancel: Cancel = () => undefined;
    const waited = new Promise<void>((resolve) => (cancel = this.#clock.after(proofWait, resolve)));
    await Promise.race([this.#gone, waited, ...(sign ? [sign] : [])]);
    cancel();
    this.#isProven = true;
    if (this.#hasEnded) throw new UnavailableError('cannot-open-port', this.#reason());
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    // What it started itself may hold its pipes open; nobody listens to them any more.
    for (const pipe of [this.child.stdin, this.child.stdout, this.child.stderr]) pipe?.destroy();
    this.child.kill('SIGTERM');
    const cancel = this.#clock.after(endWait, () => this.child.kill('SIGKILL'));
    await this.#gone;
    cancel();
  }

  #reason(): string {
    return soundFault({ ...this.#request, program: this.name, words: this.#words });
  }
}
