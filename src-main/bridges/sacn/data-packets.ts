import e131 from 'e131/lib/e131.js';
import { slotsPerUniverse } from '../../core/dmx/dmx-address.ts';
import { cidBytes, fitSourceName, sourceNameBytesMax, type SacnSource } from '../../core/dmx/sacn-source.ts';

/** The packets of one universe from one source, each with the next sequence number.
 *  @see ANSI E1.31-2018, table 4-1 */
export class DataPackets {
  readonly #packet = new e131.Packet(slotsPerUniverse);
  /** 0..255, wraps [E1.31 6.7.2] */
  #sequence = 0;

  /** @param universe 1..63999
   *  @param priority 0..200 */
  constructor(source: SacnSource, universe: number, priority: number) {
    this.#packet.setCID(Buffer.from(cidBytes(source.cid)));
    this.#packet.setUniverse(universe);
    this.describe(source.sourceName, priority);
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

  /** From the next packet on; the sequence goes on.
   *  @param priority 0..200 */
  describe(sourceName: string, priority: number): void {
    const name = fitSourceName(sourceName);
    // The library leaves what is behind a shorter name as it was.
    this.#packet.setSourceName(name + '\0'.repeat(sourceNameBytesMax + 1 - Buffer.byteLength(name)));
    this.#packet.setPriority(priority);
  }

  /** @param levels 512 of them, slot 1 first; copied
   *  @returns 638 bytes, never touched again */
  next(levels: Readonly<Uint8Array>): Uint8Array {
    this.#packet.setOption(this.#packet.Options.TERMINATED, false);
    this.#packet.setSlotsData(Buffer.from(levels));
    return this.#take();
  }

  /** Says that the universe ends; it may begin again with `next`. Receivers do not look at the levels in it. [E1.31 6.2.6] */
  terminated(): Uint8Array {
    this.#packet.setOption(this.#packet.Options.TERMINATED, true);
    return this.#take();
  }

  #take(): Uint8Array {
    this.#packet.setSequenceNumber(this.#sequence);
    this.#sequence = (this.#sequence + 1) % 256;
    // A copy, since the system may read the bytes after the next packet was made.
    return Uint8Array.from(this.#packet.getBuffer());
  }
}
