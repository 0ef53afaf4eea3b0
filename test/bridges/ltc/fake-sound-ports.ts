import { UnavailableError } from '../../../src-main/contract/errors.ts';
import type { SoundInput, SoundOutput, SoundPorts, SoundRequest } from '../../../src-main/bridges/ltc/sound-ports.ts';

/** A sound device that a test plugs in and pulls out. What is played on it is kept. */
export class FakeSoundPorts implements SoundPorts {
  isThere = true;
  isSlow = false;
  /** how often one was to be opened */
  tries = 0;
  played: number[] = [];
  readonly #open = new Map<object, SoundRequest>();
  readonly #listeners = new Map<object, (samples: Float32Array) => void>();

  cards(): string {
    return this.isThere ? ' 0 [Fake]: USB-Audio' : '';
  }

  record(request: SoundRequest, onSamples: (samples: Float32Array) => void): Promise<SoundInput> {
    const input = this.#make(request);
    if (!input) return this.#refuse();
    this.#listeners.set(input, onSamples);
    return Promise.resolve(input);
  }

  play(request: SoundRequest): Promise<SoundOutput> {
    const made = this.#make(request);
    if (!made) return this.#refuse();
    const write = (samples: Float32Array): boolean => {
      if (!this.isSlow) for (const sample of samples) this.played.push(sample);
      return !this.isSlow;
    };
    return Promise.resolve(Object.assign(made, { write }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get open(): number {
    return this.#open.size;
  }

  hear(samples: Float32Array): void {
    for (const onSamples of [...this.#listeners.values()]) onSamples(samples);
  }

  plugIn(): void {
    this.isThere = true;
    this.played = [];
  }

  unplug(): void {
    this.isThere = false;
    const all = [...this.#open.values()];
    this.#open.clear();
    this.#listeners.clear();
    for (const { onEnd } of all) onEnd('The sound device is gone.');
  }

  #make(request: SoundRequest): SoundInput | undefined {
    this.tries++;
    if (!this.isThere) return undefined;
    const made: SoundInput = {
      name: 'fake',
      close: () => {
        this.#open.delete(made);
        this.#listeners.delete(made);
        return Promise.resolve();
      },
    };
    this.#open.set(made, request);
    return made;
  }

  #refuse(): Promise<never> {
    return Promise.reject(new UnavailableError('cannot-open-port', 'There is no sound device.'));
  }
}
