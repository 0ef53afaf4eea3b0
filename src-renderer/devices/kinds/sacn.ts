import { isolated } from '../../widgets/isolate.ts';
import { listWords } from '../list-words.ts';
import { describeLoop, describeUniverseConflict } from '../universe-conflicts.ts';
import type { UniverseRange } from '../universe-ranges.ts';
import { spanWords, universeWords } from '../universe-words.ts';
import type { KindRecord, SettingsOf } from './kind-record.ts';

export const sacn: KindRecord<SettingsOf<'sacn'>> = {
  word: 'sACN',
  fresh: (free) => {
    const universe = free.universe();
    return {
      universes: [{ first: universe, last: universe, priority: 100 }],
      mode: 'multicast',
      unicastTo: [],
      networkCard: '',
      sourceName: 'Flyrail',
      cid: free.id(),
    };
  },
  sentence: ({ universes, receive, mode, unicastTo, prefix }) => {
    const to = mode === 'multicast' ? 'everyone on the lighting network' : hostWords(unicastTo);
    const sends = `Flyrail sends ${universeWords(universes)} to ${to}, 44 times a second.`;
    const hears = `What others send in ${universeWords(receive)} appears under ${isolated(prefix)}.`;
    return [universes.length > 0 && sends, receive.length > 0 && hears].filter(Boolean).join(' ');
  },
  url: ({ universes, receive }) => {
    const spans = (of: readonly UniverseRange[]): string => `U ${of.map(spanWords).join(', ')}`;
    const hears = receive.length > 0 && `hears ${spans(receive)}`;
    return [universes.length > 0 && spans(universes), hears].filter(Boolean).join(', ');
  },
  testAddress: ({ prefix, universes, receive }) => `${prefix}/${(universes[0] ?? receive[0])?.first ?? 1}/1`,
  repair: (name, value) => (name === 'sourceName' ? sourceNameRepair(String(value)) : undefined),
  look: (own, bridges) => ({
    universes: own.kind === 'sacn' && own.enabled ? describeUniverseConflict(own, bridges) : undefined,
    prefix: own.kind === 'sacn' && own.enabled ? describeLoop(own, bridges) : undefined,
  }),
};

/** [E1.31 6.2.2] 64 octets of UTF-8 with the closing zero; the show document keeps it to 60 letters. */
function sourceNameRepair(name: string): string | undefined {
  if (name === '') return 'Name the source, as receivers list it.';
  return name.length > 60 || new TextEncoder().encode(name).length > 63
    ? 'A source name has at most 60 letters.'
    : undefined;
}

function hostWords(hosts: readonly string[]): string {
  if (hosts.length === 0) return 'no one yet';
  return hosts.length > 2
    ? `${isolated(hosts[0] ?? '')} and ${hosts.length - 1} others`
    : listWords(hosts.map(isolated));
}
