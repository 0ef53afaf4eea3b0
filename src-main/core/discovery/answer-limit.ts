import type { Micros } from '../../contract/units.ts';
import { NewestMap } from '../bounds/newest-map.ts';

/** Answers that one address gets at once, and then one a second. */
export const answersBurst = 3;
/** Answers that all get at once, and then so many a second. */
export const answersPerSecond = 50;
const sourcesMax = 4096;

interface Bucket {
  tokens: number;
  at: Micros;
}

/** Whether a question is answered. Addresses of datagrams may be forged: nobody is to be flooded by our answers, and whoever
 *  asks too often is the only one left without. */
export class AnswerLimit {
  readonly #sources = new NewestMap<string, Bucket>(sourcesMax);
  #all: Bucket | undefined;

  /** @param from IP address of who asks */
  mayAnswer(from: string, now: Micros): boolean {
    const own = refilled(this.#sources.get(from), { at: now, perSecond: 1, burst: answersBurst });
    this.#sources.set(from, own);
    if (own.tokens < 1) return false;
    const all = refilled(this.#all, { at: now, perSecond: answersPerSecond, burst: answersPerSecond });
    this.#all = all;
    if (all.tokens < 1) return false;
    own.tokens--;
    all.tokens--;
    return true;
  }
}

function refilled(
  bucket: Bucket | undefined,
  { at, perSecond, burst }: { at: Micros; perSecond: number; burst: number },
): Bucket {
  if (!bucket) return { tokens: burst, at };
  const grown = bucket.tokens + (Math.max(0, at - bucket.at) / 1_000_000) * perSecond;
  return { tokens: Math.min(burst, grown), at };
}
