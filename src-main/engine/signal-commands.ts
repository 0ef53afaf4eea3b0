import { parseAddress, parsePattern } from '../contract/address.ts';
import type { EngineApi } from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { fromJson, type Signal, type Value } from '../contract/signal.ts';
import type { LocalSession } from '../core/router/delivery/delivery.ts';
import type { Router } from '../core/router/router.ts';
import type { Clock } from '../ports/clock.ts';
import { bridgePattern } from '../contract/bridges/bridge-pattern.ts';
import type { createClientFeeds } from './client-feeds.ts';
import { describeRefusal } from './describe-refusal.ts';
import { followLearn } from './feeds/learn-feed.ts';
import { followMonitor, trafficPace, type DescribeDelivery, type DescribeSome } from './feeds/monitor-feed.ts';
import type { ShowSession } from './show-session.ts';
import { signalRefused } from './signal-refused.ts';
import type { Supervisor } from './supervisor.ts';

export interface SignalParts {
  readonly router: Router;
  readonly clock: Clock;
  /** publishes what a person sends by hand */
  readonly hand: LocalSession;
  readonly show: ShowSession;
  readonly returns: Pick<Supervisor, 'resend' | 'leave'>;
  readonly describe: DescribeDelivery;
  /** of what comes from a device and goes there */
  readonly describeTraffic: (bridgeId: string) => DescribeSome;
}

type SignalCommand =
  | ('startLearn' | 'stopLearn' | 'watchMonitor' | 'unwatchMonitor' | 'watchDevice' | 'unwatchDevice')
  | ('sendSignal' | 'resend' | 'leaveAsIs');

/** The commands on signals: looking at them, and sending them by hand. */
export function signalCommands(
  { router, clock, hand, show, returns, describe, describeTraffic }: SignalParts,
  feeds: Pick<ReturnType<typeof createClientFeeds>, 'start' | 'stop'>,
): Pick<EngineApi, SignalCommand> {
  return {
    startLearn: () => {
      feeds.start('learn', (send) => followLearn({ router, clock, send }));
      return Promise.resolve();
    },
    stopLearn: () => {
      feeds.stop('learn');
      return Promise.resolve();
    },
    watchMonitor: async ({ pattern }) => {
      const parsed = parsePattern(pattern);
      feeds.start('monitor', (send) => followMonitor({ router, clock, describe, pattern: parsed, send }));
      return Promise.resolve();
    },
    unwatchMonitor: () => {
      feeds.stop('monitor');
      return Promise.resolve();
    },
    watchDevice: async ({ bridgeId }) => {
      const bridge = show.document.bridges.find(({ id }) => id === bridgeId);
      if (!bridge) throw new InputError('unknown-id', 'The show has no such device any more.', { id: bridgeId });
      const describeOwn = describeTraffic(bridgeId);
      const pattern = bridgePattern(bridge.settings.prefix);
      feeds.start('traffic', (send) =>
        followMonitor({ router, clock, describe: describeOwn, pattern, send, pace: trafficPace }),
      );
      return Promise.resolve();
    },
    unwatchDevice: () => {
      feeds.stop('traffic');
      return Promise.resolve();
    },
    sendSignal: async ({ kind, address, value, whole }) => {
      const signal: Signal = {
        kind,
        address: parseAddress(address),
        value: whole ? wholeValue(value) : fromJson(value),
      };
      const refusal = hand.publish([signal]);
      if (refusal) throw signalRefused(refusal, describeRefusal(router, refusal));
      return Promise.resolve();
    },
    resend: async ({ bridgeId }) => Promise.resolve({ values: returns.resend(bridgeId) }),
    leaveAsIs: async ({ bridgeId }) => {
      returns.leave(bridgeId);
      return Promise.resolve();
    },
  };
}

/** A number without decimals in as few bits as it needs; all else as JSON has it. */
function wholeValue(value: unknown): Value {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return fromJson(value);
  return Math.trunc(value) === (value | 0) ? { type: 'i32', value } : { type: 'i64', value: BigInt(value) };
}
