import type { AccessRules, AccessRulesState, NewToken, TokenEntry } from './access-rules.ts';
import type { ShowRef } from './command-arguments.ts';
import type { DeviceStatus, NetworkCard, PortKind, PortList } from './device.ts';
import type { DoorStatus, KeptDoor } from './door.ts';
import type { UniverseView } from './dmx.ts';
import type { DmxCommands } from './dmx-commands.ts';
import type { DiscoveryMode, FoundChange, FoundState } from './discovery.ts';
import type { LearnedControls } from './learned-controls.ts';
import type { EngineStats, LearnBatch, LiveBatch, LiveMapping, MonitorBatch } from './live-events.ts';
import type { Cancel } from './message-link.ts';
import type { InterfaceCommands } from './interface-commands.ts';
import type { RemoteState } from './remote-access.ts';
import type { Role } from './role.ts';
import type { NewSecret } from './secret.ts';
import type { Edit, EditRequest } from './show-edit.ts';
import type { LateBundles, ShowDocument } from './show.ts';
import type { Millis } from './units.ts';

export type { CommandName, ShowRef } from './command-arguments.ts';

/** Every command of the engine; each settles, with an AppError when it is refused, and then nothing has changed. */
export interface EngineCommands extends DmxCommands, InterfaceCommands {
  /** everything a fresh page needs; later events carry on from it */
  snapshot(): Promise<EngineSnapshot>;
  /** acknowledged when it is on disk in the working copy; refused with 'changed-meanwhile', see `basedOn` */
  edit(edit: EditRequest): Promise<EditReceipt>;
  undo(): Promise<EditReceipt>;
  redo(): Promise<EditReceipt>;
  newShow(args: { name: string }): Promise<ShowState>;
  openShow(ref: ShowRef): Promise<ShowState>;
  openDemo(): Promise<ShowState>;
  /** refused with 'show-has-no-file' while the show was never saved under a name */
  saveShow(): Promise<ShowState>;
  /** refused with 'show-exists' unless `overwrite`, and with 'changed-meanwhile' when another show took the table after
   *  revision `basedOn`, the newest that the client knows */
  saveShowAs(args: { to: ShowRef; overwrite: boolean; basedOn?: number | undefined }): Promise<ShowState>;
  listShows(): Promise<ShowListing>;
  listBackups(): Promise<readonly BackupEntry[]>;
  restoreBackup(args: { id: string }): Promise<ShowState>;
  /** heard signals come as 'learn' events until stopLearn; the signals go on to where they were going */
  startLearn(): Promise<void>;
  stopLearn(): Promise<void>;
  /** 'monitor' events for this client begin, or go on with another pattern */
  watchMonitor(args: { pattern: string }): Promise<void>;
  unwatchMonitor(): Promise<void>;
  /** 'traffic' events for this client begin, or go on with another bridge: what comes from its device and what goes there.
   *  Refused with 'unknown-id'. Ask again when its prefix changes. */
  watchDevice(args: { bridgeId: string }): Promise<void>;
  unwatchDevice(): Promise<void>;
  /** refused with 'param-locked', 'bad-value' or 'too-many-items' when the router does not take it */
  sendSignal(args: {
    kind: 'param' | 'event' | 'stream';
    address: string;
    value: unknown;
    whole?: boolean | undefined;
  }): Promise<void>;
  /** Sends a device what stands, whatever its bridge does by itself; without a bridge all devices that are there. Refused with
   *  'unknown-id', and with 'link-closed' when the device that is named is not there. Answers how many values were sent. */
  resend(args: { bridgeId?: string | undefined }): Promise<{ readonly values: number }>;
  /** Leaves a device that came back, and asks, as it is until something changes. */
  leaveAsIs(args: { bridgeId: string }): Promise<void>;
  listNetworkCards(): Promise<readonly NetworkCard[]>;
  /** what is plugged in and can be chosen; empty where the machine cannot tell */
  listPorts(args: { of: PortKind }): Promise<PortList>;
  /** What a person moves at a HID device, since the first of these calls; it is listened to while they come, at least every
   *  four seconds. @param args.part page and usage, or empty */
  learnControls(args: { device: string; part: string }): Promise<LearnedControls>;
  allowOrigin(args: { origin: string }): Promise<AccessState>;
  forbidOrigin(args: { origin: string }): Promise<AccessState>;
  /** a fresh one-time URL of the interface for another browser on this machine; refused where there is no UI port */
  makeUiLink(): Promise<{ readonly url: string }>;
  /** Adds a way in for CLASP clients, or changes it; refused with 'unauthenticated-host' where other machines would come in
   *  unasked, unless that was chosen. What cannot be opened is tried again for ever, and its status says why. */
  putDoor(door: KeptDoor): Promise<readonly DoorStatus[]>;
  switchDoor(args: { id: string; enabled: boolean }): Promise<readonly DoorStatus[]>;
  removeDoor(args: { id: string }): Promise<readonly DoorStatus[]>;
  /** Who may connect and how fast they may send; refused with 'unauthenticated-host' where others would come in unasked. */
  setAccessRules(rules: AccessRules): Promise<AccessRulesState>;
  /** the token itself is in this answer and nowhere else */
  createToken(token: NewToken): Promise<{ readonly token: string; readonly entry: TokenEntry }>;
  /** newest first */
  listTokens(): Promise<readonly TokenEntry[]>;
  /** ends the sessions of who shows it, at once */
  revokeToken(args: { id: string }): Promise<void>;
  /** Keeps a token or the like on this machine, for bridges that name it. It never comes back: not in an answer, an event or a
   *  snapshot. Bridges that wait for it come up with their next try. */
  setSecret(secret: NewSecret): Promise<void>;
  /** what is looked for on the network and shown to it, remembered for the next start */
  setDiscovery(args: { mode: DiscoveryMode }): Promise<void>;
  /** asks everybody on the network anew; what does not answer within ten seconds goes */
  lookAgain(): Promise<void>;
  /** adds the bridge that a found thing offers to the show; refused with 'unknown-id' when it went, and with 'bad-arguments'
   *  when it offers none */
  connectFound(args: { key: string }): Promise<EditReceipt>;
  /** Adds the fixture profile that a text in the format of the Open Fixture Library or of QLC+ describes, or replaces the one
   *  of the same maker and model. Refused with 'bad-profile'. */
  importProfile(args: { name: string; text: string }): Promise<ProfileReceipt>;
}

/** Events of the reliable plane come in order and none is left out; those of the live plane may be superseded. */
export interface EngineEvents {
  /** reliable: one edit, undo or redo was applied */
  edited: EditedEvent;
  /** reliable: another document is on the table */
  document: {
    readonly revision: number;
    readonly laying: string;
    readonly document: ShowDocument;
    readonly show: ShowState;
  };
  /** reliable */
  show: ShowState;
  /** reliable: all bridges of the show, in its order */
  devices: readonly DeviceStatus[];
  /** reliable: the mappings that do not run, and why */
  problems: readonly MappingProblem[];
  /** reliable */
  access: AccessState;
  /** reliable: all ways in for CLASP clients, the WebSocket port first; counts at most once a second */
  doors: readonly DoorStatus[];
  /** reliable */
  accessRules: AccessRulesState;
  /** reliable, for Edit alone: the tokens of this machine are others, whoever changed them */
  tokens: { readonly changes: number };
  /** reliable, for Edit alone: who may come to the interface, and who is there */
  remote: RemoteState;
  /** reliable: the engine is about to end in order */
  stopping: { readonly reason: string };
  /** reliable, at most twice a second: what was found on the network, or went */
  found: FoundChange;
  /** live, at most 60 a second: what moved since the last batch */
  live: LiveBatch;
  /** live, only after watchMonitor */
  monitor: MonitorBatch;
  /** live, only after watchDevice, at most 15 a second; direction is `in` or `out` */
  traffic: MonitorBatch;
  /** live, only after startLearn */
  learn: LearnBatch;
  /** live, only after watchUniverse, at most 25 a second: how it stands, when that is news */
  universe: UniverseView;
  /** live, once a second */
  stats: EngineStats;
}
export type EventName = keyof EngineEvents;

/** Superseded while the client has not yet taken the batch before. */
export const liveEvents: readonly EventName[] = ['live', 'monitor', 'traffic', 'learn', 'universe', 'stats'];

/** The one promise to the outside: commands, and events for one client. */
export interface EngineApi extends EngineCommands {
  /** For live events `run` may return a promise that settles when the client is ready for the next batch. */
  on<E extends EventName>(event: E, run: (payload: EngineEvents[E]) => unknown): Cancel;
}

export interface EngineSnapshot {
  readonly version: string;
  readonly revision: number;
  /** Tells one laying of a show on the table from every other: another after new, open, demo, restore, and for a file
   *  that was replaced from outside; the same over edits, saves and restarts. Compare, nothing else. */
  readonly laying: string;
  readonly document: ShowDocument;
  readonly show: ShowState;
  readonly devices: readonly DeviceStatus[];
  readonly problems: readonly MappingProblem[];
  /** what this client may do */
  readonly role: Role;
  /** nothing for who may not edit */
  readonly access: AccessState;
  readonly doors: readonly DoorStatus[];
  readonly accessRules: AccessRulesState;
  readonly found: FoundState;
  /** null for who may not edit */
  readonly remote: RemoteState | null;
  readonly stats: EngineStats;
  /** the newest value at both ends of every mapping that ever carried one */
  readonly live: readonly LiveMapping[];
  readonly claspUrl: string;
  /** what the command line said of late bundles, which goes before the show; null where it said nothing */
  readonly lateBundlesGiven: LateBundles | null;
  /** whether this client may name shows by path */
  readonly paths: boolean;
  /** true until a show was ever opened, saved or edited here: the page offers the demo */
  readonly firstStart: boolean;
}

export interface ShowState {
  readonly name: string;
  /** name or, in the desktop window, path of its file; null while it has none */
  readonly file: string | null;
  /** the working copy differs from the file */
  readonly unsaved: boolean;
  readonly savedAt: Millis | null;
  /** what undo would take back, finishing the sentence "Undo …"; null for nothing */
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
  /** why the last autosave failed; null when all is well */
  readonly saveProblem: string | null;
}

export interface EditReceipt {
  readonly revision: number;
  readonly show: ShowState;
}

export interface ProfileReceipt extends EditReceipt {
  readonly profileId: string;
  /** what of the file could not be taken over, a sentence each */
  readonly notes: readonly string[];
}

/** Apply `edit` to the document of revision - 1; on a gap ask for a snapshot. */
export interface EditedEvent {
  readonly revision: number;
  readonly edit: Edit;
  readonly show: ShowState;
}

export interface ShowEntry {
  readonly ref: ShowRef;
  readonly name: string;
  readonly modifiedAt: Millis | null;
  /** false when the file is not where it was */
  readonly present: boolean;
}

export interface ShowListing {
  readonly inDataFolder: readonly ShowEntry[];
  readonly recent: readonly ShowEntry[];
}

export interface BackupEntry {
  readonly id: string;
  readonly showName: string;
  readonly madeAt: Millis;
  readonly sizeBytes: number;
}

export interface MappingProblem {
  readonly mappingId: string;
  readonly code:
    | ('mapping-loop' | 'mapping-bad-template' | 'mapping-flood' | 'bad-address' | 'bad-pattern')
    | ('no-device' | 'device-broken' | 'device-refuses');
  /** one sentence an operator can act on: `no device truss-2` */
  readonly reason: string;
}

export interface AccessState {
  /** origins of web pages, beside this machine's own, that may open a CLASP connection */
  readonly allowedOrigins: readonly string[];
  /** newest first, at most 32 */
  readonly refusedOrigins: readonly { readonly origin: string; readonly count: number; readonly lastAt: Millis }[];
}
