import type { MqttBridge } from '../../../src-main/contract/show.ts';
import { isolated } from '../../widgets/isolate.ts';
import { coveredAddress, type KindRecord } from './kind-record.ts';

export const mqtt: KindRecord<MqttBridge['settings']> = {
  word: 'MQTT',
  fresh: (free) => ({ prefix: free.prefix('/mqtt') }),
  sentence: ({ url, prefix, direction }) => {
    const [broker, under] = [isolated(url), isolated(prefix)];
    const takes = `What the broker ${broker} has appears under ${under}`;
    const gives = `what is set under ${under} is published there`;
    if (direction === 'in') return `${takes}.`;
    return direction === 'out'
      ? `What is set under ${under} is published at the broker ${broker}.`
      : `${takes}, and ${gives}.`;
  },
  url: ({ url }) => url,
  testAddress: ({ prefix, publications }) => coveredAddress(prefix, publications),
};
