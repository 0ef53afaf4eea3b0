import { createContext } from 'svelte';
import { messageOf } from '../../src-main/contract/errors.ts';

/** Good news leaves by itself. */
export const goodNewsMs = 4000;
/** What it offers to do has to be read, thought over and reached [WCAG 2.2.1]. */
export const offerMs = 20_000;
/** More at once than anyone reads; the oldest good news gives way first. */
const messagesMax = 4;

interface MessageOffer {
  readonly label: string;
  readonly run: () => void;
  /** of an edit of the show, which Undo and Redo move past */
  readonly isUndo?: true;
}

export interface PostedMessage {
  readonly id: number;
  readonly tone: 'fault' | 'good';
  readonly fact: string;
  readonly consequence?: string | undefined;
  readonly action?: MessageOffer | undefined;
}

/** What just happened, in the corner of the page. Faults stay until put away, and all of them while somebody is at them.
 *  A message is never the only place where a fault is shown. */
export class MessageBoard {
  list = $state.raw<readonly PostedMessage[]>([]);
  /** whether somebody points at a message or has the focus there */
  isRead = (): boolean => false;
  #next = 1;

  /** @returns what dismisses it earlier */
  good(fact: string, more: Pick<PostedMessage, 'consequence' | 'action'> = {}): number {
    const id = this.#post({ tone: 'good', fact, ...more });
    this.#leaveAfter(id, more.action ? offerMs : goodNewsMs);
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

  /** The show was moved back or forth: what a message offers to take back is no longer what happened last. */
  forgetUndos(): void {
    this.list = this.list.filter((message) => message.action?.isUndo !== true);
  }

  #leaveAfter(id: number, ms: number): void {
    setTimeout(() => (this.isRead() ? this.#leaveAfter(id, goodNewsMs) : this.dismiss(id)), ms);
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
