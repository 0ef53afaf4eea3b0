import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import { buildArtPollReply, type ArtPollReply, type ReplyPort } from '../../core/dmx/artnet/art-poll-reply.ts';
import type { ArtPoll } from '../../core/dmx/artnet/art-poll.ts';
import { cardFor, type ArtnetCards } from '../../core/dmx/artnet/artnet-cards.ts';
import { pagesMax, pagesOf } from '../../core/dmx/artnet/reply-pages.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ArtnetMember } from './artnet-member.ts';

/** Answers are spread over this time, so that those of many nodes do not meet. [Art-Net 4, ArtPollReply] */
export const answerWithinMs = 1000;
/** Controllers that wait for an answer at one time. */
const waitingMax = 256;

export interface PollAnswersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly members: ReadonlySet<ArtnetMember>;
  readonly cards: () => ArtnetCards;
  readonly send: (packet: Uint8Array, address: string) => void;
}

interface Page {
  readonly member: ArtnetMember;
  readonly ports: readonly ReplyPort[];
}

/** This machine as a node: says who it is and what it has to controllers that ask. */
export class PollAnswers {
  readonly #options: PollAnswersOptions;
  readonly #waiting = new Map<string, Cancel>();
  /** in every answer of this process, so that it knows its own */
  readonly #tag: string;
  #answered = 0;

  constructor(options: PollAnswersOptions) {
    this.#options = options;
    this.#tag = `Flyrail ${options.random.uuid().slice(0, 8)}`;
  }

  /** What is told, by bind index from 1 on. */
  get pages(): readonly Page[] {
    const pages = [...this.#options.members].flatMap((member) =>
      pagesOf(member.ports()).map((ports): Page => ({ member, ports })),
    );
    return pages.slice(0, pagesMax);
  }

  isOwn({ report }: ArtPollReply): boolean {
    return report.endsWith(this.#tag);
  }

  /** Answers once for all that one controller asks while it waits. */
  hear({ target }: ArtPoll, from: string): void {
    if (this.#waiting.has(from) || this.#waiting.size >= waitingMax) return;
    // An answer is many times longer than a question: nobody far away may have it sent to somebody else.
    if (!cardFor(this.#options.cards(), from)) return;
    const { clock, random } = this.#options;
    const cancel = clock.after(millis(Math.floor(random.fraction() * answerWithinMs)), () => {
      this.#waiting.delete(from);
      this.#answer(target, from);
    });
    this.#waiting.set(from, cancel);
  }

  stop(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #answer(target: ArtPoll['target'], to: string): void {
    const card = cardFor(this.#options.cards(), to);
    if (!card) return;
    this.#answered++;
    const count = String(this.#answered % 10_000).padStart(4, '0');
    this.pages.forEach(({ member, ports }, i) => {
      if (target && !ports.some(({ portAddress: at }) => at >= target.first && at <= target.last)) return;
      const { shortName, longName } = member;
      const report = `#0001 [${count}] ${this.#tag}`;
      const page = buildArtPollReply({ address: card.address, shortName, longName, bindIndex: i + 1, report, ports });
      this.#options.send(page, to);
    });
  }
}
