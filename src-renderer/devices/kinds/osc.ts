import { isolated } from '../../widgets/isolate.ts';
import { describePortClash } from '../port-clash.ts';
import type { KindRecord } from './kind-record.ts';
import type { SettingsOf } from './kinds.ts';

const everyCard: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

export const osc: KindRecord<SettingsOf<'osc'>> = {
  word: 'OSC',
  fresh: (free) => ({
    direction: 'both',
    listenHost: '0.0.0.0',
    listenPort: free.port(8000),
    remoteHost: '127.0.0.1',
    remotePort: 9000,
    prefix: free.prefix('/osc'),
  }),
  sentence: (settings) => {
    const host = everyCard.has(settings.listenHost) ? 'every network card' : isolated(settings.listenHost);
    const heard = `Flyrail listens for OSC on port ${settings.listenPort} of ${host}`;
    const to = `${isolated(settings.remoteHost)}:${settings.remotePort}`;
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
  },
  url: ({ direction, listenHost, listenPort, remoteHost, remotePort }) =>
    direction === 'out' ? `${remoteHost}:${remotePort}` : `${listenHost}:${listenPort}`,
  look: (own, bridges) => ({ listenPort: own.kind === 'osc' ? describePortClash(own, bridges) : undefined }),
};
