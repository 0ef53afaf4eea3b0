import { messageOf } from '../../contract/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { SoundInput, SoundRequest } from './sound-ports.ts';

export interface KeptSoundOptions<T extends SoundInput> extends Omit<SoundRequest, 'onEnd'> {
  readonly log: Log;
  readonly open: (request: SoundRequest) => Promise<T>;
  readonly onOpen: () => void;
  readonly onEnd: () => void;
}

/** One direction of sound through all its ends: opened again when it is looked at. */
export class KeptSound<T extends SoundInput> {
  readonly #options: KeptSoundOptions<T>;
  #open: T | undefined;
  #trouble: string | undefined = 'It is not open yet.';

  constructor(options: KeptSoundOptions<T>) {
    this.#options = options;
  }

  get current(): T | undefined {
    return this.#open;
  }

  /** why it is not open, as a sentence */
  get trouble(): string | undefined {
    return this.#open ? undefined : this.#trouble;
  }

  /** Opens it unless it is. Never rejects. */
  async look(): Promise<void> {
    if (this.#open) return;
    const { device, sampleRate, open, onOpen, log } = this.#options;
    const ends: string[] = [];
    const onEnd = (why: string): void => {
      ends.push(why);
      this.#end(why);
    };
    try {
      const sound = await open({ device, sampleRate, onEnd });
      if (ends.length > 0) return;
      this.#open = sound;
    } catch (cause) {
      this.#trouble = messageOf(cause);
      return;
    }
    log.info('sound device open', { program: this.#open.name, device });
    onOpen();
  }

  /** Ends without a word to anybody. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.close();
  }

  #end(why: string): void {
    const wasOpen = this.#open !== undefined;
    this.#trouble = why;
    this.#open = undefined;
    if (!wasOpen) return;
    this.#options.log.warn('sound device ended', { reason: why });
    this.#options.onEnd();
  }
}
