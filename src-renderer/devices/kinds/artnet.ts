import { portAddressWords } from '../../../src-main/contract/bridges/port-address.ts';
import type { ArtnetBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import { listWords } from '../list-words.ts';
import { describeLoop, describeUniverseConflict } from '../universe-conflicts.ts';
import { spanWords } from '../universe-words.ts';
import type { KindRecord } from './kind-record.ts';

type Settings = ArtnetBridge['settings'];

export const artnet: KindRecord<Settings> = {
  word: 'Art-Net',
  fresh: (free) => ({ universes: [{ first: 0, last: 0 }], prefix: free.prefix('/artnet') }),
  sentence: (settings) => {
    const { universes, receive, prefix } = settings;
    const sent = `Flyrail sends ${portWords(universes)} ${toWords(settings)}, 44 times a second.`;
    const heard = `What controllers send to ${portWords(receive)} appears under ${isolated(prefix)}.`;
    return [universes.length > 0 && sent, receive.length > 0 && heard].filter(Boolean).join(' ');
  },
  url: ({ universes, receive }) => `U ${[...universes, ...receive].map(spanWords).join(', ')}`,
  testAddress: ({ prefix, universes }) => `${prefix}/${universes[0]?.first ?? 0}/1`,
  look: (own, bridges) => ({
    universes: own.kind === 'artnet' && own.enabled ? describeUniverseConflict(own, bridges) : undefined,
    prefix: own.kind === 'artnet' && own.enabled ? describeLoop(own, bridges) : undefined,
  }),
};

function toWords({ send, hosts }: Settings): string {
  if (send === 'subscribers') return 'to the nodes that ask for it';
  if (send === 'broadcast') return 'to everyone on the network';
  return hosts.length === 0 ? 'to no one yet' : `to ${listWords(hosts.map(isolated))}`;
}

function portWords(ranges: Settings['universes']): string {
  const count = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return `port address${count === 1 ? '' : 'es'} ${listWords(ranges.map(({ first, last }) => portAddressWords(first, last)))}`;
}
