import type { DmxPlace, SlotView, UniverseEntry, UniverseView } from '../../src-main/contract/dmx.ts';
import type { EngineApi } from '../../src-main/contract/engine-api.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import type { PageClock } from '../engine/page-clock.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { noteChanges, type GridMode } from './slot-cell.ts';
import { LevelHistory } from './level-history.ts';

/** How often a level that is held for a test is asked for again. */
const testAgainEveryMs = 800;
/** How often the slot that is looked at is asked about. */
const slotEveryMs = 400;
const universesEveryMs = 2000;

/** The DMX page: which universe and slot are looked at, and what the engine says of them. */
export class DmxState {
  /** undefined while there is none */
  place = $state.raw<DmxPlace | undefined>();
  universes = $state.raw<readonly UniverseEntry[]>([]);
  view = $state.raw<UniverseView | undefined>();
  slot = $state<number | undefined>();
  slotView = $state.raw<SlotView | undefined>();
  mode = $state<GridMode>('level');
  /** why nothing is seen; empty when it is */
  problem = $state('');
  testing = $state(false);
  readonly changedAt = new Float64Array(512);
  readonly history = new LevelHistory();

  readonly #engine: EngineState;
  readonly #messages: MessageBoard;
  readonly #clock: PageClock;
  #cancelTest: Cancel | undefined;

  constructor(engine: EngineState, messages: MessageBoard, clock: PageClock) {
    this.#engine = engine;
    this.#messages = messages;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Inside an effect: follows the engine while the page is shown. */
  follow(): Cancel {
    const { connection } = this.#engine;
    if (connection !== 'ready') return () => undefined;
    const { api } = this.#engine;
    const cancels = [
      api.on('universe', (view) => this.#take(view)),
      this.#clock.every(universesEveryMs, () => void this.#readUniverses(api)),
      this.#clock.every(slotEveryMs, () => void this.#readSlot(api)),
      () => this.endTest(),
      () => void api.unwatchUniverse().catch(() => undefined),
    ];
    if (this.place) void this.#watch(api);
    void this.#readUniverses(api);
    return () => {
      for (const cancel of cancels) cancel();
    };
  }

  look(place: DmxPlace): void {
    this.endTest();
    this.place = place;
    this.view = undefined;
    this.slotView = undefined;
    this.changedAt.fill(0);
    this.history.clear();
    if (!this.#engine.offline) void this.#watch(this.#engine.api);
  }

  select(slot: number | undefined): void {
    if (slot === this.slot) return;
    this.endTest();
    this.slot = slot;
    this.slotView = undefined;
    this.history.clear();
    if (slot !== undefined && !this.#engine.offline) void this.#readSlot(this.#engine.api);
  }

  step(by: number): void {
    this.select(Math.min(512, Math.max(1, (this.slot ?? 0) + by)));
  }

  /** @param level 0..255; null lets the slot go */
  async park(level: number | null): Promise<void> {
    const place = this.#slotPlace();
    if (!place) return;
    await this.#try(async (api) => {
      await api.parkSlot({ ...place, level });
      await this.#readSlot(api);
    });
  }

  async unparkAll(): Promise<void> {
    await this.#try((api) => api.unparkAll());
  }

  /** @param level 0..1 */
  async setMaster(level: number): Promise<void> {
    await this.#try((api) => api.setMaster({ level }));
  }

  async setBlackout(on: boolean): Promise<void> {
    await this.#try((api) => api.setBlackout({ on }));
  }

  /** Full, for as long as it is held. */
  beginTest(): void {
    const place = this.#slotPlace();
    if (!place || this.testing) return;
    this.testing = true;
    const hold = (): void => void this.#try((api) => api.testSlot({ ...place, level: 255 }));
    hold();
    const cancelRepeats = this.#clock.every(testAgainEveryMs, hold);
    this.#cancelTest = () => {
      cancelRepeats();
      void this.#try((api) => api.testSlot({ ...place, level: null }));
    };
  }

  endTest(): void {
    this.testing = false;
    this.#cancelTest?.();
    this.#cancelTest = undefined;
  }

  #slotPlace() {
    return this.place && this.slot !== undefined ? { ...this.place, slot: this.slot } : undefined;
  }

  #take(view: UniverseView): void {
    const { place } = this;
    if (place?.bridgeId !== view.bridgeId || place.universe !== view.universe) return;
    noteChanges(this.changedAt, { before: this.view?.levels, levels: view.levels, now: this.now() });
    this.view = view;
    if (this.slot !== undefined) this.history.add(this.now(), view.levels[this.slot - 1] ?? 0);
  }

  async #readUniverses(api: EngineApi): Promise<void> {
    try {
      this.universes = await api.listUniverses();
      const isThere = ({ bridgeId, universe }: DmxPlace): boolean =>
        bridgeId === this.place?.bridgeId && universe === this.place.universe;
      const first = this.universes.find(({ isRunning }) => isRunning) ?? this.universes[0];
      if (first && !this.universes.some(isThere)) this.look({ bridgeId: first.bridgeId, universe: first.universe });
      if (!first) this.place = undefined;
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  async #watch(api: EngineApi): Promise<void> {
    if (!this.place) return;
    const { bridgeId, universe } = this.place;
    try {
      await api.watchUniverse({ bridgeId, universe });
      this.problem = '';
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  async #readSlot(api: EngineApi): Promise<void> {
    const place = this.#slotPlace();
    if (!place || this.#engine.offline) return;
    try {
      const view = await api.inspectSlot(place);
      if (this.slot === view.slot && this.place?.universe === view.universe) this.slotView = view;
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  async #try(run: (api: EngineApi) => Promise<unknown>): Promise<void> {
    try {
      await run(this.#engine.api);
    } catch (error) {
      this.#messages.fault(messageOf(error));
    }
  }
}
