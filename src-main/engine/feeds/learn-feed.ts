import { parsePattern } from '../../contract/address.ts';
import type { LearnBatch, LearnCandidate } from '../../contract/live-events.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { microsToMillis, millis } from '../../contract/units.ts';
import type { Delivery } from '../../core/router/delivery/delivery.ts';
import type { Router } from '../../core/router/router.ts';
import type { Clock } from '../../ports/clock.ts';
import { HeardAddress } from './heard-address.ts';
import { createPacer } from './pacer.ts';

/** Addresses followed while learning; the least likely ones make room, of equal ones those heard longest ago. */
export const learnAddressesMax = 2_000;
/** Candidates shown. */
export const learnShownMax = 12;
/** Addresses that are told apart for the number of those heard. */
export const learnCountedMax = 20_000;
const interval = millis(100);
/** At once, so that looking for the least likely is rare. */
const roomMade = 1_000;
/** A param that nobody had set before learn began was still for at least as long as it takes to press learn. */
const neverSetMs = 2_000;

interface LearnOptions {
  readonly router: Pick<Router, 'tap' | 'current'>;
  readonly clock: Clock;
  readonly send: (batch: LearnBatch) => unknown;
}

/** Listens to what comes from outside; the signals go on to where they were going. The likeliest to have been touched
 *  comes first, see HeardAddress. */
export function followLearn({ router, clock, send }: LearnOptions): Cancel {
  const beganAt = microsToMillis(clock.nowMicros());
  const before = new Map(router.current(parsePattern('/**')).map(({ address, value }) => [address, value]));
  const heard = new Map<string, HeardAddress>();
  const counted = new Set<string>();
  const take = (): LearnBatch => ({ candidates: likeliest(heard), among: counted.size });
  const pacer = createPacer({ clock, interval, take, send });
  const untap = router.tap((delivery) => {
    if (delivery.cause) return;
    const { address } = delivery.signal;
    const known = heard.get(address) ?? meet(delivery);
    known.hear(delivery);
    pacer.poke();
  });
  return () => {
    untap();
    pacer.stop();
  };

  function meet(delivery: Delivery): HeardAddress {
    const { address, kind } = delivery.signal;
    if (heard.size >= learnAddressesMax) makeRoom(heard);
    if (counted.size < learnCountedMax) counted.add(address);
    const value = before.get(address);
    const neverSet = kind === 'param' && value === undefined;
    const known = new HeardAddress(delivery, { value, stillSince: neverSet ? beganAt - neverSetMs : beganAt });
    heard.set(address, known);
    return known;
  }
}

/** A rig that says more than can be followed must not push out the control that was touched. */
function makeRoom(heard: Map<string, HeardAddress>): void {
  for (const { name } of byWeight(heard).slice(-roomMade)) heard.delete(name);
}

/** The likeliest first, of equal ones the one heard last. */
function byWeight(heard: ReadonlyMap<string, HeardAddress>) {
  return [...heard]
    .toReversed()
    .map(([name, address]) => ({ name, address, weight: address.weight }))
    .sort((a, b) => b.weight - a.weight || b.address.lastAt - a.address.lastAt);
}

function likeliest(heard: ReadonlyMap<string, HeardAddress>): LearnCandidate[] {
  return byWeight(heard)
    .slice(0, learnShownMax)
    .map(({ address }) => address.candidate());
}
