import type { Address } from '../../../contract/address.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import type { PatchedFixture } from '../../../contract/patched-fixture.ts';
import type { DmxSettings } from '../../../contract/show.ts';
import type { DeskInput, DeskLine, DeskOutput, DmxDesk, HeardUniverse, SourceName } from '../../../ports/dmx-desk.ts';
import { slotsPerUniverse, type DmxAddress } from '../dmx-address.ts';
import { compileRig, type CompiledRig, type DeskRig } from './desk-rig.ts';
import { reduce, unpatchedMap } from './intensity-map.ts';
import { ParkedSlots } from './parked-slots.ts';
import { SlotMoves } from './slot-moves.ts';

/** One universe of a bridge as it stands at the desk. Levels are copies, slot 1 first. */
export interface DeskUniverse {
  readonly universe: number;
  /** whether it is sent, or heard */
  readonly isRunning: boolean;
  readonly isSent: boolean;
  /** what leaves; of a universe that is only heard, what comes in */
  readonly levels: Uint8Array;
  /** what was asked for, before anything was done to it */
  readonly asked: Uint8Array;
  readonly parked: ReadonlyMap<number, number>;
  readonly source: SourceName | undefined;
  readonly heard: HeardUniverse | undefined;
  /** @returns the slot whose level leaves here; undefined where the soft patch leaves nothing */
  readonly originOf: (slot: number) => SlotOrigin | undefined;
}

export interface SlotOrigin extends DmxAddress {
  /** 0..255, as it was asked for */
  readonly asked: number;
  /** what set it; undefined when nothing did */
  readonly address: Address | undefined;
}

/** The desk: in this order the grand master reduces what is light, the soft patch puts slots where they leave, blackout makes
 *  dark, and what is parked stays. Nothing that is asked for meanwhile is lost: it is there when the hand goes. */
export class UniverseDesk implements DmxDesk {
  readonly #lines = new Map<string, OutputLine[]>();
  readonly #inputs = new Map<string, Set<DeskInput>>();
  readonly #parked = new Map<string, ParkedSlots>();
  #rig: CompiledRig = compileRig({ profiles: [], patch: [], softPatch: [], blackout: 'all' });
  #master = 1;
  #isBlackout = false;

  /** 0..1 */
  get master(): number {
    return this.#master;
  }

  get isBlackout(): boolean {
    return this.#isBlackout;
  }

  get blackoutScope(): DmxSettings['blackout'] {
    return this.#rig.blackout;
  }

  /** The fixtures of the show, each on its slots. */
  get fixtures(): readonly PatchedFixture[] {
    return this.#rig.fixtures;
  }

  /** From now on this is patched. */
  load(rig: DeskRig): void {
    this.#rig = compileRig(rig);
    this.#refinishAll();
  }

  /** @param level 0..1 */
  setMaster(level: number): void {
    if (level === this.#master) return;
    this.#master = level;
    this.#refinishAll();
  }

  /** Everything is dark until it is released. */
  setBlackout(on: boolean): void {
    if (on === this.#isBlackout) return;
    this.#isBlackout = on;
    this.#refinishAll();
  }

  /** @param slot 1..512, where it leaves
   *  @param level 0..255, over master and blackout; undefined lets it go */
  park(bridgeId: string, { universe, slot }: DmxAddress, level: number | undefined): void {
    if (!this.#parkedOf(bridgeId).set(universe, slot, level)) return;
    for (const { output } of this.#lines.get(bridgeId) ?? []) output.refinish([universe]);
  }

  join(bridgeId: string, output: DeskOutput): DeskLine {
    const levels = new Uint8Array(slotsPerUniverse);
    const line: OutputLine = { output };
    this.#lines.set(bridgeId, [...(this.#lines.get(bridgeId) ?? []), line]);
    return {
      finish: (universe, asked) => this.#finish(bridgeId, { universe, asked, output }, levels),
      reach: (universe) => this.#movesOf(bridgeId).reach(universe),
      wanted: () => this.#parkedOf(bridgeId).universes,
      leave: () => {
        const others = (this.#lines.get(bridgeId) ?? []).filter((each) => each !== line);
        if (others.length === 0) this.#lines.delete(bridgeId);
        else this.#lines.set(bridgeId, others);
      },
    };
  }

  hear(bridgeId: string, input: DeskInput): Cancel {
    const inputs = this.#inputs.get(bridgeId) ?? new Set();
    this.#inputs.set(bridgeId, inputs.add(input));
    return () => {
      inputs.delete(input);
      if (inputs.size === 0 && this.#inputs.get(bridgeId) === inputs) this.#inputs.delete(bridgeId);
    };
  }

  /** The universes of a bridge that are sent, then those that are only heard, each rising. */
  universesOf(bridgeId: string): { readonly sent: readonly number[]; readonly heard: readonly number[] } {
    const sent = new Set((this.#lines.get(bridgeId) ?? []).flatMap(({ output }) => output.universes()));
    const heard = new Set([...(this.#inputs.get(bridgeId) ?? [])].flatMap((input) => input.universes()));
    const rising = (universes: Iterable<number>): number[] => [...universes].sort((a, b) => a - b);
    return { sent: rising(sent), heard: rising([...heard].filter((universe) => !sent.has(universe))) };
  }

  /** One universe as it stands now. */
  look(bridgeId: string, universe: number): DeskUniverse {
    const output = this.#lines.get(bridgeId)?.at(-1)?.output;
    const asked = output?.asked(universe);
    const heard = this.#heard(bridgeId, universe);
    const isSent = asked !== undefined;
    const sent =
      asked && output && this.#finish(bridgeId, { universe, asked: asked.levels, output }, new Uint8Array(512));
    const moves = this.#movesOf(bridgeId);
    return {
      universe,
      isRunning: isSent || heard !== undefined,
      isSent,
      levels: whole(sent ?? heard?.levels),
      asked: whole(asked?.levels),
      parked: this.#parkedOf(bridgeId).of(universe),
      source: output?.source?.(universe),
      heard,
      originOf: (slot) => {
        const origin = moves.originOf(universe, slot);
        const frame = origin && output?.asked(origin.universe);
        return (
          origin && { ...origin, asked: frame?.levels[origin.slot - 1] ?? 0, address: frame?.addressOf(origin.slot) }
        );
      },
    };
  }

  #finish(bridgeId: string, { universe, asked, output }: Finished, levels: Uint8Array): Uint8Array {
    const isDark = this.#isBlackout && this.#rig.blackout === 'all';
    if (isDark) levels.fill(0);
    else this.#fill(bridgeId, { universe, asked, output }, levels);
    this.#parked.get(bridgeId)?.applyTo(universe, levels);
    return levels;
  }

  #fill(bridgeId: string, { universe, asked, output }: Finished, levels: Uint8Array): void {
    const moves = this.#movesOf(bridgeId);
    if (moves.leavesAsItIs(universe)) {
      levels.set(asked);
      this.#reduce(bridgeId, universe, levels);
      return;
    }
    const reduced = new Map<number, Uint8Array>();
    const levelsOf = (source: number): Uint8Array => {
      const known = reduced.get(source);
      if (known) return known;
      const own = whole(source === universe ? asked : output.asked(source)?.levels);
      this.#reduce(bridgeId, source, own);
      reduced.set(source, own);
      return own;
    };
    for (let slot = 1; slot <= slotsPerUniverse; slot++) {
      const origin = moves.originOf(universe, slot);
      levels[slot - 1] = (origin && levelsOf(origin.universe)[origin.slot - 1]) ?? 0;
    }
  }

  #reduce(bridgeId: string, universe: number, levels: Uint8Array): void {
    const factor = this.#isBlackout ? 0 : this.#master;
    if (factor < 1) reduce(levels, this.#rig.intensities.get(`${bridgeId} ${universe}`) ?? unpatchedMap, factor);
  }

  #heard(bridgeId: string, universe: number): HeardUniverse | undefined {
    for (const input of this.#inputs.get(bridgeId) ?? []) {
      const heard = input.heard(universe);
      if (heard) return heard;
    }
    return undefined;
  }

  #refinishAll(): void {
    for (const [bridgeId, lines] of this.#lines) {
      const moves = this.#movesOf(bridgeId);
      for (const { output } of lines) {
        const reached = output.universes().flatMap((universe) => moves.reach(universe));
        output.refinish([...new Set(reached)]);
      }
    }
  }

  #movesOf(bridgeId: string): SlotMoves {
    return this.#rig.moves.get(bridgeId) ?? noMoves;
  }

  #parkedOf(bridgeId: string): ParkedSlots {
    const known = this.#parked.get(bridgeId);
    if (known) return known;
    const parked = new ParkedSlots();
    this.#parked.set(bridgeId, parked);
    return parked;
  }
}

interface OutputLine {
  readonly output: DeskOutput;
}

interface Finished {
  readonly universe: number;
  readonly asked: Readonly<Uint8Array>;
  readonly output: DeskOutput;
}

const noMoves = new SlotMoves([]);

/** 512 levels of one's own. */
function whole(levels: Readonly<Uint8Array> | undefined): Uint8Array {
  const all = new Uint8Array(slotsPerUniverse);
  if (levels) all.set(levels.subarray(0, slotsPerUniverse));
  return all;
}
