import { isolated } from '../../widgets/isolate.ts';
import { listWords } from '../list-words.ts';
import type { KindRecord } from './kind-record.ts';
import type { SettingsOf } from './kinds.ts';

export const clasp: KindRecord<SettingsOf<'clasp'>> = {
  word: 'CLASP',
  fresh: (free) => ({ url: 'ws://127.0.0.1:7330/clasp', prefix: free.prefix('/router') }),
  sentence: ({ url, prefix, direction, take }) => {
    const what = take.includes('/**') ? 'What happens' : `What happens under ${listWords(take.map(isolated))}`;
    const taken = `${what} at the router ${isolated(url)} appears under ${isolated(prefix)}`;
    switch (direction) {
      case 'in':
        return `${taken}.`;
      case 'out':
        return `What is set under ${isolated(prefix)} goes to the router ${isolated(url)}.`;
      case 'both':
        return `${taken}, and what is set under ${isolated(prefix)} goes there.`;
      default:
        return direction satisfies never;
    }
  },
  url: ({ url }) => url,
};
