import { isolated } from '../widgets/isolate.ts';
import type { DraftChange } from './bridge-draft.ts';

/** As the form names them. */
const labels: Readonly<Record<keyof DraftChange, string>> = {
  name: 'name',
  prefix: 'addresses begin with',
  direction: 'direction',
  listenHost: 'listens at',
  listenPort: 'listens on port',
  remoteHost: 'sends to',
  remotePort: 'at port',
  universes: 'universes',
  priority: 'priority',
  mode: 'sends to',
  unicastTo: 'receivers',
  networkCard: 'network card',
  sourceName: 'source name',
  port: 'at port',
  floats: 'floats mean',
  url: 'router',
  take: 'takes',
  secretName: 'name of the token',
  caFile: 'authority',
};

/** What was typed into a form, for when the form is gone: `“9123” as listens on port`. */
export function describeTyped(change: DraftChange): string {
  return Object.entries(change)
    .map(([field, text]) => `“${isolated(text)}” as ${labels[field as keyof DraftChange]}`)
    .join(', ');
}
