import { aedesTarget, mosquittoTarget, natsTarget } from './brokers.ts';
import { echoTarget, nodeEchoTarget } from './echo.ts';
import { flyrailTarget } from './flyrail.ts';
import type { Target } from './target.ts';

/** All servers that can be put under load. */
export const targets: readonly Target[] = [
  flyrailTarget('flyrail', 'off'),
  flyrailTarget('flyrail-state', 'state'),
  flyrailTarget('flyrail-full', 'full'),
  natsTarget,
  mosquittoTarget,
  aedesTarget,
  echoTarget,
  nodeEchoTarget,
  {
    name: 'none',
    version: () => process.version,
    start: async () => ({ name: 'none', port: 0, pid: 0, fate: () => 'no server', stop: async () => undefined }),
  },
];
