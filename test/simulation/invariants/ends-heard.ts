import { matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import type { Heard, Watch } from '../observation.ts';
import type { ActorPlan } from '../scenario.ts';
import type { Complain, Invariant, StateAtRest } from './invariant.ts';

interface View {
  readonly who: number;
  readonly watch: Watch;
  /** heard of, over all sessions and lives, and not of their end */
  readonly known: Set<string>;
  /** told as gone when the client was back, and not heard of since */
  readonly ended: Set<string>;
}

/** Over all sessions and lives of the router, our client hears once of the end of each param that it had heard of; at rest it
 *  knows of none that is gone, and was told of no end of one that stands. */
export function endsHeard(complain: Complain, actors: readonly ActorPlan[]): Invariant {
  const views = new Map<string, View>();
  const onDatagrams = new Set(actors.filter(({ link }) => link.kind === 'datagram').map(({ who }) => who));
  const here = new Set<number>();
  return {
    see: (seen) => {
      if (seen.what === 'joined') here.add(seen.who);
      else if (seen.what === 'lost') here.delete(seen.who);
      else if (seen.what === 'heard' && seen.kind === 'param' && !onDatagrams.has(seen.who)) hear(seen);
    },
    rest: (state) => {
      for (const view of views.values()) if (here.has(view.who)) compare(view, state);
    },
  };

  function hear(seen: Heard): void {
    const { who, watch, address, value, revision, isSnapshot } = seen;
    const key = `${who} ${watch.number}`;
    const view: View = views.get(key) ?? { who, watch, known: new Set(), ended: new Set() };
    views.set(key, view);
    // What was published as a param and not set stands nowhere.
    if (revision === undefined && !isSnapshot) return;
    view.ended.delete(address);
    if (value.type !== 'null') view.known.add(address);
    else if (!view.known.delete(address) && revision === undefined)
      complain(`actor ${who} heard the end of ${address}, which it did not know, or twice`);
    if (revision === undefined) view.ended.add(address);
  }

  function compare({ who, watch, known, ended }: View, { params }: StateAtRest): void {
    const pattern = parsePattern(watch.pattern);
    for (const address of known)
      if (!params.has(address)) complain(`actor ${who} never heard the end of ${address} of ${watch.pattern}`);
    for (const [address, { value }] of params)
      if (ended.has(address) && matches(pattern, parseAddress(address)) && value.type !== 'null')
        complain(`actor ${who} was told the end of ${address} of ${watch.pattern}, which stands`);
  }
}
