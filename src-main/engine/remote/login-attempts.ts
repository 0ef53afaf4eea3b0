import { micros, microsToMillis, millis, type Micros, type Millis } from '../../contract/units.ts';
import { NewestMap } from '../../core/bounds/newest-map.ts';
import type { Clock } from '../../ports/clock.ts';

/** Wrong PINs that one source may try without a wait; one is forgotten every hour. */
export const freeTries = 5;
/** After them it waits 1 s, 2 s, 4 s … up to this. */
export const longestWait = millis(3_600_000);
/** Wrong PINs that all strangers together may try at once, and how long it takes until one more may be. As much again is
 *  for sources that logged in before, so that strangers do not shut them out. */
export const triesOfAll = 30;
export const tryOfAllEvery = millis(20 * 60_000);
/** Sources that are told apart; the one heard longest ago is forgotten, but never what all tried together. */
export const sourcesMax = 1024;
const forgetEvery = 3_600_000_000;

interface Source {
  readonly wrong: number;
  /** when one of them is forgotten next */
  readonly forgetAt: number;
  readonly notBefore: number;
  readonly isKnown: boolean;
}

/** How often PINs may be tried. A try counts as wrong from its begin, since whoever begins knows more afterwards; the right
 *  one is given back, and gives back nothing else, or who knows one PIN could try for another without end. */
export interface LoginAttempts {
  /** Takes one try. @param source an IP address @returns 0, or how long to wait: then nothing was taken */
  take(source: string): Millis;
  /** The last try of this source was right. */
  right(source: string): void;
}

export function createLoginAttempts(clock: Clock): LoginAttempts {
  const sources = new NewestMap<string, Source>(sourcesMax);
  const strangers = createBucket();
  const known = createBucket();
  return {
    take: (address) => {
      const now = clock.nowMicros();
      const key = sourceOf(address);
      const source = forgetting(sources.get(key) ?? { wrong: 0, forgetAt: 0, notBefore: 0, isKnown: false }, now);
      if (now < source.notBefore) return microsToMillis(micros(source.notBefore - now));
      const wait = (source.isKnown ? known : strangers).take(now);
      if (wait > 0) return wait;
      const wrong = source.wrong + 1;
      sources.set(key, {
        ...source,
        wrong,
        forgetAt: source.wrong === 0 ? now + forgetEvery : source.forgetAt,
        notBefore: now + waitAfter(wrong) * 1000,
      });
      return millis(0);
    },
    right: (address) => {
      const key = sourceOf(address);
      const source = sources.get(key);
      if (!source) return;
      (source.isKnown ? known : strangers).giveBack();
      const wrong = Math.max(0, source.wrong - 1);
      // What it had to wait for earlier wrong ones it still has to.
      const notBefore = wrong < freeTries ? 0 : source.notBefore;
      sources.set(key, { ...source, wrong, notBefore, isKnown: true });
    },
  };
}

function waitAfter(wrong: number): number {
  return wrong < freeTries ? 0 : Math.min(longestWait, 1000 * 2 ** Math.min(wrong - freeTries, 20));
}

function forgetting(source: Source, now: number): Source {
  if (source.wrong === 0 || now < source.forgetAt) return source;
  const hours = 1 + Math.floor((now - source.forgetAt) / forgetEvery);
  return { ...source, wrong: Math.max(0, source.wrong - hours), forgetAt: source.forgetAt + hours * forgetEvery };
}

/** So many at once, and then one more every so often. */
function createBucket() {
  let spent = 0;
  let since = 0;
  const every = tryOfAllEvery * 1000;
  return {
    take: (now: Micros): Millis => {
      const back = Math.floor((now - since) / every);
      spent = Math.max(0, spent - back);
      since = spent === 0 ? now : since + back * every;
      if (spent >= triesOfAll) return microsToMillis(micros(since + every - now));
      spent++;
      return millis(0);
    },
    giveBack: (): void => {
      spent = Math.max(0, spent - 1);
    },
  };
}

/** Whoever has an IPv6 address has 2^64 of them. */
function sourceOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail = ''] = plain.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === '' ? [] : tail.split(':');
  const whole = plain.includes('::')
    ? [...groups, ...Array<string>(8 - groups.length - rest.length).fill('0'), ...rest]
    : groups;
  return whole.slice(0, 4).join(':');
}
