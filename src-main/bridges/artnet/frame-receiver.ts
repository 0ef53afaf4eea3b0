import { portAddressWords } from '../../contract/bridges/port-address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { ArtnetBridge } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { millis, type Micros, type Millis } from '../../contract/units.ts';
import type { ArtDmx } from '../../core/dmx/artnet/art-dmx.ts';
import { SequenceGate } from '../../core/dmx/artnet/sequence-gate.ts';
import { SyncHold } from '../../core/dmx/artnet/sync-hold.ts';
import { DmxInput, type DmxInputSettings } from '../../core/dmx/dmx-input.ts';
import { describeSilence } from '../../core/dmx/silent-universes.ts';
import type { MergeRule } from '../../core/dmx/merge/universe-merger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskInput } from '../../ports/dmx-desk.ts';

/** Two sources are merged, no third one is heard. A source that was silent for 10 s is gone. [Art-Net 4, Data merging] */
const sourcesMax = 2;
export const sourceLostAfter = millis(10_000);
/** How long a source that was one too many is told of. */
const refusedShownMicros = 10_000_000;
/** All sources of Art-Net are equals. */
const priority = 100;

export interface FrameReceiverOptions {
  readonly clock: Clock;
  readonly settings: () => ArtnetBridge['settings'];
  readonly publish: (batch: readonly Signal[]) => void;
}

interface HeardFrame extends ArtDmx {
  readonly source: string;
  readonly from: string;
}

/** A source that was one too many. */
interface Refused {
  readonly portAddress: number;
  readonly from: string;
  readonly at: Micros;
}

/** What controllers send to the port addresses of one bridge: merged, in order, and when they say so. */
export class FrameReceiver {
  readonly #options: FrameReceiverOptions;
  readonly #input: DmxInput;
  readonly #hold = new SyncHold<HeardFrame>();
  readonly #gates = new Map<string, SequenceGate>();
  /** rules that controllers set by ArtAddress */
  readonly #rules = new Map<number, MergeRule>();
  /** merges that end with the next source; and that source, once it came */
  readonly #cancelled = new Map<number, string | undefined>();
  #cancelLook: Cancel | undefined;
  #refused: Refused | undefined;
  #heardTotal = 0;
  #outrunTotal = 0;
  #heardAt: Millis | null = null;

  constructor(options: FrameReceiverOptions) {
    this.#options = options;
    const prefix = options.settings().prefix;
    this.#input = new DmxInput({ ...this.#inputSettings(), prefix, clock: options.clock, publish: options.publish });
  }

  /** for one who looks where levels come from: Art-Net knows no priorities */
  get input(): DeskInput {
    const input = this.#input;
    return {
      universes: () => input.universes(),
      heard: (portAddress) => {
        const heard = input.heard(portAddress);
        return heard && { ...heard, sources: heard.sources.map((source) => ({ ...source, priority: null })) };
      },
    };
  }

  get heardTotal(): number {
    return this.#heardTotal;
  }

  /** Packets that were overtaken, and such of sources that were one too many. */
  get refusedTotal(): number {
    return this.#outrunTotal + this.#input.refusedTotal;
  }

  /** when a frame last came */
  get heardAt(): Millis | null {
    return this.#heardAt;
  }

  /** What nobody hears, as a sentence, for ten seconds. */
  get trouble(): string | undefined {
    const refused = this.#refused;
    if (!refused || this.#options.clock.nowMicros() - refused.at > refusedShownMicros) return undefined;
    return `Port address ${portAddressWords(refused.portAddress)} has two sources already: ${refused.from} is not heard.`;
  }

  /** Who fell silent, and since when, as a sentence. */
  get silence(): string | undefined {
    return describeSilence(this.#input, 'port address');
  }

  /** How many sources there are now, and for how many port addresses. */
  get sources(): { readonly portAddresses: number; readonly merged: number } {
    const counts = this.#input.universes().map((portAddress) => this.sourcesOf(portAddress));
    return {
      portAddresses: counts.filter((count) => count > 0).length,
      merged: counts.filter((count) => count > 1).length,
    };
  }

  sourcesOf(portAddress: number): number {
    return this.#sourcesOf(portAddress).length;
  }

  ruleOf(portAddress: number): MergeRule {
    return this.#rules.get(portAddress) ?? this.#options.settings().merge;
  }

  hear(dmx: ArtDmx, from: string): void {
    if (!this.#covers(dmx.portAddress)) return;
    const source = `${from} ${dmx.physical}`;
    this.#heardTotal++;
    this.#heardAt = Math.floor(this.#options.clock.nowMicros() / 1000) as Millis;
    const key = `${dmx.portAddress} ${source}`;
    const gate = this.#gates.get(key);
    if (gate && !gate.passes(dmx.sequence, this.#options.clock.nowMicros())) {
      this.#outrunTotal++;
      return;
    }
    const frame = { ...dmx, source, from };
    // A port that merges does not wait: its sources are in no step. [Art-Net 4, ArtSync]
    const isMerging = this.sourcesOf(dmx.portAddress) > 1;
    if (gate && !isMerging && this.#hold.holds(from, key, { ...frame, levels: dmx.levels.slice() })) return;
    this.#merge(frame);
    if (!gate && this.#isKnown(frame)) this.#begin(key, dmx.sequence);
  }

  /** An ArtSync: what came before it counts together. */
  sync(from: string): void {
    const held = this.#hold.sync(from, this.#options.clock.nowMicros());
    this.#input.together(() => held.forEach((frame) => this.#merge(frame)));
    this.#lookLater();
  }

  /** As a controller wants a port address merged. */
  merge(portAddress: number, how: MergeRule | 'cancel'): void {
    if (!this.#covers(portAddress)) return;
    if (how === 'cancel') this.#cancelled.set(portAddress, undefined);
    else {
      this.#cancelled.delete(portAddress);
      this.#rules.set(portAddress, how);
      this.#input.change(this.#inputSettings());
    }
  }

  /** Goes by the settings as they are now. A rule that a controller set gives way to another one of the show. */
  change(isOtherRule: boolean): void {
    if (isOtherRule) this.#rules.clear();
    this.#input.leaveOut((portAddress) => this.#covers(portAddress));
    this.#input.change(this.#inputSettings());
    this.#forgetLost();
  }

  stop(): void {
    this.#cancelLook?.();
    this.#input.stop();
  }

  #merge({ portAddress, source, from, levels }: HeardFrame): void {
    if (!this.#covers(portAddress) || !this.#mayMerge(portAddress, source)) return;
    const before = this.#input.refusedTotal;
    this.#input.hear(portAddress, { id: source, name: from, address: from, priority, levels });
    if (this.#input.refusedTotal > before) this.#refused = { portAddress, from, at: this.#options.clock.nowMicros() };
    this.#lookLater();
  }

  /** Once a merge was ended, the next source is the only one, as long as it is there. */
  #mayMerge(portAddress: number, source: string): boolean {
    if (!this.#cancelled.has(portAddress)) return true;
    const only = this.#cancelled.get(portAddress);
    const sources = this.#sourcesOf(portAddress);
    if (only !== undefined) {
      if (sources.some(({ id }) => id === only)) return only === source;
      this.#cancelled.delete(portAddress);
      return true;
    }
    this.#cancelled.set(portAddress, source);
    for (const { id } of sources) if (id !== source) this.#input.lose(portAddress, id);
    return true;
  }

  #sourcesOf(portAddress: number): readonly { readonly id: string }[] {
    return this.#input.heard(portAddress)?.sources ?? [];
  }

  #isKnown({ portAddress, source }: HeardFrame): boolean {
    return this.#sourcesOf(portAddress).some(({ id }) => id === source);
  }

  #begin(key: string, sequence: number): void {
    const gate = new SequenceGate();
    gate.passes(sequence, this.#options.clock.nowMicros());
    this.#gates.set(key, gate);
  }

  /** Once a second, while anything is heard. */
  #lookLater(): void {
    this.#cancelLook ??= this.#options.clock.after(millis(1000), () => {
      this.#cancelLook = undefined;
      for (const frame of this.#hold.look(this.#options.clock.nowMicros())) this.#merge(frame);
      this.#forgetLost();
      if (this.#gates.size > 0 || this.#hold.isHolding) this.#lookLater();
    });
  }

  #forgetLost(): void {
    const known = new Set(
      this.#input
        .universes()
        .flatMap((portAddress) => this.#sourcesOf(portAddress).map(({ id }) => `${portAddress} ${id}`)),
    );
    for (const key of this.#gates.keys()) if (!known.has(key)) this.#gates.delete(key);
  }

  #covers(portAddress: number): boolean {
    return this.#options.settings().receive.some(({ first, last }) => first <= portAddress && portAddress <= last);
  }

  #inputSettings(): DmxInputSettings {
    const { publish, merge } = this.#options.settings();
    const settings = { rule: merge, sourcesMax, lostAfter: sourceLostAfter, settle: millis(0) };
    return { form: publish, merge: settings, ruleOf: (portAddress) => this.ruleOf(portAddress) };
  }
}
