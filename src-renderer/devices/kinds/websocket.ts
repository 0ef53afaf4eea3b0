import type { WebSocketBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import { coveredAddress, type KindRecord } from './kind-record.ts';

export const websocket: KindRecord<WebSocketBridge['settings']> = {
  word: 'WebSocket',
  fresh: (free) => ({ prefix: free.prefix('/ws') }),
  sentence: ({ url, prefix, direction }) => {
    const [server, under] = [isolated(url), isolated(prefix)];
    const takes = `What the server ${server} says appears under ${under}`;
    const gives = `what is set under ${under} is sent to it`;
    if (direction === 'in') return `${takes}.`;
    return direction === 'out'
      ? `What is set under ${under} is sent to the server ${server}.`
      : `${takes}, and ${gives}.`;
  },
  url: ({ url }) => url,
  testAddress: ({ prefix, gives }) => coveredAddress(prefix, gives),
};
