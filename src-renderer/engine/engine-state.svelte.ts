import type { DeviceStatus } from '../../src-main/contract/device.ts';
import type {
  AccessState,
  EditedEvent,
  EngineApi,
  EngineSnapshot,
  MappingProblem,
  ShowState,
} from '../../src-main/contract/engine-api.ts';
import type { EngineStats } from '../../src-main/contract/live-events.ts';
import { InputError } from '../../src-main/contract/errors.ts';
import type { AccessRulesState } from '../../src-main/contract/access-rules.ts';
import type { FoundState } from '../../src-main/contract/discovery.ts';
import type { DoorStatus } from '../../src-main/contract/door.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { RemoteState } from '../../src-main/contract/remote-access.ts';
import { mayAs, type Role } from '../../src-main/contract/role.ts';
import type { Edit } from '../../src-main/contract/show-edit.ts';
import { emptyShow, type LateBundles, type Mapping, type ShowDocument } from '../../src-main/contract/show.ts';
import { afterEdits } from './after-edits.ts';
import { ConfirmedShow } from './confirmed-show.ts';
import { followFound } from './follow-found.ts';
import { LateChanges, type KeptChange, type Made } from './late-changes.ts';
import { LiveValues } from './live-values.svelte.ts';
import type { PageClock } from './page-clock.ts';
import { RemovedItems } from './removed-items.ts';
import { wholeEdit, type ShowChange } from './show-change.ts';
import { noConnection, ShowEdits } from './show-edits.ts';

/** opening: no picture yet. ready: follows the engine. lost: shows the last picture and says so, tries again.
 *  refused: this page may not come in. */
export type ConnectionState = 'opening' | 'ready' | 'lost' | 'refused';

const noShow: ShowState = {
  name: '',
  file: null,
  unsaved: false,
  savedAt: null,
  undoLabel: null,
  redoLabel: null,
  saveProblem: null,
};

/** The engine as the page sees it: built from a snapshot, carried on by events. Edits show at once and are taken back
 *  when the engine refuses them. */
export class EngineState {
  connection = $state<ConnectionState>('opening');
  /** why the connection is as it is, in words */
  connectionReason = $state('');
  version = $state('');
  /** the show as the engine has it, and on top of it the edits that are under way */
  document = $state.raw<ShowDocument>(emptyShow('none', 'Show'));
  /** how the show stands, as the engine said last */
  told = $state.raw<ShowState>(noShow);
  #underWay = $state<string | undefined>(undefined);
  /** the same with the edits that are under way: undo waits for them, and takes back the last */
  readonly show: ShowState = $derived(
    this.#underWay === undefined ? this.told : { ...this.told, undoLabel: this.#underWay, redoLabel: null },
  );
  devices = $state.raw<readonly DeviceStatus[]>([]);
  problems = $state.raw<readonly MappingProblem[]>([]);
  accessRules = $state.raw<AccessRulesState | undefined>();
  /** so often were the tokens of the machine others, by whomever */
  tokenChanges = $state(0);
  doors = $state.raw<readonly DoorStatus[]>([]);
  found = $state.raw<FoundState>({ mode: 'off', things: [], troubles: [] });
  access = $state.raw<AccessState>({ allowedOrigins: [], refusedOrigins: [] });
  /** who may come to the interface; null for who may not edit */
  remote = $state.raw<RemoteState | null>(null);
  stats = $state.raw<EngineStats | undefined>(undefined);
  claspUrl = $state('');
  /** what the command line said of late bundles, which goes before the show */
  lateBundlesGiven = $state.raw<LateBundles | null>(null);
  paths = $state(false);
  /** what this page may do */
  role = $state<Role>('edit');
  firstStart = $state(false);
  /** counts up when another document takes the table, or one that this page could not follow there */
  documentTurn = $state(0);
  /** counts up when another show takes the table; one whose edits this page missed is the same show */
  showTurn = $state(0);
  readonly live: LiveValues;
  /** the picture is the last that was known and nothing can be changed */
  readonly offline: boolean = $derived(this.connection === 'lost');
  /** nothing of the show can be changed from this page */
  readonly lookOnly: boolean = $derived(!mayAs(this.role, 'edit'));
  readonly mappingsById: ReadonlyMap<string, Mapping> = $derived(
    new Map(this.document.mappings.map((mapping) => [mapping.id, mapping])),
  );
  readonly problemsById: ReadonlyMap<string, MappingProblem> = $derived(
    new Map(this.problems.map((problem) => [problem.mappingId, problem])),
  );
  readonly devicesById: ReadonlyMap<string, DeviceStatus> = $derived(
    new Map(this.devices.map((device) => [device.bridgeId, device])),
  );

  #api: EngineApi | undefined;
  #cancels: Cancel[] = [];
  readonly #confirmed = new ConfirmedShow(this.document);
  readonly #removed = new RemovedItems();
  readonly #late = new LateChanges();
  readonly #edits = new ShowEdits({
    confirmed: () => this.#confirmed,
    send: (edit) => this.api.edit(edit),
    refresh: () => this.#resync(),
    onshown: () => this.#settle(),
    onreceipt: ({ revision, show }) => {
      this.#removed.noteOwn(revision);
      this.told = show;
      this.firstStart = false;
    },
  });

  constructor(clock: PageClock) {
    this.live = new LiveValues(clock);
  }

  /** The connected engine, for commands and for the events of one area (monitor, learn).
   *  @throws UnavailableError 'link-closed' while there is none */
  get api(): EngineApi {
    if (!this.#api) throw noConnection();
    return this.#api;
  }

  /** The newest revision of the show that this page knows; -1 before the first picture. */
  get revision(): number {
    return this.#confirmed.revision;
  }

  /** Follows this engine from now on. @throws what its snapshot command throws */
  async attach(api: EngineApi): Promise<void> {
    this.detach();
    this.#api = afterEdits(api, {
      settled: () => this.#edits.settled,
      onhistory: (answer) => this.#removed.followHistory(answer),
    });
    this.#cancels = [
      api.on('edited', (event) => this.#onEdited(event)),
      api.on('document', (event) => {
        this.#lay(event);
        this.#settle();
        this.told = event.show;
        this.firstStart = false;
        this.live.reset([]);
      }),
      api.on('show', (show) => {
        this.told = show;
      }),
      api.on('devices', (devices) => {
        this.devices = devices;
      }),
      api.on('problems', (problems) => {
        this.problems = problems;
      }),
      api.on('accessRules', (rules) => {
        this.accessRules = rules;
      }),
      api.on('tokens', ({ changes }) => {
        this.tokenChanges = changes;
      }),
      api.on('doors', (doors) => {
        this.doors = doors;
      }),
      api.on('found', (change) => {
        this.found = followFound(this.found, change);
      }),
      api.on('access', (access) => {
        this.access = access;
      }),
      api.on('remote', (remote) => {
        this.remote = remote;
      }),
      api.on('stats', (stats) => {
        this.stats = stats;
      }),
      api.on('live', (batch) => this.live.apply(batch)),
      api.on('stopping', ({ reason }) => {
        this.connectionReason = reason;
      }),
    ];
    await this.#resync();
    this.connection = 'ready';
    this.connectionReason = '';
    this.#late.release(this.#confirmed.laying, (kept) => this.#edits.makeKept(kept));
    this.#settle();
  }

  /** The engine is gone; what was last known stays on the page. */
  detach(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#api = undefined;
    this.#edits.abandon((kept) => this.#hold(kept));
    this.#settle();
  }

  /** Shows at once; resolves when it is on disk. @throws AppError when refused: then nothing has changed */
  async edit(edit: Edit): Promise<void> {
    await this.change(wholeEdit(edit));
  }

  /** As `edit`, but made from the newest show: what other windows changed meanwhile stays. */
  async change(change: ShowChange): Promise<void> {
    const kept = this.#late.whileCollecting(change, (keep) =>
      this.connection === 'ready' && this.#api ? this.#edits.makeKept(keep) : this.#hold(keep),
    );
    if (!kept && !this.#api) throw noConnection();
    await (kept ?? this.#edits.make(change));
  }

  /** What `run` changes, in this very turn, outlives the engine: what it did not make is made by the next one with the
   *  same show.
   *  @param onwaiting told when some of it begins to wait for an engine
   *  @returns settles when all of it is on disk, rejects when it was refused; undefined when it changed nothing */
  keep(run: () => void, onwaiting: () => void): Promise<Made> | undefined {
    return this.#late.collect(run, onwaiting);
  }

  /** Settles when no edit of this page is under way; undefined while none is. */
  get settled(): Promise<void> | undefined {
    return this.#edits.settled;
  }

  /** Whether a change was not sent yet, because the answer to one before it is not there. */
  get hasUnsent(): boolean {
    return this.#edits.hasUnsent;
  }

  /** Who took a thing out of the show; undefined when it is not known. */
  removedBy(id: string): 'here' | 'elsewhere' | undefined {
    return this.#removed.removedBy(id);
  }

  async #resync(): Promise<void> {
    this.#confirmed.awaitPicture();
    try {
      this.#adopt(await this.api.snapshot());
    } finally {
      for (const event of this.#confirmed.pictureCame()) this.#onEdited(event);
    }
  }

  #adopt(snapshot: EngineSnapshot): void {
    this.version = snapshot.version;
    this.#lay(snapshot);
    this.#settle();
    this.told = snapshot.show;
    this.devices = snapshot.devices;
    this.problems = snapshot.problems;
    this.access = snapshot.access;
    this.doors = snapshot.doors;
    this.accessRules = snapshot.accessRules;
    this.remote = snapshot.remote;
    this.found = snapshot.found;
    this.stats = snapshot.stats;
    this.claspUrl = snapshot.claspUrl;
    this.lateBundlesGiven = snapshot.lateBundlesGiven;
    this.paths = snapshot.paths;
    this.role = snapshot.role;
    this.firstStart = snapshot.firstStart;
    this.live.reset(snapshot.live);
  }

  #lay(laid: Parameters<ConfirmedShow['lay']>[0]): void {
    const found = this.#confirmed.lay(laid);
    if (found !== 'same') this.documentTurn++;
    if (found !== 'another') return;
    this.showTurn++;
    this.#edits.drop(anotherShow());
  }

  #onEdited(event: EditedEvent): void {
    const followed = this.#confirmed.follow(event);
    // A failed snapshot means that the link is going; the session loop opens the next one.
    if (followed === 'missed') this.#resync().catch(() => undefined);
    if (followed !== 'made') return;
    this.#removed.note(event);
    this.#edits.noteMade(event.edit);
    this.#settle();
    this.told = event.show;
    this.firstStart = false;
  }

  #hold(kept: KeptChange): Promise<Made> {
    const made = this.#late.hold(kept, this.#confirmed.laying);
    this.#settle();
    return made;
  }

  #settle(): void {
    const { document, label } = this.#edits.shown(this.#late.shown(this.#confirmed));
    this.document = document;
    this.#underWay = label;
  }
}

function anotherShow(): InputError {
  return new InputError('changed-meanwhile', 'Another show took the table meanwhile. Nothing was changed in it.');
}
