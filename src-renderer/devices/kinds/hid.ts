import type { HidBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import type { KindRecord } from './kind-record.ts';

export const hid: KindRecord<HidBridge['settings']> = {
  word: 'HID',
  fresh: (free) => ({ prefix: free.prefix('/hid') }),
  sentence: ({ device, prefix }) =>
    `What is pressed and moved at ${isolated(device)} appears under ${isolated(prefix)}; its lamps are set there.`,
  url: ({ device }) => device,
  testAddress: ({ prefix }) => `${prefix}/brightness`,
};
