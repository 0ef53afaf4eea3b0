import type { HttpBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import { coveredAddress, type KindRecord } from './kind-record.ts';

export const http: KindRecord<HttpBridge['settings']> = {
  word: 'HTTP',
  fresh: (free) => ({ prefix: free.prefix('/http') }),
  sentence: ({ polls, webhooks, prefix }) => {
    const under = isolated(prefix);
    const asks = `What web servers answer appears under ${under}`;
    const sends = `what is set or happens under ${under} is sent to web servers`;
    if (polls.length + webhooks.length === 0)
      return 'Nothing is asked for and nothing is sent until a poll or webhook is added.';
    if (webhooks.length === 0) return `${asks}.`;
    return polls.length === 0
      ? `What is set or happens under ${under} is sent to web servers.`
      : `${asks}, and ${sends}.`;
  },
  url: ({ url, polls, webhooks, prefix }) => url || (polls[0] ?? webhooks[0])?.url || prefix,
  testAddress: ({ prefix, webhooks }) => coveredAddress(prefix, webhooks),
};
