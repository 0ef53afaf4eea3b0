import Activity from '@lucide/svelte/icons/activity';
import type { Action } from '../widgets/actions.svelte.ts';
import type { MonitorFeed } from './monitor-feed.svelte.ts';

export interface MonitorMeans {
  focusFind(): void;
  clear(): void;
  copy(): void;
  /** closes the inspector */
  leave(): void;
}

/** What the keys and the palette can do while the Monitor page is shown. */
export function monitorActions(feed: MonitorFeed, means: MonitorMeans): Action[] {
  const group = 'Monitor';
  return [
    {
      id: 'monitor.find',
      label: 'Show only some addresses',
      group,
      keys: ['/'],
      keyLabel: '/',
      run: () => means.focusFind(),
    },
    {
      id: 'monitor.freeze',
      label: 'Freeze the picture, or let it run',
      group,
      icon: Activity,
      run: () => (feed.frozen ? feed.resume() : feed.freeze()),
    },
    { id: 'monitor.clear', label: 'Clear the monitor', group, icon: Activity, run: () => means.clear() },
    {
      id: 'monitor.copy',
      label: 'Copy what the monitor shows as text',
      group,
      icon: Activity,
      run: () => means.copy(),
    },
    {
      id: 'monitor.leave',
      label: 'Close the inspector',
      group,
      keys: ['Escape'],
      keyLabel: 'Esc',
      keyOnly: true,
      run: () => means.leave(),
    },
  ];
}
