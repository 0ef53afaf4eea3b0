import type { LanCard } from '../../ports/lan.ts';
import { portTrouble } from './port-trouble.ts';

export interface CardFollowersOptions<T> {
  /** @param onFault it does not work any more; another one is opened at the next look
   *  @throws AppError */
  readonly open: (card: LanCard, onFault: () => void) => Promise<T>;
  readonly close: (opened: T) => Promise<void>;
  /** One more is open. */
  readonly onCame?: (opened: T) => void;
}

/** Something open for every address of every card: opened when one comes, closed when it goes. */
export class CardFollowers<T> {
  readonly #options: CardFollowersOptions<T>;
  readonly #open = new Map<string, T>();
  #wanted: readonly LanCard[] = [];
  #last: Promise<void> = Promise.resolve();
  #trouble: string | undefined;

  constructor(options: CardFollowersOptions<T>) {
    this.#options = options;
  }

  get open(): readonly T[] {
    return [...this.#open.values()];
  }

  /** why one of them is not open */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Never rejects; one that cannot be opened is tried again at the next call. */
  follow(cards: readonly LanCard[]): Promise<void> {
    this.#wanted = cards;
    this.#last = this.#last.then(() => this.#settle());
    return this.#last;
  }

  close(): Promise<void> {
    return this.follow([]);
  }

  async #settle(): Promise<void> {
    const wanted = new Map(this.#wanted.map((card) => [keyOf(card), card]));
    this.#trouble = undefined;
    const gone = [...this.#open].filter(([key]) => !wanted.has(key));
    for (const [key] of gone) this.#open.delete(key);
    await Promise.all(gone.map(([, opened]) => this.#options.close(opened)));
    for (const [key, card] of wanted) if (!this.#open.has(key)) await this.#tryOpen(key, card);
  }

  async #tryOpen(key: string, card: LanCard): Promise<void> {
    try {
      const opened = await this.#options.open(card, () => {
        this.#open.delete(key);
      });
      this.#open.set(key, opened);
      this.#options.onCame?.(opened);
    } catch (error) {
      this.#trouble = portTrouble(error);
    }
  }
}

function keyOf({ name, address, netmask }: LanCard): string {
  return `${name} ${address} ${netmask}`;
}
