import type { AccessRules, AccessRulesState, NewToken, TokenEntry } from '../../src-main/contract/access-rules.ts';
import type { DoorStatus, KeptDoor } from '../../src-main/contract/door.ts';
import type { DeviceStatus } from '../../src-main/contract/device.ts';
import type { DmxPlace, SlotLevel, SlotPlace, SlotView, UniverseEntry } from '../../src-main/contract/dmx.ts';
import type {
  CommandName,
  EditReceipt,
  EngineApi,
  EngineEvents,
  EngineSnapshot,
  EventName,
  ShowState,
} from '../../src-main/contract/engine-api.ts';
import type { EngineStats, LiveMapping } from '../../src-main/contract/live-events.ts';
import type { LearnedControls } from '../../src-main/contract/learned-controls.ts';
import { AppError, InputError } from '../../src-main/contract/errors.ts';
import type { RemoteState } from '../../src-main/contract/remote-access.ts';
import { roles, type Role } from '../../src-main/contract/role.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import { applyEdit, type Edit, type EditRequest } from '../../src-main/contract/show-edit.ts';
import { emptyShow, type ShowDocument } from '../../src-main/contract/show.ts';
import { bridgeFor } from '../../src-main/core/discovery/found-offer.ts';
import { millis } from '../../src-main/contract/units.ts';
import { fakeRemote, fakeStats, slotView } from './fake-parts.ts';

export interface Call {
  readonly name: CommandName;
  readonly args: unknown;
}

/** An engine in memory with the real rules of edits and undo: what the page sees, and nothing behind it. */
export class FakeEngine implements EngineApi {
  universes: readonly UniverseEntry[] = [];
  /** what the slot that is asked about is beyond a dark one that nobody sends */
  slot: Partial<SlotView> = {};
  /** how many values a `resend` says that it sent */
  resends = 0;
  /** every command that was given, oldest first */
  readonly calls: Call[] = [];
  document: ShowDocument;
  devices: DeviceStatus[] = [];
  problems: EngineSnapshot['problems'] = [];
  access: EngineSnapshot['access'] = { allowedOrigins: [], refusedOrigins: [] };
  doors: readonly DoorStatus[] = [webSocketDoor()];
  accessRules: AccessRulesState = openRules;
  tokens: readonly TokenEntry[] = [];
  found: EngineSnapshot['found'] = { mode: 'off', things: [], troubles: [] };
  known: LiveMapping[] = [];
  revision = 1;
  laying = 'laying 1';
  lateBundlesGiven: EngineSnapshot['lateBundlesGiven'] = null;
  paths = false;
  remote: RemoteState | null = fakeRemote();
  role: EngineSnapshot['role'] = 'edit';
  firstStart = false;
  stats: EngineStats = fakeStats();
  shows: Awaited<ReturnType<EngineApi['listShows']>> = { inDataFolder: [], recent: [] };
  backups: Awaited<ReturnType<EngineApi['listBackups']>> = [];
  cards: Awaited<ReturnType<EngineApi['listNetworkCards']>> = [];
  ports: Awaited<ReturnType<EngineApi['listPorts']>> = { ports: [], problem: null };
  learned: LearnedControls = { heard: [], reports: 0, resting: false, problem: null };
  #show: ShowState;
  #undo: { edit: Edit; inverse: Edit }[] = [];
  #redo: { edit: Edit; inverse: Edit }[] = [];
  readonly #made = new Map<string, number>();
  #refusals = new Map<CommandName, AppError>();
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();

  constructor(document: ShowDocument = emptyShow('show-1', 'Winterreise')) {
    this.document = document;
    this.#show = {
      name: document.name,
      file: `${document.name}.flyrail`,
      unsaved: false,
      savedAt: millis(1_795_295_647_000),
      undoLabel: null,
      redoLabel: null,
      saveProblem: null,
    };
  }

  get show(): ShowState {
    return this.#show;
  }

  on<E extends EventName>(event: E, run: (payload: EngineEvents[E]) => void): Cancel {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(run);
    return () => set.delete(run);
  }

  /** Sends one event to the page. */
  emit<E extends EventName>(event: E, payload: EngineEvents[E]): void {
    for (const run of this.#listeners.get(event) ?? []) (run as (payload: EngineEvents[E]) => void)(payload);
  }

  /** The next command of this name is refused. */
  refuse(name: CommandName, error: AppError): void {
    this.#refusals.set(name, error);
  }

  patchShow(change: Partial<ShowState>): ShowState {
    this.#show = { ...this.#show, ...change };
    this.emit('show', this.#show);
    return this.#show;
  }

  /** Another document takes the table, as by a command of another window. */
  lay(document: ShowDocument, change: Partial<ShowState> = {}): ShowState {
    this.document = document;
    this.revision++;
    this.laying = `laying ${this.revision}`;
    this.#undo = [];
    this.#redo = [];
    this.#show = { ...this.#show, name: document.name, undoLabel: null, redoLabel: null, ...change };
    const { revision, laying } = this;
    this.emit('document', { revision, laying, document, show: this.#show });
    return this.#show;
  }

  async snapshot(): Promise<EngineSnapshot> {
    await this.#begin('snapshot');
    return {
      version: '0.1.0',
      revision: this.revision,
      laying: this.laying,
      document: this.document,
      show: this.#show,
      devices: this.devices,
      problems: this.problems,
      role: this.role,
      access: this.access,
      doors: this.doors,
      accessRules: this.accessRules,
      found: this.found,
      remote: this.remote,
      stats: this.stats,
      live: this.known,
      claspUrl: 'ws://127.0.0.1:7330/clasp',
      lateBundlesGiven: this.lateBundlesGiven,
      paths: this.paths,
      firstStart: this.firstStart,
    };
  }

  async edit(request: EditRequest): Promise<EditReceipt> {
    await this.#begin('edit', request);
    const { basedOn: _basedOn, once, ...edit } = request;
    const made = once && this.#made.get(once.id);
    if (made !== undefined) return { revision: made, show: this.#show };
    const inverse = this.#apply(edit);
    const last = this.#undo.at(-1);
    if (edit.gesture && last?.edit.gesture === edit.gesture) last.edit = edit;
    else this.#undo.push({ edit, inverse });
    this.#redo = [];
    if (once) this.#made.set(once.id, this.revision + 1);
    return this.#announce(edit);
  }

  async undo(): Promise<EditReceipt> {
    await this.#begin('undo');
    const entry = this.#undo.pop();
    if (!entry) throw new InputError('nothing-to-undo', 'There is nothing to undo.');
    this.#apply(entry.inverse);
    this.#redo.push(entry);
    return this.#announce(entry.inverse);
  }

  async redo(): Promise<EditReceipt> {
    await this.#begin('redo');
    const entry = this.#redo.pop();
    if (!entry) throw new InputError('nothing-to-redo', 'There is nothing to redo.');
    this.#apply(entry.edit);
    this.#undo.push(entry);
    return this.#announce(entry.edit);
  }

  async newShow(args: { name: string }): Promise<ShowState> {
    await this.#begin('newShow', args);
    return this.lay(emptyShow('show-new', args.name), { file: null, savedAt: null, unsaved: false });
  }

  async openShow(ref: Parameters<EngineApi['openShow']>[0]): Promise<ShowState> {
    await this.#begin('openShow', ref);
    const name = 'name' in ref ? ref.name : ref.path;
    return this.lay(emptyShow('show-open', name), { file: name, unsaved: false });
  }

  async openDemo(): Promise<ShowState> {
    await this.#begin('openDemo');
    return this.lay(emptyShow('show-demo', 'Demo'), { file: null, savedAt: null, unsaved: false });
  }

  async saveShow(): Promise<ShowState> {
    await this.#begin('saveShow');
    return this.patchShow({ unsaved: false, savedAt: millis(1_795_295_700_000) });
  }

  async saveShowAs(args: Parameters<EngineApi['saveShowAs']>[0]): Promise<ShowState> {
    await this.#begin('saveShowAs', args);
    const file = 'name' in args.to ? args.to.name : args.to.path;
    return this.patchShow({ file, unsaved: false, savedAt: millis(1_795_295_700_000) });
  }

  async listShows(): ReturnType<EngineApi['listShows']> {
    await this.#begin('listShows');
    return this.shows;
  }

  async listBackups(): ReturnType<EngineApi['listBackups']> {
    await this.#begin('listBackups');
    return this.backups;
  }

  async restoreBackup(args: { id: string }): Promise<ShowState> {
    await this.#begin('restoreBackup', args);
    return this.lay(emptyShow('show-back', 'Restored'), { unsaved: true });
  }

  async startLearn(): Promise<void> {
    await this.#begin('startLearn');
  }

  async stopLearn(): Promise<void> {
    await this.#begin('stopLearn');
  }

  async watchMonitor(args: { pattern: string }): Promise<void> {
    await this.#begin('watchMonitor', args);
  }

  async unwatchMonitor(): Promise<void> {
    await this.#begin('unwatchMonitor');
  }

  async watchDevice(args: { bridgeId: string }): Promise<void> {
    await this.#begin('watchDevice', args);
  }

  async unwatchDevice(): Promise<void> {
    await this.#begin('unwatchDevice');
  }

  async resend(args: Parameters<EngineApi['resend']>[0]): Promise<{ values: number }> {
    await this.#begin('resend', args);
    return { values: this.resends };
  }

  async leaveAsIs(args: Parameters<EngineApi['leaveAsIs']>[0]): Promise<void> {
    await this.#begin('leaveAsIs', args);
  }

  async listUniverses(): ReturnType<EngineApi['listUniverses']> {
    await this.#begin('listUniverses');
    return this.universes;
  }

  async inspectUniverse(place: DmxPlace): ReturnType<EngineApi['inspectUniverse']> {
    await this.#begin('inspectUniverse', place);
    throw new InputError('unknown-id', 'Nobody sends this universe.');
  }

  async inspectSlot(place: SlotPlace): ReturnType<EngineApi['inspectSlot']> {
    await this.#begin('inspectSlot', place);
    return { ...slotView, ...place, ...this.slot };
  }

  async watchUniverse(place: DmxPlace): Promise<void> {
    await this.#begin('watchUniverse', place);
  }

  async unwatchUniverse(): Promise<void> {
    await this.#begin('unwatchUniverse');
  }

  async setMaster(args: { level: number }): Promise<void> {
    await this.#begin('setMaster', args);
  }

  async setBlackout(args: { on: boolean }): Promise<void> {
    await this.#begin('setBlackout', args);
  }

  async parkSlot(place: SlotLevel): Promise<void> {
    await this.#begin('parkSlot', place);
  }

  async unparkAll(): Promise<void> {
    await this.#begin('unparkAll');
  }

  async testSlot(place: SlotLevel): Promise<void> {
    await this.#begin('testSlot', place);
  }

  async importProfile(args: { name: string; text: string }): ReturnType<EngineApi['importProfile']> {
    await this.#begin('importProfile', args);
    throw new InputError('bad-profile', `${args.name} is no profile.`);
  }

  async sendSignal(args: Parameters<EngineApi['sendSignal']>[0]): Promise<void> {
    await this.#begin('sendSignal', args);
  }

  async listPorts(args: Parameters<EngineApi['listPorts']>[0]): ReturnType<EngineApi['listPorts']> {
    await this.#begin('listPorts', args);
    return this.ports;
  }

  async learnControls(args: Parameters<EngineApi['learnControls']>[0]): Promise<LearnedControls> {
    await this.#begin('learnControls', args);
    return this.learned;
  }

  async listNetworkCards(): ReturnType<EngineApi['listNetworkCards']> {
    await this.#begin('listNetworkCards');
    return this.cards;
  }

  async putDoor(door: KeptDoor): ReturnType<EngineApi['putDoor']> {
    await this.#begin('putDoor', door);
    const { id, enabled, settings, isForAnyone: isAnyoneChosen } = door;
    const status: DoorStatus = {
      ...webSocketDoor(),
      ...{ id, enabled, settings, isGiven: false, isAnyoneChosen, state: enabled ? 'open' : 'off' },
      url: enabled ? `${settings.kind}://127.0.0.1:7332` : '',
      reason: enabled ? 'Clients can come in.' : 'Switched off.',
    };
    return this.#tellDoors([...this.doors.filter((each) => each.id !== id), status]);
  }

  async switchDoor(args: { id: string; enabled: boolean }): ReturnType<EngineApi['switchDoor']> {
    await this.#begin('switchDoor', args);
    const { id, enabled } = args;
    const state = enabled ? 'open' : 'off';
    return this.#tellDoors(this.doors.map((door) => (door.id === id ? { ...door, enabled, state } : door)));
  }

  async removeDoor(args: { id: string }): ReturnType<EngineApi['removeDoor']> {
    await this.#begin('removeDoor', args);
    return this.#tellDoors(this.doors.filter(({ id }) => id !== args.id));
  }

  #tellDoors(doors: readonly DoorStatus[]): readonly DoorStatus[] {
    this.doors = doors;
    this.emit('doors', doors);
    return doors;
  }

  async setAccessRules(rules: AccessRules): ReturnType<EngineApi['setAccessRules']> {
    await this.#begin('setAccessRules', rules);
    this.accessRules = { ...this.accessRules, ...rules };
    this.emit('accessRules', this.accessRules);
    return this.accessRules;
  }

  async createToken(wanted: NewToken): ReturnType<EngineApi['createToken']> {
    await this.#begin('createToken', wanted);
    const entry: TokenEntry = { ...wanted, id: `tk_${this.tokens.length}`, createdAt: 0, revokedAt: null };
    this.tokens = [entry, ...this.tokens];
    return { token: 'cpsk_shown-once', entry };
  }

  async listTokens(): ReturnType<EngineApi['listTokens']> {
    await this.#begin('listTokens');
    return this.tokens;
  }

  async revokeToken(args: { id: string }): ReturnType<EngineApi['revokeToken']> {
    await this.#begin('revokeToken', args);
    this.tokens = this.tokens.map((token) => (token.id === args.id ? { ...token, revokedAt: 1 } : token));
  }

  async allowOrigin(args: { origin: string }): ReturnType<EngineApi['allowOrigin']> {
    await this.#begin('allowOrigin', args);
    this.access = { ...this.access, allowedOrigins: [...this.access.allowedOrigins, args.origin] };
    this.emit('access', this.access);
    return this.access;
  }

  async forbidOrigin(args: { origin: string }): ReturnType<EngineApi['forbidOrigin']> {
    await this.#begin('forbidOrigin', args);
    this.access = { ...this.access, allowedOrigins: this.access.allowedOrigins.filter((one) => one !== args.origin) };
    this.emit('access', this.access);
    return this.access;
  }

  async makeUiLink(): Promise<{ readonly url: string }> {
    await this.#begin('makeUiLink');
    return { url: 'http://127.0.0.1:7380/#secret' };
  }

  async setSecret(args: Parameters<EngineApi['setSecret']>[0]): Promise<void> {
    await this.#begin('setSecret', args);
  }

  async setDiscovery(args: Parameters<EngineApi['setDiscovery']>[0]): Promise<void> {
    await this.#begin('setDiscovery', args);
    this.found = { ...this.found, mode: args.mode };
    this.emit('found', { mode: args.mode, troubles: this.found.troubles, changed: [], gone: [] });
  }

  async lookAgain(): Promise<void> {
    await this.#begin('lookAgain');
  }

  async connectFound(args: { key: string }): Promise<EditReceipt> {
    await this.#begin('connectFound', args);
    const thing = this.found.things.find(({ key }) => key === args.key);
    const item = thing && bridgeFor(thing, this.document.bridges, () => crypto.randomUUID());
    if (!item) throw new InputError('unknown-id', 'It is not on the network any more. Nothing was changed.');
    const edit: Edit = { label: `add ${item.name}`, steps: [{ do: 'put', list: 'bridges', item }] };
    this.#undo.push({ edit, inverse: this.#apply(edit) });
    return this.#announce(edit);
  }

  async setInterface(args: { network: boolean; encrypted: boolean }): Promise<RemoteState> {
    await this.#begin('setInterface', args);
    const { network, encrypted } = args;
    const urls = network ? [{ card: 'eth0', url: `http${encrypted ? 's' : ''}://192.168.10.20:7380/` }] : [];
    return this.patchRemote({ reach: network ? 'network' : 'loopback', encrypted, urls });
  }

  async setPin(args: { role: Role; pin?: string | undefined }): Promise<{ pin: string }> {
    await this.#begin('setPin', args);
    this.patchRemote({ pins: roles.filter((role) => role === args.role || this.remote?.pins.includes(role)) });
    return { pin: args.pin ?? '481623' };
  }

  async clearPin(args: { role: Role }): Promise<RemoteState> {
    await this.#begin('clearPin', args);
    return this.patchRemote({ pins: this.remote?.pins.filter((role) => role !== args.role) ?? [] });
  }

  async startPairing(args: { role: Role }): Promise<RemoteState> {
    await this.#begin('startPairing', args);
    const expiresAt = millis(1_795_295_767_000);
    return this.patchRemote({ pairing: { code: '042137', role: args.role, expiresAt, attemptsLeft: 3 } });
  }

  async stopPairing(): Promise<RemoteState> {
    await this.#begin('stopPairing');
    return this.patchRemote({ pairing: null });
  }

  async endSession(args: { id: string }): Promise<RemoteState> {
    await this.#begin('endSession', args);
    return this.patchRemote({ sessions: this.remote?.sessions.filter(({ id }) => id !== args.id) ?? [] });
  }

  async revokePaired(args: { id: string }): Promise<RemoteState> {
    await this.#begin('revokePaired', args);
    return this.patchRemote({ paired: this.remote?.paired.filter(({ id }) => id !== args.id) ?? [] });
  }

  patchRemote(change: Partial<RemoteState>): RemoteState {
    this.remote = { ...(this.remote ?? fakeRemote()), ...change };
    this.emit('remote', this.remote);
    return this.remote;
  }

  #apply(edit: Edit): Edit {
    const outcome = applyEdit(this.document, edit);
    this.document = outcome.document;
    return outcome.inverse;
  }

  #announce(edit: Edit): EditReceipt {
    this.revision++;
    this.#show = {
      ...this.#show,
      name: this.document.name,
      unsaved: true,
      undoLabel: this.#undo.at(-1)?.edit.label ?? null,
      redoLabel: this.#redo.at(-1)?.edit.label ?? null,
    };
    this.emit('edited', { revision: this.revision, edit, show: this.#show });
    return { revision: this.revision, show: this.#show };
  }

  async #begin(name: CommandName, args?: unknown): Promise<void> {
    this.calls.push({ name, args });
    // As over a real link, nothing is answered within the caller's own turn.
    await Promise.resolve();
    const refusal = this.#refusals.get(name);
    this.#refusals.delete(name);
    if (refusal) throw refusal;
  }
}

const openRules: AccessRulesState = {
  ...{ asksForTokens: false, rateLimits: { session: null, source: null, patterns: [] } },
  ...{ isAskingGiven: false, areRatesGiven: false },
};

/** As a machine has it that nobody set up. */
function webSocketDoor(): DoorStatus {
  return {
    ...{
      id: 'websocket',
      settings: null,
      enabled: true,
      isGiven: true,
      isForAnyone: false,
      isAnyoneChosen: false,
      state: 'open',
    },
    ...{ url: 'ws://127.0.0.1:7330/clasp', reason: 'Clients can come in.' },
    ...{ connections: 0, acceptedTotal: 0, refusedTotal: 0 },
  };
}
