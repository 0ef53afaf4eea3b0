import type { Cancel } from '../../contract/message-link.ts';
import { micros, millis, type Micros } from '../../contract/units.ts';
import { buildArtPollReply, type ArtPollReply, type ReplyPort } from '../../core/dmx/artnet/art-poll-reply.ts';
import { widestTarget, type ArtPoll } from '../../core/dmx/artnet/art-poll.ts';
import { cardFor, type ArtnetCards } from '../../core/dmx/artnet/artnet-cards.ts';
import { pagesMax, pagesOf } from '../../core/dmx/artnet/reply-pages.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ArtnetMember } from './artnet-member.ts';

/** Answers are spread over this time, so that those of many nodes do not meet. [Art-Net 4, ArtPollReply] */
export const answerWithinMs = 1000;
/** Controllers that wait for an answer at one time. */
const waitingMax = 256;
/** Who wants to be told of changes is, for this long after its last poll: three of the slowest controllers known. */
const tellsForMicros = 30_000_000;

export interface PollAnswersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly members: ReadonlySet<ArtnetMember>;
  readonly cards: () => ArtnetCards;
  /** whether a bridge works on the network of this address */
  readonly isNear: (member: ArtnetMember, address: string) => boolean;
  readonly send: (packet: Uint8Array, address: string) => void;
}

interface Waiting {
  target: ArtPoll['target'];
  readonly cancel: Cancel;
}

interface Page {
  readonly member: ArtnetMember;
  readonly ports: readonly ReplyPort[];
}

/** This machine as a node: says who it is and what it has to controllers that ask. */
export class PollAnswers {
  readonly #options: PollAnswersOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** when controllers that want to be told of changes asked last, by address */
  readonly #told = new Map<string, Micros>();
  /** all ports as they were looked at last; undefined while nobody wants to be told */
  #seen: string | undefined;
  /** in every answer of this process, so that it knows its own */
  readonly #tag: string;
  #answered = 0;

  constructor(options: PollAnswersOptions) {
    this.#options = options;
    this.#tag = `Flyrail ${options.random.uuid().slice(0, 8)}`;
  }

  /** What is told to who is at this address, by bind index from 1 on: the ports of bridges that work on its network. */
  pagesFor(address: string): readonly Page[] {
    const pages = [...this.#options.members]
      .filter((member) => this.#options.isNear(member, address))
      .flatMap((member) => pagesOf(member.ports()).map((ports): Page => ({ member, ports })));
    return pages.slice(0, pagesMax);
  }

  isOwn({ report }: ArtPollReply): boolean {
    return report.endsWith(this.#tag);
  }

  /** Answers once for all that one controller asks while it waits. */
  hear({ target, wantsChanges }: ArtPoll, from: string): void {
    // An answer is many times longer than a question: nobody far away may have it sent to somebody else.
    if (!cardFor(this.#options.cards(), from)) return;
    if (!wantsChanges) this.#told.delete(from);
    else if (this.#told.has(from) || this.#told.size < waitingMax)
      this.#told.set(from, this.#options.clock.nowMicros());
    this.#answerSoon(target, from);
  }

  /** Says who it is without a poll, to one of its own networks. */
  answer(to: string): void {
    if (cardFor(this.#options.cards(), to)) this.#answerSoon(undefined, to);
  }

  /** Whether anything changed since it was looked at last: who wants to be told is. */
  look(): void {
    const lostAt = micros(this.#options.clock.nowMicros() - tellsForMicros);
    for (const [address, askedAt] of this.#told) if (askedAt < lostAt) this.#told.delete(address);
    if (this.#told.size === 0) return void (this.#seen = undefined);
    const before = this.#seen;
    this.#seen = JSON.stringify([...this.#options.members].map((member) => member.ports()));
    if (before === undefined || before === this.#seen) return;
    for (const address of this.#told.keys()) this.#answerSoon(undefined, address);
  }

  stop(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
    this.#told.clear();
  }

  #answerSoon(target: ArtPoll['target'], to: string): void {
    const waiting = this.#waiting.get(to);
    if (waiting) return void (waiting.target = widestTarget(waiting.target, target));
    if (this.#waiting.size >= waitingMax) return;
    const { clock, random } = this.#options;
    const asked: Waiting = {
      target,
      cancel: clock.after(millis(Math.floor(random.fraction() * answerWithinMs)), () => {
        this.#waiting.delete(to);
        this.#answer(asked.target, to);
      }),
    };
    this.#waiting.set(to, asked);
  }

  #answer(target: ArtPoll['target'], to: string): void {
    const card = cardFor(this.#options.cards(), to);
    if (!card) return;
    this.#answered++;
    const count = String(this.#answered % 10_000).padStart(4, '0');
    this.pagesFor(to).forEach(({ member, ports }, i) => {
      if (target && !ports.some(({ portAddress: at }) => at >= target.first && at <= target.last)) return;
      const { shortName, longName } = member;
      const report = `#0001 [${count}] ${this.#tag}`;
      const page = buildArtPollReply({ address: card.address, shortName, longName, bindIndex: i + 1, report, ports });
      this.#options.send(page, to);
    });
  }
}
