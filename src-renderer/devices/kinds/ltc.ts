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
  look: ({ settings: { direction, inputDevice, outputDevice } }) => ({
    inputDevice: direction === 'out' ? undefined : numberedCard(inputDevice, 'arecord'),
    outputDevice: direction === 'in' ? undefined : numberedCard(outputDevice, 'aplay'),
  }),
  onlyReads: ({ direction }) => direction === 'in',
  testAddress: ({ prefix, device }) => `${prefix}/${device}/timecode/locate`,
};

/** ALSA counts its cards anew at each start, and as they are plugged in. */
function numberedCard(device: string, program: string): string | undefined {
  return /^(plug)?hw:\d/.test(device)
    ? `After a restart or a replug this number may be another sound card. ${program} -L has names that stay, with CARD= in them.`
    : undefined;
}
