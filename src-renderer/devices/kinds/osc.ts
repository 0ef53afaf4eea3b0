import { isolated } from '../../widgets/isolate.ts';
import { describePortClash } from '../port-clash.ts';
import type { KindRecord, SettingsOf } from './kind-record.ts';

const everyCard: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

export const osc: KindRecord<SettingsOf<'osc'>> = {
  word: 'OSC',
  fresh: (free) => ({
    listenPort: free.port(8000),
    targets: [{ host: '127.0.0.1', port: 9000 }],
    prefix: free.prefix('/osc'),
  }),
  sentence: (settings) => {
    const host = everyCard.has(settings.listenHost) ? 'every network card' : isolated(settings.listenHost);
    const heard = `Flyrail listens for OSC on port ${settings.listenPort} of ${host}`;
    const to = targetWords(settings.targets);
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
  url: ({ direction, listenHost, listenPort, targets }) =>
    direction === 'out' ? targets.map(({ host, port }) => `${host}:${port}`).join(', ') : `${listenHost}:${listenPort}`,
  onlyReads: ({ direction }) => direction === 'in',
  look: (own, bridges) => ({ listenPort: own.kind === 'osc' ? describePortClash(own, bridges) : undefined }),
};

function targetWords([first, ...others]: SettingsOf<'osc'>['targets']): string {
  if (!first) return 'no one yet';
  const more = others.length === 0 ? '' : ` and ${others.length} ${others.length === 1 ? 'other' : 'others'}`;
  return `${isolated(first.host)}:${first.port}${more}`;
}
