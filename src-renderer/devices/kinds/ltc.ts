import type { LtcBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import type { KindRecord } from './kind-record.ts';

export const ltc: KindRecord<LtcBridge['settings']> = {
  word: 'LTC',
  fresh: (free) => ({ prefix: free.prefix('/ltc') }),
  sentence: ({ direction, prefix, device }) => {
    const under = isolated(`${prefix}/${device}`);
    if (direction === 'out') return `Flyrail plays timecode on a sound device, led by what is set under ${under}.`;
    const reads = `The timecode that a sound device hears appears under ${under}`;
    return direction === 'in' ? `${reads}.` : `${reads}, and Flyrail plays timecode too.`;
  },
  url: ({ direction, inputDevice, outputDevice }) =>
    (direction === 'out' ? outputDevice : inputDevice) || 'default sound device',
  onlyReads: ({ direction }) => direction === 'in',
  testAddress: ({ prefix, device }) => `${prefix}/${device}/timecode/locate`,
};
