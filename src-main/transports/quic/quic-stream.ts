import { Duplex } from 'node:stream';
import type { Quiche, QuicheConnection } from './quiche.ts';

export interface QuicStreamOptions {
  readonly quiche: Quiche;
  readonly connection: QuicheConnection;
  readonly id: number;
  /** There may be something to send. */
  readonly onWritten: () => void;
  /** The peer may be told that there is room. */
  readonly onRead: () => void;
}

const readBytesMax = 64 * 1024;
/** for all streams: what is read is copied out at once */
const scratch = Buffer.allocUnsafeSlow(readBytesMax);
const nothing = new Uint8Array(0);

/** One stream of a QUIC connection. Whoever drives the connection tells it when something came or left. */
export class QuicStream extends Duplex {
  readonly id: number;
  /** whether somebody reads it */
  isTaken = false;
  readonly #options: QuicStreamOptions;
  #wantsMore = false;
  /** what was read before anybody asked */
  #ahead: Buffer | undefined;
  #hasEnded = false;
  #waiting: Buffer[] = [];
  #written: (() => void) | undefined;

  constructor(options: QuicStreamOptions) {
    super({ allowHalfOpen: false, highWaterMark: readBytesMax });
    this.id = options.id;
    this.#options = options;
    // Peers give up streams that nobody has taken yet; an error without a listener would end the process.
    this.on('error', () => undefined);
  }

  /** The first byte that nobody has read yet. @returns undefined while none has come, null when none will */
  peek(): number | null | undefined {
    this.#ahead ??= this.#receive();
    return this.#ahead?.[0] ?? (this.#hasEnded ? null : undefined);
  }

  /** Something may have come, or may be sent. */
  advance(): void {
    if (this.#wantsMore) this.#give();
    if (this.#written) this.#send();
  }

  override _read(): void {
    this.#wantsMore = true;
    this.#give();
    this.#options.onRead();
  }

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.#waiting = [chunk];
    this.#written = callback;
    this.#send();
    this.#options.onWritten();
  }

  override _writev(chunks: { chunk: Buffer }[], callback: () => void): void {
    this.#waiting = chunks.map(({ chunk }) => chunk);
    this.#written = callback;
    this.#send();
    this.#options.onWritten();
  }

  override _final(callback: () => void): void {
    this.#attempt(() => this.#options.connection.streamSend(this.id, nothing, true));
    this.#options.onWritten();
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const { connection, quiche } = this.#options;
    if (!this.#hasEnded) this.#shut(() => connection.streamShutdown(this.id, quiche.Shutdown.Read, 0));
    if (!this.writableFinished) this.#shut(() => connection.streamShutdown(this.id, quiche.Shutdown.Write, 0));
    this.#waiting = [];
    this.#written = undefined;
    this.#options.onWritten();
    callback(error);
  }

  #give(): void {
    while (this.#wantsMore && !this.destroyed) {
      const chunk = this.#ahead ?? this.#receive();
      this.#ahead = undefined;
      if (chunk) this.#wantsMore = this.push(chunk);
      else {
        if (this.#hasEnded) {
          this.#wantsMore = false;
          this.push(null);
        }
        return;
      }
    }
  }

  #receive(): Buffer | undefined {
    const { connection } = this.#options;
    if (this.#hasEnded || this.destroyed) return undefined;
    const read = this.#attempt(() =>
      connection.streamReadable(this.id) ? connection.streamRecv(this.id, scratch) : null,
    );
    if (!read) return undefined;
    const [size, isEnd] = read;
    this.#hasEnded = isEnd;
    return size > 0 ? Buffer.from(scratch.subarray(0, size)) : undefined;
  }

  #send(): void {
    while (this.#waiting.length > 0) {
      const [chunk = nothing] = this.#waiting;
      const taken = this.#attempt(() => this.#options.connection.streamSend(this.id, chunk, false)) ?? 0;
      if (taken < chunk.length) {
        if (taken > 0) this.#waiting[0] = Buffer.from(chunk.buffer, chunk.byteOffset + taken, chunk.length - taken);
        return;
      }
      this.#waiting.shift();
    }
    const written = this.#written;
    this.#written = undefined;
    written?.();
  }

  /** @returns null where the peer gave the stream up, which ends it */
  #attempt<T>(call: () => T): T | null {
    try {
      return call();
    } catch (error) {
      this.destroy(new Error(endWords(error), { cause: error }));
      return null;
    }
  }

  /** A stream that is gone cannot be shut any more. */
  #shut(call: () => void): void {
    try {
      call();
    } catch {
      // nothing is left to shut
    }
  }
}

function endWords(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return /StreamReset|StreamStopped/.test(words) ? 'reset by the peer' : `the stream failed: ${words}`;
}
