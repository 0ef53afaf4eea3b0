import { matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { sameValue, toJson, tryNumber, type Value } from '../../../src-main/contract/signal.ts';
import type { Heard, Watch } from '../observation.ts';
import type { Complain, Invariant, StateAtRest } from './invariant.ts';

interface View {
  readonly who: number;
  readonly watch: Watch;
  readonly values: Map<string, Value>;
  /** known from before the subscription stood: nobody tells when the time of such a param is over */
  readonly early: Set<string>;
  isReady: boolean;
}

/** At rest everyone sees the params as they stand, whenever they came: all of them, and no other; with an epsilon, to within
 *  it. */
export function viewsAgree(complain: Complain): Invariant {
  const views = new Map<string, View>();
  return {
    see: (seen) => {
      if (seen.what === 'lost' || seen.what === 'joined') {
        for (const [key, { who }] of views) if (who === seen.who) views.delete(key);
      } else if (seen.what === 'ready') viewOf(seen).isReady = true;
      else if (seen.what === 'heard' && seen.revision !== undefined) heard(seen);
    },
    rest: (state) => {
      for (const view of views.values()) compare(view, state);
    },
  };

  function viewOf({ who, watch }: Pick<Heard, 'who' | 'watch'>): View {
    const key = `${who} ${watch.number}`;
    const view = views.get(key) ?? {
      who,
      watch,
      values: new Map<string, Value>(),
      early: new Set<string>(),
      isReady: false,
    };
    views.set(key, view);
    return view;
  }

  function heard(seen: Heard): void {
    const { values, early, isReady } = viewOf(seen);
    if (isReady) early.delete(seen.address);
    else early.add(seen.address);
    if (seen.value.type === 'null') values.delete(seen.address);
    else values.set(seen.address, seen.value);
  }

  function compare({ who, watch, values, early }: View, { params }: StateAtRest): void {
    const pattern = parsePattern(watch.pattern);
    for (const [address, { value }] of params) {
      if (!matches(pattern, parseAddress(address)) || value.type === 'null') continue;
      const known = values.get(address);
      if (!known) complain(`actor ${who} does not know ${address} of ${watch.pattern}`);
      else if (!isNear(known, value, watch.epsilon ?? 0))
        complain(`actor ${who} sees ${show(known)} at ${address} of ${watch.pattern}, where ${show(value)} is`);
    }
    for (const address of values.keys())
      if (!params.has(address) && !early.has(address))
        complain(`actor ${who} still sees ${address} of ${watch.pattern}, which is gone`);
  }
}

function isNear(known: Value, value: Value, epsilon: number): boolean {
  const [one, other] = [tryNumber(known), tryNumber(value)];
  if (one === undefined || other === undefined || epsilon === 0) return sameValue(known, value);
  return Math.abs(one - other) <= epsilon;
}

function show(value: Value): string {
  return JSON.stringify(toJson(value));
}
