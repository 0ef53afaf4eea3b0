import e131 from 'e131/lib/e131.js';
import { slotsPerUniverse } from '../../core/dmx/dmx-address.ts';
import { cidBytes, fitSourceName, type SacnSource } from './source.ts';

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
    this.#packet.setSourceName(fitSourceName(source.sourceName));
    this.#packet.setUniverse(universe);
    this.#packet.setPriority(priority);
  }

  /** @param levels 512 of them, slot 1 first; copied
   *  @returns 638 bytes, never touched again */
  next(levels: Readonly<Uint8Array>): Uint8Array {
    this.#packet.setSlotsData(Buffer.from(levels));
    return this.#take();
  }

  /** Says that the universe ends. Receivers do not look at the levels in it. [E1.31 6.2.6] */
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
