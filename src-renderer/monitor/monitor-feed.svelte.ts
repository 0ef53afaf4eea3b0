import type { EngineApi } from '../../src-main/contract/engine-api.ts';
import type { MonitorBatch, MonitorDirection, MonitorEntry } from '../../src-main/contract/live-events.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import { EntryRing } from './entry-ring.ts';
import { everything, passes, readPattern, type MonitorFilter } from './monitor-filter.ts';
import type { NextFrame } from './next-frame.ts';
import { dependOn } from '../widgets/depend-on.ts';

/** Entries a page remembers; the oldest go first. What is older belongs to the engine's recorder, not to a page. */
export const entriesMax = 5000;

/** The traffic as the page shows it. Batches go into plain memory; the page is told at most once per drawn picture, so
 *  that ten thousand messages a second cost it no more than ten. */
export class MonitorFeed {
  /** what stands in the filter's field, also while it is being typed */
  patternText = $state('');
  directions = $state.raw<readonly MonitorDirection[]>(['in', 'out', 'own']);
  onlyTrouble = $state(false);
  frozen = $state(false);
  /** entries that would show but came after the picture was frozen */
  newCount = $state(0);
  /** since clear: what the engine left out of this view; it was delivered all the same */
  skipped = $state(0);
  /** lines in the picture */
  count = $state(0);
  /** counts up with every picture; what reads lines follows it */
  picture = $state(0);
  /** the last pattern that would do, in words */
  inForce = $state(inWords(''));
  /** why the engine shows nothing; empty when it does */
  problem = $state('');
  readonly reading = $derived(readPattern(this.patternText));

  readonly #nextFrame: NextFrame;
  readonly #all = new EntryRing<MonitorEntry>(entriesMax);
  #shown = new EntryRing<MonitorEntry>(entriesMax);
  /** everything that was there when the picture was frozen */
  #still: readonly MonitorEntry[] | undefined;
  #filter: MonitorFilter = { pattern: everything, directions: this.directions, onlyTrouble: false };
  #newCount = 0;
  #skipped = 0;
  #api: EngineApi | undefined;
  #asked = false;

  constructor(nextFrame: NextFrame) {
    this.#nextFrame = nextFrame;
  }

  /** Follows this engine until cancelled. */
  watch(api: EngineApi): Cancel {
    this.#api = api;
    const cancel = api.on('monitor', (batch) => this.apply(batch));
    void this.#ask(api);
    return () => {
      cancel();
      if (this.#api === api) this.#api = undefined;
      // The engine forgets a watcher whose link is gone by itself.
      api.unwatchMonitor().catch(() => undefined);
    };
  }

  apply(batch: MonitorBatch): void {
    for (const entry of batch.entries) {
      this.#all.push(entry);
      if (!passes(entry, this.#filter)) continue;
      if (this.#still) this.#newCount++;
      else this.#shown.push(entry);
    }
    this.#skipped += batch.skipped;
    this.#draw();
  }

  /** Takes what the fields say; a pattern that wants a repair leaves the last good one in force. */
  refilter(): void {
    const { pattern } = this.reading;
    const before = this.#filter;
    if (pattern) this.inForce = inWords(this.patternText);
    this.#filter = { pattern: pattern ?? before.pattern, directions: this.directions, onlyTrouble: this.onlyTrouble };
    this.#refill();
    if (this.#api && this.#filter.pattern !== before.pattern) void this.#ask(this.#api);
  }

  toggleDirection(direction: MonitorDirection): void {
    const others = this.directions.filter((each) => each !== direction);
    this.directions = others.length < this.directions.length ? others : [...others, direction];
    this.refilter();
  }

  /** Holds the picture still; what comes in is kept for when it goes on. */
  freeze(): void {
    if (this.#still) return;
    this.#still = this.#all.toArray();
    this.frozen = true;
  }

  resume(): void {
    this.#still = undefined;
    this.#newCount = 0;
    this.frozen = false;
    this.#refill();
  }

  clear(): void {
    this.#all.clear();
    this.#skipped = 0;
    this.#newCount = 0;
    if (this.#still) this.#still = [];
    this.#refill();
  }

  /** @param index 0 is the oldest line of the picture; undefined past its end */
  lineAt(index: number): MonitorEntry | undefined {
    dependOn(this.picture);
    return this.#shown.at(index);
  }

  /** The newest lines, newest first. */
  newest(limit: number): MonitorEntry[] {
    dependOn(this.picture);
    const lines: MonitorEntry[] = [];
    for (let index = this.#shown.size - 1; index >= 0 && lines.length < limit; index--) {
      const line = this.#shown.at(index);
      if (line) lines.push(line);
    }
    return lines;
  }

  /** All lines of the picture, oldest first. */
  lines(): MonitorEntry[] {
    return this.#shown.toArray();
  }

  async #ask(api: EngineApi): Promise<void> {
    try {
      await api.watchMonitor({ pattern: this.#filter.pattern });
      this.problem = '';
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  #refill(): void {
    this.#shown = new EntryRing(entriesMax);
    for (const entry of this.#still ?? this.#all.toArray()) if (passes(entry, this.#filter)) this.#shown.push(entry);
    this.#draw();
  }

  #draw(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#nextFrame(() => {
      this.#asked = false;
      this.newCount = this.#newCount;
      this.skipped = this.#skipped;
      this.count = this.#shown.size;
      this.picture++;
    });
  }
}

function inWords(patternText: string): string {
  return patternText.trim() === '' ? 'all addresses' : `only ${patternText.trim()}`;
}
