import type { Micros } from '../../../contract/units.ts';
import { messageType, type AckMessage, type Message, type Qos } from '../../protocol/messages.ts';
import type { Answer } from './answered-requests.ts';

/** A request that an earlier run of the router answered, as it was kept. */
export interface EarlierAnswer {
  readonly secret: string;
  readonly id: bigint;
  readonly at: Micros;
  readonly answer: Answer;
  /** what it did that is on disk; undefined: all of it */
  readonly kept: HalfKept['kept'] | undefined;
  /** whether all that its client had asked before was done by then, and is on disk too */
  readonly endsAllBefore: boolean;
}

/** A crash came when only one of the two files had what a BUNDLE did. params: params and timelines. */
export interface HalfKept {
  readonly kept: 'params' | 'signals';
  readonly answer: AckMessage;
}

/** How a message was asked: see `Request`. */
interface Asking {
  readonly qos: Qos;
  readonly id: bigint | undefined;
}

/** What one client asked of an earlier run of the router, as far as it is known. */
export class EarlierRequests {
  readonly #answers = new Map<bigint, EarlierAnswer>();
  #allDoneBefore = -1n;

  /** @param answers in the order of being kept; of two for one request the later holds */
  constructor(answers: Iterable<EarlierAnswer>) {
    for (const answer of answers) {
      this.#answers.set(answer.id, answer);
      if (answer.endsAllBefore && answer.id > this.#allDoneBefore) this.#allDoneBefore = answer.id;
    }
  }

  /** Only of what changes state, which is all that outlives a run.
   *  @returns its answer; what is kept of it, where something is left to do; undefined when it is to be done */
  recall(message: Message, { id, qos }: Asking): Answer | HalfKept | undefined {
    if (id === undefined || !isLasting(message)) return undefined;
    const known = this.#answers.get(id);
    if (!known) return qos !== 'commit' && id < this.#allDoneBefore ? answerUnknown(message) : undefined;
    const { kept, answer } = known;
    if (kept === undefined || answer.type !== messageType.ack) return answer;
    if (message.type === messageType.bundle) return { kept, answer };
    const isParam = message.type === messageType.set || message.kind === 'timeline';
    return kept === (isParam ? 'params' : 'signals') ? answer : undefined;
  }
}

type Lasting = Extract<
  Message,
  { type: typeof messageType.set | typeof messageType.publish | typeof messageType.bundle }
>;

function isLasting(message: Message): message is Lasting {
  const { type } = message;
  return type === messageType.set || type === messageType.publish || type === messageType.bundle;
}

/** A later commit of the same client is on disk, and with it what this did: doing it now would turn the two around. It was
 *  not refused, or that would be known. A bundle for later may have waited in vain. */
function answerUnknown(message: Lasting): AckMessage | undefined {
  if (message.type !== messageType.bundle) return { type: messageType.ack, address: message.address };
  return message.timestamp === undefined ? { type: messageType.ack } : undefined;
}
