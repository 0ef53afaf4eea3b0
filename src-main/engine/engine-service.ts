import {
  type EditReceipt,
  type EngineApi,
  type EngineSnapshot,
  type ShowRef,
  type ShowState,
} from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { mayAs, type Role } from '../contract/role.ts';
import { createClientFeeds } from './client-feeds.ts';
import { dmxCommands, type DmxParts } from './dmx-commands.ts';
import type { EventHub } from './event-hub.ts';
import type { LiveFeed } from './feeds/live-feed.ts';
import { remoteCommands, type RemoteParts } from './remote-commands.ts';
import { machineCommands, type MachineParts } from './machine-commands.ts';
import type { ShowSession } from './show-session.ts';
import { signalCommands, type SignalParts } from './signal-commands.ts';
import { withoutPath } from './without-path.ts';

/** What the service stands on; made by `createEngine`. */
export interface EngineParts extends MachineParts, RemoteParts, DmxParts, SignalParts {
  readonly hub: EventHub;
  readonly live: LiveFeed;
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
    ...signalCommands(parts, feeds),
    ...machineCommands(parts, seen),
    ...remoteCommands(parts),
    ...dmxCommands(parts, feeds, seen),
    on: feeds.on,
    close: feeds.close,
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
