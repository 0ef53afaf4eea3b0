import { parseAddress } from '../contract/address.ts';
import { blackoutAddress, masterAddress } from '../contract/dmx.ts';
import type { EngineApi, ProfileReceipt, ShowState } from '../contract/engine-api.ts';
import { bool, f64, type Signal } from '../contract/signal.ts';
import type { LocalSession } from '../core/router/delivery/delivery.ts';
import type { Router } from '../core/router/router.ts';
import { importProfile } from '../platform/fixture-import/import-profile.ts';
import type { Clock } from '../ports/clock.ts';
import type { createClientFeeds } from './client-feeds.ts';
import { describeRefusal } from './describe-refusal.ts';
import type { DmxControl } from './dmx-control.ts';
import type { DmxViews } from './dmx-views.ts';
import { followUniverse } from './feeds/universe-feed.ts';
import type { ShowSession } from './show-session.ts';
import { signalRefused } from './signal-refused.ts';

export interface DmxParts {
  readonly dmx: DmxControl;
  readonly views: DmxViews;
  readonly router: Router;
  readonly clock: Clock;
  /** publishes what a person does by hand */
  readonly hand: LocalSession;
  readonly show: ShowSession;
}

type DmxCommand =
  | ('listUniverses' | 'inspectUniverse' | 'inspectSlot' | 'watchUniverse' | 'unwatchUniverse')
  | ('setMaster' | 'setBlackout' | 'parkSlot' | 'unparkAll' | 'testSlot' | 'importProfile');

/** The commands on DMX. What stays goes by params, as if a client had set them. */
export function dmxCommands(
  { dmx, views, router, clock, hand, show }: DmxParts,
  feeds: Pick<ReturnType<typeof createClientFeeds>, 'start' | 'stop'>,
  seen: (state: ShowState) => ShowState,
): Pick<EngineApi, DmxCommand> {
  return {
    listUniverses: async () => Promise.resolve(views.list()),
    inspectUniverse: async (place) => Promise.resolve(views.universe(place)),
    inspectSlot: async (place) => Promise.resolve(views.slot(place)),
    watchUniverse: async (place) => {
      views.universe(place);
      feeds.start('universe', (send) => followUniverse({ clock, look: () => views.tryUniverse(place), send }));
      return Promise.resolve();
    },
    unwatchUniverse: async () => {
      feeds.stop('universe');
      return Promise.resolve();
    },
    setMaster: ({ level }) => put([{ kind: 'param', address: parseAddress(masterAddress), value: f64(level) }]),
    setBlackout: ({ on }) => put([{ kind: 'param', address: parseAddress(blackoutAddress), value: bool(on) }]),
    parkSlot: async (place) => put([dmx.parkSignal(place)]),
    unparkAll: () => put(dmx.unparkSignals()),
    testSlot: async (place) => {
      dmx.test(place);
      return Promise.resolve();
    },
    importProfile: async ({ name, text }): Promise<ProfileReceipt> => {
      const { profile, notes } = await importProfile(name, text);
      const label = `import ${profile.maker} ${profile.model}`.slice(0, 120);
      const { revision, show: state } = await show.edit({
        label,
        steps: [{ do: 'put', list: 'profiles', item: profile }],
      });
      return { revision, show: seen(state), profileId: profile.id, notes };
    },
  };

  /** @throws AppError what the router says of the first that it refuses */
  async function put(signals: readonly Signal[]): Promise<void> {
    const refusal = hand.publish(signals);
    if (refusal) throw signalRefused(refusal, describeRefusal(router, refusal));
    return Promise.resolve();
  }
}
