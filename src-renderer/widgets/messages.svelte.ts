import { createContext } from 'svelte';
import { messageOf } from '../../src-main/contract/errors.ts';

/** Good news leaves by itself. */
export const goodNewsMs = 4000;
/** More at once than anyone reads; the oldest good news gives way first. */
const messagesMax = 4;

export interface PostedMessage {
  readonly id: number;
  readonly tone: 'fault' | 'good';
  readonly fact: string;
  readonly consequence?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

/** What just happened, in the corner of the page. Faults stay until put away. A message is never the only place where a
 *  fault is shown. */
export class MessageBoard {
  list = $state.raw<readonly PostedMessage[]>([]);
  #next = 1;

  /** @returns what dismisses it earlier */
  good(fact: string, more: Pick<PostedMessage, 'consequence' | 'action'> = {}): number {
    const id = this.#post({ tone: 'good', fact, ...more });
    setTimeout(() => this.dismiss(id), goodNewsMs);
    return id;
  }

  /** @param error what was thrown; its sentence is the consequence
   *  @returns what dismisses it */
  fault(fact: string, error?: unknown): number {
    return this.#post({ tone: 'fault', fact, consequence: error === undefined ? undefined : messageOf(error) });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((message) => message.id !== id);
  }

  /** Another document is on the table: what a message offers to do was meant for the one before. */
  forgetActions(): void {
    this.list = this.list.filter((message) => message.action === undefined);
  }

  #post(message: Omit<PostedMessage, 'id'>): number {
    const id = this.#next++;
    const same = this.list.filter((other) => other.fact !== message.fact || other.consequence !== message.consequence);
    const kept = [...same, { ...message, id }];
    while (kept.length > messagesMax) {
      const good = kept.findIndex((other) => other.tone === 'good');
      kept.splice(Math.max(0, good), 1);
    }
    this.list = kept;
    return id;
  }
}

export const [getMessages, setMessages] = createContext<MessageBoard>();
