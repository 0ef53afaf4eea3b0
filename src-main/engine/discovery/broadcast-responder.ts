import type { Micros } from '../../contract/units.ts';
import { AnswerLimit } from '../../core/discovery/answer-limit.ts';
import { broadcastPort, discoveryAnswer, isDiscoveryRequest } from '../../core/discovery/broadcast-frames.ts';
import { cardOf } from '../../core/discovery/lan-address.ts';
import type { UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LanCard } from '../../ports/lan.ts';
import type { Random } from '../../ports/random.ts';
import type { FinderNeeds, LanSocket } from './finder.ts';
import type { QuestionFate } from './lan-counts.ts';
import { portTrouble } from './port-trouble.ts';

export interface ResponderOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly openSocket: FinderNeeds['openSocket'];
  /** as others are to read it */
  readonly name: string;
  /** those from whose networks our router is reached */
  readonly cards: () => readonly LanCard[];
  /** whether this program asked itself */
  readonly isOwn: (from: UdpEndpoint) => boolean;
  readonly onQuestion: (fate: QuestionFate) => void;
}

/** Answers those who ask for CLASP routers by broadcast. */
export class BroadcastResponder {
  readonly #options: ResponderOptions;
  readonly #limit = new AnswerLimit();
  #socket: LanSocket | undefined;
  #opening: Promise<void> | undefined;
  #stopped = false;
  #trouble: string | undefined;

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /** why it answers nobody */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Never rejects; does nothing while it is open. */
  open(): Promise<void> {
    if (this.#socket || this.#stopped) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#opening;
    await this.#socket?.close();
  }

  async #open(): Promise<void> {
    try {
      this.#socket = await this.#options.openSocket({
        address: '0.0.0.0',
        port: broadcastPort,
        shared: true,
        onMessage: (bytes, from) => this.#answer(bytes, from),
        onError: () => (this.#socket = undefined),
      });
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = `${portTrouble(error)} Who asks by broadcast does not find this router.`;
    }
  }

  #answer(bytes: Uint8Array, from: UdpEndpoint): void {
    const { clock, random, name, cards, isOwn, onQuestion } = this.#options;
    // Only neighbours are answered: a forged address of anybody else gets nothing.
    if (!cardOf(cards(), from.address) || isOwn(from)) return;
    const now = clock.nowMicros();
    const fate = this.#fateOf(bytes, from, now);
    onQuestion(fate);
    if (fate !== 'answered') return;
    this.#socket?.send(discoveryAnswer({ name, session: random.uuid(), time: now }), from, () => undefined);
  }

  #fateOf(bytes: Uint8Array, { address }: UdpEndpoint, now: Micros): QuestionFate {
    if (!isDiscoveryRequest(bytes)) return 'unread';
    return this.#limit.mayAnswer(address, now) ? 'answered' : 'left';
  }
}
