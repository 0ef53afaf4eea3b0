import type { LearnCandidate } from '../../contract/engine-api.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { tryNumber } from '../../contract/signal.ts';
import { microsToMillis, millis } from '../../contract/units.ts';
import type { Delivery } from '../../core/router/delivery.ts';
import type { Router } from '../../core/router/router.ts';
import type { Clock } from '../../ports/clock.ts';
import { createPacer } from './pacer.ts';

/** Addresses remembered while learning; the one heard longest ago makes room. */
export const learnAddressesMax = 200;
/** Candidates shown. */
export const learnShownMax = 12;
const interval = millis(100);

interface LearnOptions {
  readonly router: Pick<Router, 'tap'>;
  readonly clock: Clock;
  readonly send: (candidates: readonly LearnCandidate[]) => unknown;
}

/** Listens to what comes from outside; the signals go on to where they were going. A control that was touched travels
 *  far or is an event; a noisy sensor is heard often and travels little, so it sinks in the list. */
export function followLearn({ router, clock, send }: LearnOptions): Cancel {
  const heard = new Map<string, LearnCandidate>();
  const pacer = createPacer({ clock, interval, take: () => ranked([...heard.values()]), send });
  const untap = router.tap((delivery) => {
    if (delivery.cause) return;
    const { address } = delivery.signal;
    const next = merge(heard.get(address), delivery);
    heard.delete(address);
    if (heard.size >= learnAddressesMax) {
      const oldest = heard.keys().next();
      if (!oldest.done) heard.delete(oldest.value);
    }
    heard.set(address, next);
    pacer.poke();
  });
  return () => {
    untap();
    pacer.stop();
  };
}

function merge(before: LearnCandidate | undefined, { signal, at }: Delivery): LearnCandidate {
  const now = microsToMillis(at);
  const { address, value, kind } = signal;
  const from = before && tryNumber(before.value);
  const to = tryNumber(value);
  const step = from === undefined || to === undefined ? 0 : Math.abs(to - from);
  return {
    address,
    value,
    kind,
    count: (before?.count ?? 0) + 1,
    firstAt: before?.firstAt ?? now,
    lastAt: now,
    travel: (before?.travel ?? 0) + step,
  };
}

function ranked(candidates: LearnCandidate[]): LearnCandidate[] {
  const weight = ({ kind, travel, count }: LearnCandidate) => (kind === 'event' ? 1 + count : travel);
  return candidates.sort((a, b) => weight(b) - weight(a) || b.lastAt - a.lastAt).slice(0, learnShownMax);
}
