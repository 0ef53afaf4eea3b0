import type { SentFrame } from '../../core/dmx/dmx-output.ts';
import { FrameGate } from '../../core/dmx/frame-gate.ts';
import { buildSyncPacket } from '../../core/dmx/sacn-sync.ts';
import type { Clock } from '../../ports/clock.ts';

export interface SyncedFramesOptions {
  readonly clock: Clock;
  /** component identifier and sync universe as they are now; universe 0 for no sync */
  readonly sync: () => { readonly cid: string; readonly syncUniverse: number };
  readonly sendFrame: (frame: SentFrame) => void;
  /** Puts a sync packet on the wire; must not throw. */
  readonly sendSync: (universe: number, packet: Uint8Array) => void;
}

/** Lets the frames of an output leave: each by itself, or, while there is a sync universe, all of one frame time together with
 *  one sync packet behind them. */
export class SyncedFrames {
  readonly #options: SyncedFramesOptions;
  readonly #gate: FrameGate;
  /** of the next sync packet, by sync universe; kept for the next output under negative numbers, beside those of universes */
  #sequences = new Map<number, number>();

  constructor(options: SyncedFramesOptions) {
    this.#options = options;
    this.#gate = new FrameGate({ clock: options.clock, send: options.sendFrame, sent: () => this.#sync() });
  }

  /** Goes on where another run of the same source ended. */
  countFrom(sequences: Map<number, number>): void {
    this.#sequences = sequences;
  }

  send(frame: SentFrame): void {
    if (this.#options.sync().syncUniverse === 0) this.#options.sendFrame(frame);
    else this.#gate.put(frame);
  }

  /** What waits in universes that end does not leave. */
  drop(universes: readonly number[]): void {
    this.#gate.drop(universes);
  }

  /** What waits leaves now. */
  flush(): void {
    this.#gate.close();
  }

  #sync(): void {
    const { cid, syncUniverse } = this.#options.sync();
    if (syncUniverse === 0) return;
    const sequence = this.#sequences.get(-syncUniverse) ?? 0;
    this.#sequences.set(-syncUniverse, (sequence + 1) % 256);
    this.#options.sendSync(syncUniverse, buildSyncPacket(cid, sequence, syncUniverse));
  }
}
