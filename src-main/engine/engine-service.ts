import { parseAddress, parsePattern } from '../contract/address.ts';
import {
  type EditReceipt,
  type EngineApi,
  type EngineSnapshot,
  type ShowRef,
  type ShowState,
} from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { mayAs, type Role } from '../contract/role.ts';
import { fromJson, type Signal, type Value } from '../contract/signal.ts';
import type { LocalSession } from '../core/router/delivery/delivery.ts';
import type { Router } from '../core/router/router.ts';
import type { Clock } from '../ports/clock.ts';
import { bridgePattern } from './bridge-pattern.ts';
import { createClientFeeds } from './client-feeds.ts';
import { describeRefusal } from './describe-refusal.ts';
import type { EventHub } from './event-hub.ts';
import { followLearn } from './feeds/learn-feed.ts';
import type { LiveFeed } from './feeds/live-feed.ts';
import { followMonitor, trafficPace, type DescribeDelivery, type DescribeSome } from './feeds/monitor-feed.ts';
import { remoteCommands, type RemoteParts } from './remote-commands.ts';
import { machineCommands, type MachineParts } from './machine-commands.ts';
import type { ShowSession } from './show-session.ts';
import type { Supervisor } from './supervisor.ts';
import { signalRefused } from './signal-refused.ts';
import { withoutPath } from './without-path.ts';

/** What the service stands on; made by `createEngine`. */
export interface EngineParts extends MachineParts, RemoteParts {
  readonly clock: Clock;
  readonly router: Router;
  /** publishes what a person sends by hand */
  readonly hand: LocalSession;
  readonly returns: Pick<Supervisor, 'resend' | 'leave'>;
  readonly show: ShowSession;
  readonly hub: EventHub;
  readonly live: LiveFeed;
  readonly describe: DescribeDelivery;
  /** of what comes from a device and goes there */
  readonly describeTraffic: (bridgeId: string) => DescribeSome;
  /** the part of the snapshot that the composition root knows */
  readonly snapshot: () => Omit<EngineSnapshot, 'paths' | 'role'>;
}

/** `paths`: may name shows by path and sees paths, which only the desktop window may. */
export interface ClientRights {
  readonly paths: boolean;
  readonly role: Role;
}

/** The engine as one client sees it. `close` ends the feeds that this client asked for. */
export interface EngineClient extends EngineApi {
  close(): void;
}

export function createEngineClient(parts: EngineParts, rights: ClientRights): EngineClient {
  const { router, clock } = parts;
  const seen = rights.paths ? (state: ShowState) => state : withoutPath;
  const feeds = createClientFeeds(parts, seen);
  return {
    ...showCommands(parts.show, rights, seen),
    snapshot: () => {
      const snapshot = parts.snapshot();
      const { role, paths } = rights;
      const secrets = mayAs(role, 'edit') ? {} : nothingSecret;
      return Promise.resolve({ ...snapshot, ...secrets, show: seen(snapshot.show), paths, role });
    },
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
      feeds.start('monitor', (send) =>
        followMonitor({ router, clock, describe: parts.describe, pattern: parsed, send }),
      );
      return Promise.resolve();
    },
    unwatchMonitor: () => {
      feeds.stop('monitor');
      return Promise.resolve();
    },
    watchDevice: async ({ bridgeId }) => {
      const bridge = parts.show.document.bridges.find(({ id }) => id === bridgeId);
      if (!bridge) throw new InputError('unknown-id', 'The show has no such device any more.', { id: bridgeId });
      const describe = parts.describeTraffic(bridgeId);
      const pattern = bridgePattern(bridge.settings.prefix);
      feeds.start('traffic', (send) => followMonitor({ router, clock, describe, pattern, send, pace: trafficPace }));
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
      const refusal = parts.hand.publish([signal]);
      if (refusal) throw signalRefused(refusal, describeRefusal(router, refusal));
      return Promise.resolve();
    },
    resend: async ({ bridgeId }) => Promise.resolve({ values: parts.returns.resend(bridgeId) }),
    leaveAsIs: async ({ bridgeId }) => {
      parts.returns.leave(bridgeId);
      return Promise.resolve();
    },
    ...machineCommands(parts, seen),
    ...remoteCommands(parts),
    on: feeds.on,
    close: feeds.close,
  };
}

/** A number without decimals in as few bits as it needs; all else as JSON has it. */
function wholeValue(value: unknown): Value {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return fromJson(value);
  return Math.trunc(value) === (value | 0) ? { type: 'i32', value } : { type: 'i64', value: BigInt(value) };
}

/** What a snapshot holds in place of what is for Edit alone. */
const nothingSecret = {
  access: { allowedOrigins: [], refusedOrigins: [] },
  remote: null,
} as const satisfies Partial<EngineSnapshot>;

type ShowCommand =
  | ('edit' | 'undo' | 'redo' | 'newShow' | 'openShow' | 'openDemo' | 'saveShow' | 'saveShowAs')
  | ('listShows' | 'listBackups' | 'restoreBackup');
type SeenBy = (state: ShowState) => ShowState;

/** The commands on the show, as far as the client's rights go. */
function showCommands(show: ShowSession, { paths }: ClientRights, seen: SeenBy): Pick<EngineApi, ShowCommand> {
  const named = (ref: ShowRef): ShowRef => {
    if ('name' in ref || paths) return ref;
    throw new InputError('path-not-allowed', 'From a browser a show is named, not found by path. Nothing was changed.');
  };
  const receipt = async (change: Promise<EditReceipt>): Promise<EditReceipt> => {
    const { revision, show: state } = await change;
    return { revision, show: seen(state) };
  };
  return {
    edit: ({ basedOn, once, ...edit }) => receipt(show.edit(edit, basedOn, once)),
    undo: () => receipt(show.undo()),
    redo: () => receipt(show.redo()),
    newShow: async ({ name }) => seen(await show.newShow(name)),
    openShow: async (ref) => seen(await show.openShow(named(ref))),
    openDemo: async () => seen(await show.openDemo()),
    saveShow: async () => seen(await show.save()),
    saveShowAs: async ({ to, overwrite, basedOn }) => seen(await show.saveAs(named(to), overwrite, basedOn)),
    listShows: async () => {
      const { inDataFolder, recent } = await show.listShows();
      return { inDataFolder, recent: paths ? recent : recent.filter(({ ref }) => 'name' in ref) };
    },
    listBackups: () => show.listBackups(),
    restoreBackup: async ({ id }) => seen(await show.restoreBackup(id)),
  };
}
