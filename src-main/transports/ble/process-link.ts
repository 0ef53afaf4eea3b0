import { UnavailableError } from '../../contract/errors.ts';
import { RadioLinkEvents } from './radio-link-events.ts';
import type { ToRadio } from './radio-messages.ts';
import type { RadioLink } from './radio.ts';

/** A link of a radio in another process. */
export class ProcessLink extends RadioLinkEvents implements RadioLink {
  readonly #number: number;
  readonly #tell: (message: ToRadio) => void;
  #messageBytes: number;
  #sending: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  constructor(peer: string, { number, messageBytes, tell }: ProcessLinkOptions) {
    super(peer);
    this.#number = number;
    this.#messageBytes = messageBytes;
    this.#tell = tell;
    this.onEnd((reason) => this.#sending?.reject(new UnavailableError('link-closed', reason)));
  }

  override get messageBytes(): number {
    return this.#messageBytes;
  }

  send(message: Uint8Array, isAsked: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.assertOpen();
      this.#sending = { resolve, reject };
      // Copied: a frame lies on a slab, which would cross whole.
      this.#tell({ do: 'send', link: this.#number, message: message.slice(), isAsked });
    });
  }

  sent(messageBytes: number): void {
    this.#messageBytes = messageBytes;
    this.#sending?.resolve();
    this.#sending = undefined;
  }

  disconnect(): void {
    if (!this.hasEnded) this.#tell({ do: 'disconnect', link: this.#number });
  }
}

interface ProcessLinkOptions {
  readonly number: number;
  readonly messageBytes: number;
  readonly tell: (message: ToRadio) => void;
}
