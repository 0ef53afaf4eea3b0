import type { Connection } from '../../ports/transport.ts';
import { frameFor } from '../protocol/framing.ts';

/** The sending side of an open session. */
export class RouterLine {
  readonly connection: Connection;
  /** whether the router gives request ids back, and does once what comes again under the same id */
  readonly knowsIds: boolean;
  readonly #joinedBytesMax: number;

  constructor(connection: Connection, knowsIds: boolean, joinedBytesMax: number) {
    this.connection = connection;
    this.knowsIds = knowsIds;
    this.#joinedBytesMax = joinedBytesMax;
  }

  /** Frames in order, joined where the framing allows.
   *  @returns how many were taken, from the first on; less than all when the connection is full or gone */
  send(frames: readonly Uint8Array[]): number {
    const { connection } = this;
    if (connection.framing === 'none') {
      const refused = frames.findIndex((frame) => !connection.send(frame));
      return refused < 0 ? frames.length : refused;
    }
    let taken = 0;
    while (taken < frames.length) {
      const next = this.#join(frames, taken);
      if (!connection.send(next.bytes)) break;
      taken += next.count;
    }
    return taken;
  }

  #join(frames: readonly Uint8Array[], from: number): { readonly bytes: Uint8Array; readonly count: number } {
    const parts: Uint8Array[] = [];
    let sizeBytes = 0;
    for (let at = from; at < frames.length; at++) {
      const part = frameFor(this.connection.framing, frames[at] ?? new Uint8Array(0));
      if (parts.length > 0 && sizeBytes + part.length > this.#joinedBytesMax) break;
      parts.push(part);
      sizeBytes += part.length;
    }
    const [only] = parts;
    if (only && parts.length === 1) return { bytes: only, count: 1 };
    const bytes = new Uint8Array(sizeBytes);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { bytes, count: parts.length };
  }
}
