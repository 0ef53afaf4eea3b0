import { messageOf } from '../../contract/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { SoundInput, SoundRequest } from './sound-ports.ts';

export interface KeptSoundOptions<T extends SoundInput> extends Omit<SoundRequest, 'onEnd'> {
  readonly log: Log;
  readonly open: (request: SoundRequest) => Promise<T>;
  /** as `SoundPorts` has it */
  readonly cards: () => string;
  readonly onOpen: () => void;
  readonly onEnd: () => void;
}

/** So many looks open it each time. */
export const quickLooks = 10;
/** From then on one of so many, until a sound card comes or goes: a program that is started in vain takes time of the machine. */
export const seldom = 5;

/** One direction of sound through all its ends: opened again when it is looked at, seldom where that was in vain for long. */
export class KeptSound<T extends SoundInput> {
  readonly #options: KeptSoundOptions<T>;
  #open: T | undefined;
  #trouble: string | undefined = 'It is not open yet.';
  #cards: string | undefined;
  /** looks since it was open, or since a card came or went */
  #looks = 0;

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

  /** whether not each look opens it now */
  get isSeldom(): boolean {
    return this.#looks > quickLooks;
  }

  /** Opens it unless it is. Never rejects. */
  async look(): Promise<void> {
    if (this.#open || !this.#isDue()) return;
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
    this.#looks = 0;
    log.info('sound device open', { program: this.#open.name, device });
    onOpen();
  }

  #isDue(): boolean {
    const cards = this.#options.cards();
    if (cards !== this.#cards) this.#looks = 0;
    this.#cards = cards;
    this.#looks++;
    return !this.isSeldom || (this.#looks - quickLooks) % seldom === 0;
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
