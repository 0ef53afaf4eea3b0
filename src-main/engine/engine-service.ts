import { parseAddress, parsePattern } from '../contract/address.ts';
import {
  type EditReceipt,
  type EngineApi,
  type EngineEvents,
  type EngineSnapshot,
  type EventName,
  type ShowRef,
  type ShowState,
} from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { InterfaceReach, RemoteState } from '../contract/remote-access.ts';
import { mayAs, type Role } from '../contract/role.ts';
import { fromJson, type Signal } from '../contract/signal.ts';
import type { NetworkCard } from '../contract/device.ts';
import type { LocalSession } from '../core/router/delivery/delivery.ts';
import type { Router } from '../core/router/router.ts';
import type { Clock } from '../ports/clock.ts';
import type { AccessList } from './access-list.ts';
import { describeRefusal } from './describe-refusal.ts';
import type { EventHub } from './event-hub.ts';
import { followLearn } from './feeds/learn-feed.ts';
import type { LiveFeed } from './feeds/live-feed.ts';
import { followMonitor, type DescribeDelivery } from './feeds/monitor-feed.ts';
import type { RemoteAccess } from './remote/remote-access.ts';
import type { ShowSession } from './show-session.ts';
import { signalRefused } from './signal-refused.ts';
import { withoutPath } from './without-path.ts';

/** What the service stands on; made by `createEngine`. */
export interface EngineParts {
  readonly clock: Clock;
  readonly router: Router;
  /** publishes what a person sends by hand */
  readonly hand: LocalSession;
  readonly show: ShowSession;
  readonly hub: EventHub;
  readonly access: AccessList;
  readonly live: LiveFeed;
  readonly describe: DescribeDelivery;
  readonly listNetworkCards: () => readonly NetworkCard[];
  readonly remote: RemoteAccess;
  readonly setInterface: (reach: InterfaceReach) => Promise<void>;
  /** undefined where there is no UI port */
  readonly makeUiLink: () => string | undefined;
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
  const { access, router, clock } = parts;
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
    sendSignal: async ({ kind, address, value }) => {
      const signal: Signal = { kind, address: parseAddress(address), value: fromJson(value) };
      const refusal = parts.hand.publish([signal]);
      if (refusal) throw signalRefused(refusal, describeRefusal(router, refusal));
      return Promise.resolve();
    },
    listNetworkCards: () => Promise.resolve(parts.listNetworkCards()),
    allowOrigin: ({ origin }) => access.allow(origin),
    forbidOrigin: ({ origin }) => access.forbid(origin),
    makeUiLink: async () => {
      const url = parts.makeUiLink();
      if (url === undefined)
        throw new InputError('bad-arguments', 'This Flyrail runs without an interface for browsers.');
      return Promise.resolve({ url });
    },
    ...remoteCommands(parts),
    on: feeds.on,
    close: feeds.close,
  };
}

type RemoteCommand =
  'setInterface' | 'setPin' | 'clearPin' | 'startPairing' | 'stopPairing' | 'endSession' | 'revokePaired';

/** Each answers with how things stand then. */
function remoteCommands({ remote, setInterface }: EngineParts): Pick<EngineApi, RemoteCommand> {
  const after = async (change: unknown): Promise<RemoteState> => {
    await change;
    return remote.state();
  };
  return {
    setInterface: (reach) => after(setInterface(reach)),
    setPin: async ({ role, pin }) => ({ pin: await remote.setPin(role, pin) }),
    clearPin: ({ role }) => after(remote.clearPin(role)),
    startPairing: ({ role }) => after(remote.startPairing(role)),
    stopPairing: () => {
      remote.stopPairing();
      return after(undefined);
    },
    endSession: ({ id }) => {
      remote.endSession(id);
      return after(undefined);
    },
    revokePaired: ({ id }) => after(remote.revokePaired(id)),
  };
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

type Subscribers = { readonly [E in EventName]: (run: (payload: EngineEvents[E]) => unknown) => Cancel };
type AskedEvent = 'learn' | 'monitor';

/** A client's listeners, and the live feeds it asked for; after `close` there are none and none begin. */
function createClientFeeds({ hub, live }: EngineParts, seen: SeenBy) {
  const asked: { [E in AskedEvent]?: (payload: EngineEvents[E]) => unknown } = {};
  const running = new Map<AskedEvent, Cancel>();
  const cancels = new Set<Cancel>();
  let closed = false;
  const subscribers: Subscribers = {
    edited: (run) => hub.on('edited', (edited) => run({ ...edited, show: seen(edited.show) })),
    document: (run) => hub.on('document', (laid) => run({ ...laid, show: seen(laid.show) })),
    show: (run) => hub.on('show', (show) => run(seen(show))),
    devices: (run) => hub.on('devices', run),
    problems: (run) => hub.on('problems', run),
    access: (run) => hub.on('access', run),
    remote: (run) => hub.on('remote', run),
    stopping: (run) => hub.on('stopping', run),
    live: (run) => live.follow(run),
    stats: (run) => hub.on('stats', newestOnly(run)),
    monitor: (run) => listen('monitor', run),
    learn: (run) => listen('learn', run),
  };
  return { start, stop, on, close };

  function on<E extends EventName>(event: E, run: (payload: EngineEvents[E]) => unknown): Cancel {
    if (closed) return () => undefined;
    const cancel = subscribers[event](run);
    cancels.add(cancel);
    return () => {
      cancels.delete(cancel);
      cancel();
    };
  }

  function listen<E extends AskedEvent>(event: E, run: (payload: EngineEvents[E]) => unknown): Cancel {
    Object.assign(asked, { [event]: run });
    return () => {
      Object.assign(asked, { [event]: undefined });
    };
  }

  function start<E extends AskedEvent>(
    event: E,
    follow: (send: (payload: EngineEvents[E]) => unknown) => Cancel,
  ): void {
    stop(event);
    if (closed) return;
    const cancel = follow((payload) => asked[event]?.(payload));
    running.set(event, cancel);
  }

  function stop(event: AskedEvent): void {
    running.get(event)?.();
    running.delete(event);
  }

  function close(): void {
    closed = true;
    for (const event of [...running.keys()]) stop(event);
    for (const cancel of cancels) cancel();
    cancels.clear();
  }
}

/** Leaves out what comes while the receiver has not taken the one before. */
function newestOnly<T>(send: (payload: T) => unknown): (payload: T) => Promise<void> {
  let busy = false;
  return async (payload) => {
    if (busy) return;
    busy = true;
    try {
      await send(payload);
    } finally {
      busy = false;
    }
  };
}
