import type { Bridge, ClaspBridge, OscBridge, SacnBridge } from '../../src-main/contract/show.ts';
import { isolated } from '../widgets/isolate.ts';

/** What a bridge does, in one plain sentence or two: `Flyrail sends universes 1–4 to everyone on the lighting network,
 *  44 times a second.` */
export function describeBridge(bridge: Bridge): string {
  switch (bridge.kind) {
    case 'osc':
      return describeOsc(bridge.settings);
    case 'sacn':
      return describeSacn(bridge.settings);
    case 'clasp':
      return describeClasp(bridge.settings);
    default:
      return bridge satisfies never;
  }
}

function describeOsc(settings: OscBridge['settings']): string {
  const host = everyCard.has(settings.listenHost) ? 'every network card' : isolated(settings.listenHost);
  const heard = `Flyrail listens for OSC on port ${settings.listenPort} of ${host}`;
  const [first] = settings.targets;
  const more = settings.targets.length - 1;
  const others = more > 0 ? ` and ${more} ${more === 1 ? 'other' : 'others'}` : '';
  const to = first ? `${isolated(first.host)}:${first.port}${others}` : 'no one yet';
  switch (settings.direction) {
    case 'in':
      return `${heard}. What comes in appears under ${isolated(settings.prefix)}.`;
    case 'out':
      return `What is set under ${isolated(settings.prefix)} goes out as OSC to ${to}.`;
    case 'both':
      return `${heard}, and sends what is set under ${isolated(settings.prefix)} to ${to}.`;
    default:
      return settings.direction satisfies never;
  }
}

function describeClasp({ url, prefix, direction, take }: ClaspBridge['settings']): string {
  const what = take.includes('/**') ? 'What happens' : `What happens under ${listWords(take.map(isolated))}`;
  const taken = `${what} at the router ${isolated(url)} appears under ${isolated(prefix)}`;
  const given = `what is set under ${isolated(prefix)} goes there`;
  switch (direction) {
    case 'in':
      return `${taken}.`;
    case 'out':
      return `What is set under ${isolated(prefix)} goes to the router ${isolated(url)}.`;
    case 'both':
      return `${taken}, and ${given}.`;
    default:
      return direction satisfies never;
  }
}

const everyCard: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

function describeSacn(settings: SacnBridge['settings']): string {
  const what = universeWords(settings.universes);
  const to = settings.mode === 'multicast' ? 'everyone on the lighting network' : hostWords(settings.unicastTo);
  return `Flyrail sends ${what} to ${to}, 44 times a second.`;
}

function universeWords(ranges: SacnBridge['settings']['universes']): string {
  const spans = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`));
  if (spans.length > 4) return `${universeCount(ranges)} universes from ${spans[0] ?? ''}`;
  return `universe${universeCount(ranges) === 1 ? '' : 's'} ${listWords(spans)}`;
}

function universeCount(ranges: SacnBridge['settings']['universes']): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

function hostWords(hosts: readonly string[]): string {
  if (hosts.length === 0) return 'no one yet';
  return hosts.length > 2
    ? `${isolated(hosts[0] ?? '')} and ${hosts.length - 1} others`
    : listWords(hosts.map(isolated));
}

function listWords(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
