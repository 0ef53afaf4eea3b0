import type { SocketioBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import { coveredAddress, type KindRecord } from './kind-record.ts';

export const socketio: KindRecord<SocketioBridge['settings']> = {
  word: 'Socket.IO',
  fresh: (free) => ({ prefix: free.prefix('/socketio') }),
  sentence: ({ url, prefix, direction }) => {
    const [server, under] = [isolated(url), isolated(prefix)];
    const takes = `What the server ${server} says appears under ${under}`;
    if (direction === 'in') return `${takes}.`;
    return direction === 'out'
      ? `What is set under ${under} is emitted to the server ${server}.`
      : `${takes}, and what is set under ${under} is emitted there.`;
  },
  url: ({ url }) => url,
  testAddress: ({ prefix, emissions }) => coveredAddress(prefix, emissions),
};
