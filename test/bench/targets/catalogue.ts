import { aedesTarget, mosquittoTarget, natsTarget } from './brokers.ts';
import {
  echoTarget,
  nodeEchoTarget,
  nodeMqttTarget,
  nodeSerialTarget,
  portLoopTargets,
  udpLoopTargets,
  webLoopTargets,
} from './echo.ts';
import { flyrailTarget } from './flyrail.ts';
import type { Target } from './target.ts';

/** All servers that can be put under load. */
export const targets: readonly Target[] = [
  flyrailTarget('flyrail', { journal: 'off' }),
  flyrailTarget('flyrail-state', { journal: 'state' }),
  flyrailTarget('flyrail-full', { journal: 'full' }),
  flyrailTarget('flyrail-access', { journal: 'state', asksForTokens: true }),
  flyrailTarget('flyrail-rates', { journal: 'off', flags: ['session', 'source', '/bench/**'].flatMap(unreachedRate) }),
  flyrailTarget('flyrail-tls', { journal: 'off', flags: ['--transport', 'wss=0'], isTls: true }),
  flyrailTarget('flyrail-doors', {
    journal: 'off',
    flags: ['tcp', 'tls', 'wss', 'udp', 'quic', 'webrtc'].flatMap((name) => ['--transport', `${name}=0`]),
    tellsWays: true,
    serialBaud: 921_600,
  }),
  natsTarget,
  mosquittoTarget,
  aedesTarget,
  echoTarget,
  nodeEchoTarget,
  ...udpLoopTargets,
  ...portLoopTargets,
  nodeSerialTarget,
  nodeMqttTarget,
  ...webLoopTargets,
  {
    name: 'none',
    version: () => process.version,
    start: async () => ({ name: 'none', port: 0, pid: 0, fate: () => 'no server', stop: async () => undefined }),
  },
];

/** Every message takes from its buckets, and none is refused. */
function unreachedRate(what: string): readonly string[] {
  return ['--rate-limit', `${what}=10000000`];
}
