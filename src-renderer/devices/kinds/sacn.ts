import { isolated } from '../../widgets/isolate.ts';
import { listWords } from '../list-words.ts';
import { describeUniverseConflict } from '../universe-conflicts.ts';
import type { UniverseRange } from '../universe-ranges.ts';
import { spanWords, universeWords } from '../universe-words.ts';
import type { KindRecord } from './kind-record.ts';
import type { SettingsOf } from './kinds.ts';

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
  sentence: ({ universes, mode, unicastTo }) => {
    const to = mode === 'multicast' ? 'everyone on the lighting network' : hostWords(unicastTo);
    return `Flyrail sends ${universeWords(universes)} to ${to}, 44 times a second.`;
  },
  url: ({ universes }) => `U ${(universes as readonly UniverseRange[]).map(spanWords).join(', ')}`,
  testAddress: ({ prefix, universes }) => `${prefix}/${universes[0]?.first ?? 1}/1`,
  repair: (name, value) => (name === 'sourceName' ? sourceNameRepair(String(value)) : undefined),
  look: (own, bridges) => ({
    universes: own.kind === 'sacn' && own.enabled ? describeUniverseConflict(own, bridges) : undefined,
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
