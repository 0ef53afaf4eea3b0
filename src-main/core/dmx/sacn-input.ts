import { micros, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DmxInput } from './dmx-input.ts';
import { readSacnPacket, startCodes, type SacnData, type SacnSync } from './sacn-packet.ts';
import { SacnPreviews } from './sacn-previews.ts';
import { SacnSyncs } from './sacn-syncs.ts';
import { readSourceName } from './sacn-source.ts';

/** A source, or a sync universe, that was silent for so long is lost. [E1.31 A, E131_NETWORK_DATA_LOSS_TIMEOUT] */
export const networkLossMs = 2500 as Millis;
/** Sources of one universe whose sequence is followed, those that the merge has no room for included. */
const tracksMax = 64;

export interface SacnInputSettings {
  /** whether levels that are not meant for lamps are taken */
  readonly takesPreview: boolean;
  /** whether levels wait for the sync packets that they ask for */
  readonly followsSync: boolean;
}

export interface SacnInputOptions {
  readonly clock: Clock;
  /** whether levels of this universe are taken */
  readonly covers: (universe: number) => boolean;
  /** by the component identifier, lower case: what we send ourselves is not heard */
  readonly isOwnCid: (cid: string) => boolean;
  /** Such levels of a universe that is covered came, whoever sent them; a goodbye is none. */
  readonly onOwn?: (universe: number) => void;
  readonly input: DmxInput;
  readonly settings: SacnInputSettings;
}

/** Takes packets as they come from the network: what is old, meant for planning, of nobody's concern or no packet at all is
 *  left out and counted, what waits for a sync packet is held, and the rest goes to the merge. */
export class SacnInput {
  readonly #options: SacnInputOptions;
  #settings: SacnInputSettings;
  readonly #universes = new Map<number, Map<string, Track>>();
  readonly #syncs: SacnSyncs;
  readonly #previews: SacnPreviews;
  #takenTotal = 0;
  #strayTotal = 0;
  #lateTotal = 0;
  #heardAt: Micros | undefined;

  constructor(options: SacnInputOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#syncs = new SacnSyncs(options.clock, networkLossMs);
    this.#previews = new SacnPreviews(options.clock, networkLossMs);
  }

  /** Who sends levels that are not taken because they are not meant for lamps, as a sentence. */
  get previewed(): string | undefined {
    return this.#previews.words;
  }

  /** Packets for our universes that were taken. */
  get takenTotal(): number {
    return this.#takenTotal;
  }

  /** Datagrams that are no packet of sACN, or a damaged one. */
  get strayTotal(): number {
    return this.#strayTotal;
  }

  /** Packets that a newer one had overtaken. */
  get lateTotal(): number {
    return this.#lateTotal;
  }

  /** when a packet was last taken */
  get heardAt(): Micros | undefined {
    return this.#heardAt;
  }

  /** Universes whose sync packets sources wait for now. */
  get syncUniverses(): readonly number[] {
    return this.#settings.followsSync ? this.#syncs.universes : [];
  }

  /** The sources whose levels stand still, because their sync packets stay away and they ask for that. */
  get frozenSources(): readonly string[] {
    const names = new Set<string>();
    for (const tracks of this.#universes.values())
      for (const { held, name, syncUniverse } of tracks.values())
        if (held && this.#syncs.isLost(syncUniverse)) names.add(name);
    return [...names];
  }

  change(settings: SacnInputSettings): void {
    this.#settings = settings;
  }

  /** Universes that the settings no longer have. */
  leaveOut(): void {
    for (const universe of this.#universes.keys())
      if (!this.#options.covers(universe)) this.#universes.delete(universe);
    this.#options.input.leaveOut(this.#options.covers);
  }

  /** Never throws.
   *  @param bytes one UDP payload; not kept
   *  @param from the IP address that it came from */
  hear(bytes: Readonly<Uint8Array>, from: string): void {
    const packet = readSacnPacket(bytes);
    if (typeof packet === 'string') {
      if (packet !== 'other-packet') this.#strayTotal++;
      return;
    }
    if (this.#options.isOwnCid(packet.cid)) {
      const isSent = packet.kind === 'data' && !packet.isTerminated && this.#options.covers(packet.universe);
      if (isSent) this.#options.onOwn?.(packet.universe);
      return;
    }
    if (packet.kind === 'sync') this.#sync(packet);
    else if (this.#options.covers(packet.universe)) this.#take(packet, from);
  }

  #take(data: SacnData, from: string): void {
    if (data.isPreview && !this.#settings.takesPreview) {
      if (!data.isTerminated) this.#previews.hear(data.universe, data.nameBytes);
      return;
    }
    if (data.startCode !== startCodes.levels && data.startCode !== startCodes.slotPriorities) return;
    const now = this.#options.clock.nowMicros();
    const track = this.#trackOf(data, now);
    if (!track) return;
    if (isLate(track, data.sequence, now)) {
      this.#lateTotal++;
      return;
    }
    track.sequence = data.sequence;
    track.heardAt = now;
    this.#heardAt = now;
    this.#takenTotal++;
    if (data.isTerminated) return this.#end(data);
    rename(track, data.nameBytes);
    const source = { id: data.cid, name: track.name, address: from, priority: data.priority };
    if (data.startCode === startCodes.slotPriorities)
      return this.#options.input.hearPriorities(data.universe, source, data.slots);
    track.syncUniverse = this.#settings.followsSync ? data.syncUniverse : 0;
    if (this.#syncs.holds(track.syncUniverse, data.runsWithoutSync)) {
      track.held = { ...source, levels: data.slots.slice() };
      this.#options.input.hearAlive(data.universe, data.cid);
      return;
    }
    track.held = undefined;
    this.#options.input.hear(data.universe, { ...source, levels: data.slots });
  }

  #end({ universe, cid }: SacnData): void {
    this.#universes.get(universe)?.delete(cid);
    this.#options.input.lose(universe, cid);
  }

  #sync({ cid, universe, sequence }: SacnSync): void {
    if (!this.#settings.followsSync || !this.#syncs.hear(cid, universe, sequence)) return;
    const lostAt = this.#options.clock.nowMicros() - networkLossMs * 1000;
    this.#options.input.together(() => {
      for (const [heldIn, tracks] of this.#universes) {
        for (const track of tracks.values()) {
          if (track.held === undefined || track.syncUniverse !== universe) continue;
          // What a source left that is lost by now is nobody's.
          if (track.heardAt > lostAt) this.#options.input.hear(heldIn, track.held);
          track.held = undefined;
        }
      }
    });
  }

  /** @returns undefined for one source more than are followed, and for the last words of one that is not known */
  #trackOf({ universe, cid, isTerminated, sequence }: SacnData, now: Micros): Track | undefined {
    const tracks = this.#universes.get(universe);
    const known = tracks?.get(cid);
    if (known || isTerminated) return known;
    if (tracks) forgetSilent(tracks, now);
    if (tracks && tracks.size >= tracksMax) return undefined;
    const track: Track = {
      // The first packet of a source is never late.
      sequence: (sequence + 255) % 256,
      heardAt: now,
      nameBytes: new Uint8Array(),
      name: '',
      syncUniverse: 0,
      held: undefined,
    };
    if (tracks) tracks.set(cid, track);
    else this.#universes.set(universe, new Map([[cid, track]]));
    return track;
  }
}

/** One source in one universe. */
interface Track {
  /** of the last packet that was taken */
  sequence: number;
  heardAt: Micros;
  nameBytes: Readonly<Uint8Array>;
  name: string;
  /** 0: it waits for none */
  syncUniverse: number;
  /** what waits for a sync packet */
  held: Parameters<DmxInput['hear']>[1] | undefined;
}

/** A packet is late when it lies up to 20 behind; further behind, the source began to count anew. So does one that was
 *  lost meanwhile. [E1.31 6.7.2] */
function isLate({ sequence, heardAt }: Track, next: number, now: Micros): boolean {
  if (now - heardAt >= networkLossMs * 1000) return false;
  const ahead = ((next - sequence + 128) & 0xff) - 128;
  return ahead <= 0 && ahead > -20;
}

/** Names hardly ever change, and reading one costs more than comparing it. */
function rename(track: Track, bytes: Readonly<Uint8Array>): void {
  const { nameBytes } = track;
  if (nameBytes.length === bytes.length && nameBytes.every((byte, i) => byte === bytes[i])) return;
  track.nameBytes = bytes.slice();
  track.name = readSourceName(bytes);
}

function forgetSilent(tracks: Map<string, Track>, now: Micros): void {
  if (tracks.size < tracksMax) return;
  const lostAt = micros(now - networkLossMs * 1000);
  for (const [cid, { heardAt }] of tracks) if (heardAt <= lostAt) tracks.delete(cid);
}
