import type { SerialBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import type { KindRecord } from './kind-record.ts';

export const serial: KindRecord<SerialBridge['settings']> = {
  word: 'Serial',
  fresh: (free) => ({ prefix: free.prefix('/serial') }),
  sentence: ({ port, baud, prefix, receives, sends }) => {
    const [where, under] = [isolated(port), isolated(prefix)];
    const says =
      receives.length === 0
        ? `What the device at ${where} says appears at ${isolated(`${prefix}/line`)}`
        : `What the device at ${where} says appears under ${under}`;
    const hears =
      sends.length === 0 ? `what is sent to ${isolated(`${prefix}/send`)} goes out` : `what is set there goes out`;
    return `${says}, and ${hears}, at ${baud} baud.`;
  },
  url: ({ port, baud }) => `${port}, ${baud} baud`,
  testAddress: ({ prefix }) => `${prefix}/send`,
};
