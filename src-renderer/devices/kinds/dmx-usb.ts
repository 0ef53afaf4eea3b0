import type { DmxUsbBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import type { KindRecord } from './kind-record.ts';

export const dmxUsb: KindRecord<DmxUsbBridge['settings']> = {
  word: 'DMX USB',
  fresh: (free) => ({ prefix: free.prefix('/dmx') }),
  sentence: ({ port, direction, universe, prefix, rate }) => {
    const where = isolated(port);
    if (direction === 'in') return `What comes in at ${where} appears under ${isolated(`${prefix}/${universe}`)}.`;
    return `What is set under ${isolated(`${prefix}/${universe}`)} leaves by the interface at ${where}, ${rate} times a second.`;
  },
  url: ({ port, universe }) => `${port}, U ${universe}`,
  testAddress: ({ prefix, universe }) => `${prefix}/${universe}/1`,
};
