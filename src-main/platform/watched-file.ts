import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Cancel } from '../contract/message-link.ts';
import { millis, type Millis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import { tryReadWholeFile } from './read-file.ts';

/** How often the file is looked at where the system tells of no change: on network shares, or of links into other folders. */
export const lookEvery = millis(2000);
const beginLooksMax = 10;

export interface WatchedFileOptions {
  readonly path: string;
  readonly bytesMax: number;
  /** A change counts once the file has stood still for so long: editors that write in place are not read half way. */
  readonly settle: Millis;
  /** Hears each content in turn, the first one too; undefined: nothing is there. */
  readonly onContent: (bytes: Buffer | undefined) => void;
  /** It is there and cannot be read: UnavailableError 'cannot-read-file'. Once for each change. */
  readonly onFault: (error: unknown) => void;
  readonly clock: Clock;
  /** tells of changes in a folder as soon as they happen, as far as it can; the system's own without it */
  readonly notices?: (folder: string, onChange: (file: string | null) => void) => Cancel;
}

/** Follows one small file, also through replacement: looks when the system tells of a change, and every two seconds.
 *  @returns once the first content was heard; then ends it */
export async function watchFile(options: WatchedFileOptions): Promise<Cancel> {
  const file = new WatchedFile(options);
  await file.begin();
  file.follow();
  return () => file.stop();
}

class WatchedFile {
  readonly #options: WatchedFileOptions;
  /** what `stat` said of the content that was heard last */
  #heard: string | undefined;
  #looking = false;
  #lookAgain = false;
  #stopped = false;
  readonly #timers = new Set<Cancel>();
  #ignore: Cancel | undefined;

  constructor(options: WatchedFileOptions) {
    this.#options = options;
  }

  async begin(): Promise<void> {
    // What changes all the time is left to the looks that follow.
    for (let looks = 0; looks < beginLooksMax && (looks === 0 || this.#takeLook()); looks++) await this.#look();
  }

  follow(): void {
    const { path, notices = watchFolder } = this.#options;
    const name = basename(path);
    this.#ignore = notices(dirname(path), (file) => {
      if (file === null || file === name) void this.#lookSoon();
    });
    this.#poll();
  }

  stop(): void {
    this.#stopped = true;
    this.#ignore?.();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Never rejects: what cannot be read is told. */
  async #look(): Promise<void> {
    const { path, bytesMax, onContent, onFault } = this.#options;
    const before = await stampOf(path);
    if (before === this.#heard || this.#stopped) return;
    try {
      const bytes = await tryReadWholeFile(path, bytesMax);
      if (this.#isStopped()) return;
      // What changed while it was read is read again; what was read is older than that, and not heard.
      if ((await stampOf(path)) !== before) this.#lookAgain = true;
      else if (!this.#isStopped()) {
        this.#heard = before;
        onContent(bytes);
      }
    } catch (error) {
      this.#heard = before;
      if (!this.#isStopped()) onFault(error);
    }
  }

  async #lookSoon(): Promise<void> {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#takeLook()) {
      await this.#standsStill();
      await this.#look();
    }
    this.#looking = false;
  }

  #takeLook(): boolean {
    const again = this.#lookAgain && !this.#stopped;
    this.#lookAgain = false;
    return again;
  }

  async #standsStill(): Promise<void> {
    const { path, settle } = this.#options;
    if (settle <= 0) return;
    let before = await stampOf(path);
    while (before !== this.#heard && !this.#stopped) {
      await this.#wait(settle);
      const now = await stampOf(path);
      if (now === before) return;
      before = now;
    }
  }

  #wait(delay: Millis): Promise<void> {
    return new Promise((resolve) => this.#after(delay, resolve));
  }

  #poll(): void {
    if (this.#stopped) return;
    this.#after(lookEvery, () => void this.#lookSoon().then(() => this.#poll()));
  }

  #after(delay: Millis, run: () => void): void {
    const cancel = this.#options.clock.after(delay, () => {
      this.#timers.delete(cancel);
      run();
    });
    this.#timers.add(cancel);
  }

  /** It may have been stopped while something was awaited. */
  #isStopped(): boolean {
    return this.#stopped;
  }
}

/** Differs as soon as the content may. */
async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (cause) {
    return cause instanceof Error && 'code' in cause ? `none: ${String(cause.code)}` : 'none';
  }
}

/** Where the system cannot tell, the looks every two seconds are all there is. */
function watchFolder(folder: string, onChange: (file: string | null) => void): Cancel {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, file) => onChange(file));
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}
