import e131 from 'e131/lib/e131.js';
import { slotsPerUniverse } from '../../core/dmx/dmx-address.ts';
import { startCodes } from '../../core/dmx/sacn-packet.ts';
import { cidBytes, fitSourceName, sourceNameBytesMax, type SacnSource } from '../../core/dmx/sacn-source.ts';

/** How a universe is sent. */
export interface UniverseManner extends SacnSource {
  /** 0..200 */
  readonly priority: number;
  /** levels are for visualisers, not for lamps */
  readonly preview: boolean;
  /** receivers wait for sync packets in this universe; 0: they do not wait */
  readonly syncUniverse: number;
}

/** Force_Synchronization, which in spite of its name lets receivers go on when sync packets stay away. [E1.31 6.2.6] */
const runsWithoutSync = 0x20;

/** The packets of one universe from one source, each with the next sequence number.
 *  @see ANSI E1.31-2018, table 4-1 */
export class DataPackets {
  readonly #packet = new e131.Packet(slotsPerUniverse);
  /** 0..255, wraps [E1.31 6.7.2] */
  #sequence = 0;
  #syncUniverse = 0;

  /** @param universe 1..63999 */
  constructor(manner: UniverseManner, universe: number) {
    this.#packet.setCID(Buffer.from(cidBytes(manner.cid)));
    this.#packet.setUniverse(universe);
    this.describe(manner);
  }

  /** 0..255, of the next packet */
  get sequence(): number {
    return this.#sequence;
  }

  /** Counts on from where another run of this universe from this source ended.
   *  @param sequence 0..255, of the next packet */
  countFrom(sequence: number): void {
    this.#sequence = sequence;
  }

  /** From the next packet on; the sequence goes on, and the component identifier stays. */
  describe({ sourceName, priority, preview, syncUniverse }: Omit<UniverseManner, 'cid'>): void {
    const name = fitSourceName(sourceName);
    // The library leaves what is behind a shorter name as it was.
    this.#packet.setSourceName(name + '\0'.repeat(sourceNameBytesMax + 1 - Buffer.byteLength(name)));
    this.#packet.setPriority(priority);
    this.#packet.setOption(this.#packet.Options.PREVIEW, preview);
    this.#syncUniverse = syncUniverse;
  }

  /** @param levels 512 of them, slot 1 first; copied
   *  @returns 638 bytes, never touched again */
  next(levels: Readonly<Uint8Array>): Uint8Array {
    this.#packet.setOption(this.#packet.Options.TERMINATED, false);
    this.#packet.setSlotsData(Buffer.from(levels));
    return this.#take();
  }

  /** Says the priority of each slot, 512 of them; 0 leaves a slot to others.
   *  @see E1.31 does not have it: start code 0xDD, per-address priority, as ETC made it and everyone reads it */
  priorities(priorities: Readonly<Uint8Array>): Uint8Array {
    this.#packet.setOption(this.#packet.Options.TERMINATED, false);
    this.#packet.setSlotsData(Buffer.from(priorities));
    return this.#take(startCodes.slotPriorities);
  }

  /** Says that the universe ends; it may begin again with `next`. Receivers do not look at the levels in it. [E1.31 6.2.6] */
  terminated(): Uint8Array {
    this.#packet.setOption(this.#packet.Options.TERMINATED, true);
    return this.#take();
  }

  #take(startCode: number = startCodes.levels): Uint8Array {
    this.#packet.setSequenceNumber(this.#sequence);
    this.#sequence = (this.#sequence + 1) % 256;
    // A copy, since the system may read the bytes after the next packet was made.
    const bytes = Uint8Array.from(this.#packet.getBuffer());
    // What the library knows nothing of: 109-110 synchronization address, 112 its bit of the options, 125 start code
    bytes.set([this.#syncUniverse >> 8, this.#syncUniverse & 0xff], 109);
    bytes[125] = startCode;
    // Otherwise a sync packet that a switch keeps back would freeze the stage.
    if (this.#syncUniverse !== 0) bytes[112] = (bytes[112] ?? 0) | runsWithoutSync;
    return bytes;
  }
}
