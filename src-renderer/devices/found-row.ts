import { foundWays, type FoundKind, type FoundThing, type FoundWay } from '../../src-main/contract/discovery.ts';
import { formatSpan } from '../../src-main/contract/format-span.ts';
import type { Millis } from '../../src-main/contract/units.ts';
import { formatMoment } from '../widgets/format-time.ts';
import { isolated } from '../widgets/isolate.ts';

/** Something found, as its row shows it. */
export interface FoundRow {
  readonly key: string;
  readonly kindWord: string;
  readonly name: string;
  /** URL or addresses, and the universes of lighting things */
  readonly address: string;
  /** in which ways, and on which cards */
  readonly from: string;
  /** the same with who said it, and what else a lighting node says of itself */
  readonly fromWhom: string;
  readonly since: string;
  readonly seen: string;
  readonly does: FoundDeed;
  /** what to know before, or why there is nothing to do */
  readonly words: string;
  /** it went, and stays in sight while somebody is at the list */
  readonly isGone: boolean;
}

/** connect: a bridge joins the show. open: a page in a browser. */
export type FoundDeed = 'connect' | 'open' | 'nothing';

export const foundKindWords: Readonly<Record<FoundKind, string>> = {
  clasp: 'CLASP',
  osc: 'OSC',
  http: 'Web page',
  mqtt: 'MQTT',
  artnet: 'Art-Net',
  sacn: 'sACN',
};
const wayWords: Readonly<Record<FoundWay, string>> = {
  mdns: 'mDNS',
  broadcast: 'broadcast',
  artpoll: 'Art-Net poll',
  sacn: 'sACN',
  rendezvous: 'rendezvous',
};
/** Named one by one up to here. */
const spansMax = 4;

export interface FoundAround {
  readonly now: Millis;
  readonly isGone: boolean;
}

export function foundRow(thing: FoundThing, { now, isGone }: FoundAround): FoundRow {
  const { key, kind, name, firstSeen, lastSeen } = thing;
  return {
    key,
    kindWord: foundKindWords[kind],
    name,
    address: addressOf(thing),
    ...fromOf(thing),
    since: formatMoment(firstSeen, now),
    seen: seenWords((now - lastSeen) as Millis),
    ...(isGone ? { does: 'nothing', words: 'Gone.' } : doesOf(thing)),
    isGone,
  };
}

/** The whole row in words. */
export function spokenFound({ kindWord, name, address, from, since, words, isGone }: FoundRow): string {
  const known = isGone ? 'gone' : `since ${since}`;
  return [isolated(name), kindWord, address, `from ${from}`, known, isGone ? '' : words]
    .filter((part) => part !== '')
    .join(', ');
}

/** A page of the web and nothing else: what the network says is not taken for more. */
export function webPageOf(url: string | null): string | undefined {
  if (url === null || !URL.canParse(url)) return undefined;
  const { protocol, username, password, href } = new URL(url);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '' ? href : undefined;
}

function doesOf({ offer, url }: FoundThing): Pick<FoundRow, 'does' | 'words'> {
  switch (offer.does) {
    case 'add-bridge':
      return { does: 'connect', words: offer.note ?? '' };
    case 'open':
      if (webPageOf(url) === undefined) return { does: 'nothing', words: 'Its address is not that of a web page.' };
      return { does: 'open', words: 'Opens in a browser.' };
    case 'nothing':
      return { does: 'nothing', words: offer.why };
    default:
      return offer satisfies never;
  }
}

function addressOf({ url, addresses, port, universes }: FoundThing): string {
  const [address = ''] = addresses;
  const host = address.includes(':') && port !== null ? `[${address}]` : address;
  const at = url ?? (port === null ? host : `${host}:${port}`);
  const lamps = universes.length === 0 ? '' : `U ${spansOf(universes)}`;
  return [lamps, at].filter((part) => part !== '').join(' · ');
}

/** @param numbers ascending */
function spansOf(numbers: readonly number[]): string {
  const spans: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const span = spans.at(-1);
    if (span && number === span.last + 1) span.last = number;
    else spans.push({ first: number, last: number });
  }
  const named = spans.slice(0, spansMax).map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`));
  return spans.length > spansMax ? `${named.join(', ')} …` : named.join(', ');
}

function fromOf({ kind, features, sources }: FoundThing): Pick<FoundRow, 'from' | 'fromWhom'> {
  const ways = foundWays.flatMap((way) => {
    const cards = sources.filter((source) => source.way === way).map(({ networkCard }) => networkCard);
    if (cards.length === 0) return [];
    const named = [...new Set(cards.filter((card) => card !== null))];
    return [[wayWords[way], ...named].join(' ')];
  });
  const whom = sources.map(({ way, networkCard, from }) =>
    [wayWords[way], networkCard ?? '', 'from', from].filter((part) => part !== '').join(' '),
  );
  const more = kind === 'artnet' ? features : [];
  return { from: ways.join(', '), fromWhom: [...whom, ...more].join('\n') };
}

/** Whole seconds: what answers once a minute needs no tenths. */
function seenWords(span: Millis): string {
  if (span < 1500) return 'now';
  return span < 10_000 ? `${Math.floor(span / 1000)} s` : formatSpan(span);
}
