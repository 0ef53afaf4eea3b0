import type { MidiBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import type { KindRecord } from './kind-record.ts';

export const midi: KindRecord<MidiBridge['settings']> = {
  word: 'MIDI',
  fresh: (free) => ({ prefix: free.prefix('/midi') }),
  sentence: ({ mode, portName, input, output, prefix, device }) => {
    const under = isolated(`${prefix}/${device}`);
    if (mode === 'virtual')
      return `Other programs on this machine reach Flyrail at the MIDI port ${isolated(portName)}, under ${under}.`;
    if (input === '' && output === '') return 'No MIDI port is chosen yet.';
    const heard = `What comes from ${isolated(input)} appears under ${under}`;
    if (output === '') return `${heard}.`;
    if (input === '') return `What is set under ${under} goes to ${isolated(output)}.`;
    return `${heard}, and what is set there goes to ${isolated(output)}.`;
  },
  url: ({ mode, portName, input, output }) => (mode === 'virtual' ? portName : input || output || 'no port'),
  onlyReads: ({ mode, output }) => mode === 'device' && output === '',
  testAddress: ({ prefix, device, channels }) => `${prefix}/${device}/ch/${channels === 'from-1' ? 1 : 0}/cc/1`,
};
