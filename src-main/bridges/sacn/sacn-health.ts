import type { SacnBridge } from '../../contract/show.ts';
import type { Rival, Twin } from './rival-watch.ts';

type Settings = SacnBridge['settings'];

/** Rivals that a status names. */
const rivalsShown = 3;

/** Who else sends what is sent here, as sentences: `house-lx sends universe 1 too, at priority 90: receivers follow Flyrail.`
 *  @param priorityOf of our own output
 *  @returns whether receivers do not follow us alone, and what to say; undefined while there is nobody */
export function describeRivals(
  rivals: readonly Rival[],
  priorityOf: (universe: number) => number | undefined,
): { readonly isTrouble: boolean; readonly words: string } | undefined {
  if (rivals.length === 0) return undefined;
  const isAbove = ({ universe, priority }: Rival): boolean => priority >= (priorityOf(universe) ?? 0);
  const sorted = rivals.toSorted((one, other) => Number(isAbove(other)) - Number(isAbove(one)));
  const sentences = sorted.slice(0, rivalsShown).map((rival) => {
    const own = priorityOf(rival.universe) ?? 0;
    const outcome =
      rival.priority > own
        ? `at priority ${rival.priority}: receivers follow it.`
        : rival.priority === own
          ? 'at the same priority: receivers merge both.'
          : `at priority ${rival.priority}: receivers follow Flyrail.`;
    return `${rival.name} sends universe ${rival.universe} too, ${outcome}`;
  });
  if (sorted.length > rivalsShown) sentences.push(`And ${sorted.length - rivalsShown} more.`);
  return { isTrouble: rivals.some(isAbove), words: sentences.join(' ') };
}

/** Who sends as us, as a sentence: a copy of the show on another machine, or of the bridge. [E1.31 6.7.2]
 *  @returns undefined while there is nobody */
export function describeTwins([first, ...others]: readonly Twin[]): string | undefined {
  if (!first) return undefined;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return (
    `${first.address} sends universe ${first.universe}${more} too, with the component identifier (CID) of this bridge: ` +
    'receivers drop packets of either. Delete one of the two bridges and add it anew: it gets its own.'
  );
}

/** Where it sends and listens, as an operator writes it: `U 1-4 on eth0`, `U 1 to 10.0.0.5, hears U 7`. */
export function urlOf({ universes, receive, mode, networkCard, unicastTo }: Settings): string {
  const sends =
    universes.length === 0
      ? ''
      : mode === 'unicast'
        ? `U ${rangesOf(universes)} to ${unicastTo.join(', ') || 'nobody'}`
        : `U ${rangesOf(universes)}`;
  const hears = receive.length === 0 ? '' : `hears U ${rangesOf(receive)}`;
  const on = networkCard !== '' && (hears !== '' || mode === 'multicast') ? ` on ${networkCard}` : '';
  return [sends, hears].filter(Boolean).join(', ') + on;
}

function rangesOf(spans: readonly { first: number; last: number }[]): string {
  return spans.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
