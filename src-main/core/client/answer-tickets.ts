import { messageType, type AckMessage, type ErrorMessage, type Message } from '../protocol/messages.ts';
import type { Outgoing, Request } from './outgoing.ts';

/** ERROR 503 tells of what the router left out for us; it answers nothing. @see CLASP-WIRE §9 */
const overloaded = 503;

/** Matches the answers of a router that does not know request ids. It answers in the order of asking: ACK and ERROR by
 *  address, BUNDLE's without one, GET's SNAPSHOT by its param, RESULT to the oldest QUERY. A SET that nobody waits for is
 *  acknowledged all the same, so it has its ticket too. */
export class AnswerTickets {
  readonly #ticketsMax: number;
  /** in the order of sending */
  #tickets: Outgoing[] = [];
  #gets = 0;

  constructor(ticketsMax: number) {
    this.#ticketsMax = ticketsMax;
  }

  /** A frame was sent; those that routers do not answer get no ticket. */
  sent(frame: Outgoing): void {
    if (!isAnswered(frame.message)) return;
    if (this.#tickets.length >= this.#ticketsMax) this.#takeAt(0);
    this.#tickets.push(frame);
    if (frame.message.type === messageType.get) this.#gets++;
  }

  /** @returns whom it answers, if anybody waits */
  takeAck({ address }: AckMessage): Request | undefined {
    return this.#takeFirst((message) => {
      if (address === undefined) return isBundle(message);
      return isWrite(message.type) && nameOf(message) === address;
    });
  }

  /** @returns whom it answers; 'nobody' when what it answers has no one who waits; undefined when it answers nothing */
  takeError({ address, code }: ErrorMessage): Request | 'nobody' | undefined {
    const at = this.#tickets.findIndex(({ message }) => {
      if (address === undefined) return code !== overloaded && (isWrite(message.type) || isBundle(message));
      if (code === 201) return message.type === messageType.get && message.address === address;
      return names(message, address);
    });
    return at < 0 ? undefined : (requestIn(this.#takeAt(at)) ?? 'nobody');
  }

  /** @returns all that asked for this address */
  takeGets(address: string): readonly Request[] {
    if (this.#gets === 0) return [];
    const found: Request[] = [];
    for (let at = this.#tickets.length - 1; at >= 0; at--) {
      const message = this.#tickets[at]?.message;
      if (message?.type !== messageType.get || message.address !== address) continue;
      const request = requestIn(this.#takeAt(at));
      if (request) found.unshift(request);
    }
    return found;
  }

  /** The oldest QUERY without its end; it keeps its place. */
  firstQuery(): Request | undefined {
    return requestIn(this.#tickets.find(({ message }) => message.type === messageType.query));
  }

  /** A request that is answered or given up. A write keeps its ticket, since its answer may still come. */
  forget(request: Request): void {
    const { type } = request.message;
    if (type !== messageType.get && type !== messageType.query) return;
    const at = this.#tickets.indexOf(request);
    if (at >= 0) this.#takeAt(at);
  }

  clear(): void {
    this.#tickets = [];
    this.#gets = 0;
  }

  #takeFirst(fits: (message: Message) => boolean): Request | undefined {
    const at = this.#tickets.findIndex(({ message }) => fits(message));
    if (at < 0) return undefined;
    const taken = this.#takeAt(at);
    // Writes are answered in order: the answers to older ones for which nobody waits will not come any more.
    this.#tickets = this.#tickets.filter((ticket, index) => index >= at || ticket.isRequest);
    return requestIn(taken);
  }

  #takeAt(at: number): Outgoing | undefined {
    const [taken] = this.#tickets.splice(at, 1);
    if (taken?.message.type === messageType.get) this.#gets--;
    return taken;
  }
}

function requestIn(frame: Outgoing | undefined): Request | undefined {
  return frame?.isRequest ? frame : undefined;
}

function isAnswered(message: Message): boolean {
  const { type } = message;
  return isWrite(type) || isBundle(message) || type === messageType.get || type === messageType.query;
}

function isWrite(type: Message['type']): boolean {
  return type === messageType.set || type === messageType.announce;
}

function isBundle(message: Message): boolean {
  return message.type === messageType.bundle;
}

function nameOf(message: object): string | undefined {
  if ('namespace' in message) return message.namespace as string;
  return 'address' in message ? (message.address as string) : undefined;
}

/** Whether an ERROR with this address can be about the message. */
function names(message: Message, address: string): boolean {
  switch (message.type) {
    case messageType.query:
      return message.pattern === address;
    case messageType.bundle:
      return message.messages.some((inner) => names(inner, address));
    case messageType.announce:
      return message.namespace === address || message.signals.some((signal) => signal.address === address);
    default:
      return nameOf(message) === address;
  }
}
