import type { DiscoveryMode, FoundChange, FoundState, FoundThing } from '../../contract/discovery.ts';
import { foundWays } from '../../contract/discovery.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis, type Millis } from '../../contract/units.ts';
import { FoundThings, thingsMax } from '../../core/discovery/found-things.ts';
import { hostLabel } from '../../core/discovery/service-names.ts';
import type { DiscoveryFigures } from '../discovery-families.ts';
import { LanCounts } from './lan-counts.ts';
import { LanWatch, type LanWatchOptions } from './lan-watch.ts';
import type { RouterShareOptions } from './router-share.ts';

/** How often changes are told, and how many of each at once. */
export const tellEveryMs = millis(500);
export const toldAtOnceMax = 200;

export interface DiscoveryOptions extends Omit<LanWatchOptions, 'found' | 'counts' | 'ownHost' | 'share'> {
  readonly share: Pick<RouterShareOptions, 'door' | 'machine'>;
  readonly onChange: (change: FoundChange) => void;
}

/** What is on the network, by the mode that holds. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #found = new FoundThings();
  readonly #counts = new LanCounts();
  readonly #ownHost: string;
  #mode: DiscoveryMode = 'off';
  #watch: LanWatch | undefined;
  #switching: Promise<void> = Promise.resolve();
  #cancelTell: Cancel | undefined;
  #toldTroubles = '[]';

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#ownHost = `${hostLabel(options.share.machine, options.random.fraction())}.local`;
  }

  state(): FoundState {
    return { mode: this.#mode, things: this.#found.all(), troubles: this.#troubles() };
  }

  /** What it knows, and heard since it began. */
  figures(): DiscoveryFigures {
    const { heard, unread, questions } = this.#counts;
    return { things: this.#found.size, heard, unread, questions };
  }

  get(key: string): FoundThing | undefined {
    return this.#found.get(key);
  }

  /** Settles when what was open before is closed. One after the other, the last one holds. */
  setMode(mode: DiscoveryMode): Promise<void> {
    this.#switching = this.#switching.then(() => this.#switch(mode));
    return this.#switching;
  }

  /** Asks everybody anew; nothing while it is off. */
  look(): void {
    this.#watch?.look();
  }

  /** Says goodbye and lets go of all ports. Nothing is told afterwards. */
  stop(): Promise<void> {
    return this.setMode('off');
  }

  async #switch(mode: DiscoveryMode): Promise<void> {
    if (mode === this.#mode) return;
    this.#cancelTell?.();
    await this.#watch?.stop();
    this.#watch = undefined;
    this.#mode = mode;
    if (mode === 'off') this.#found.forgetWays(foundWays);
    else this.#start(mode);
    this.#tell();
  }

  #start(mode: DiscoveryMode): void {
    const share = mode === 'find-and-show' ? this.#options.share : undefined;
    this.#watch = new LanWatch({
      ...this.#options,
      found: this.#found,
      counts: this.#counts,
      ownHost: this.#ownHost,
      share,
    });
    this.#watch.start();
    this.#cancelTell = this.#options.clock.after(tellEveryMs, () => this.#tellChanges());
  }

  #tellChanges(): void {
    this.#found.expire((this.#options.clock.nowMicros() / 1000) as Millis);
    if (this.#found.hasChanges || JSON.stringify(this.#troubles()) !== this.#toldTroubles) this.#tell();
    if (this.#mode !== 'off') this.#cancelTell = this.#options.clock.after(tellEveryMs, () => this.#tellChanges());
  }

  #tell(): void {
    const troubles = this.#troubles();
    this.#toldTroubles = JSON.stringify(troubles);
    // When it is off nothing more is told: all that was known goes at once.
    const atOnce = this.#mode === 'off' ? thingsMax : toldAtOnceMax;
    this.#options.onChange({ mode: this.#mode, troubles, ...this.#found.takeChanges(atOnce) });
  }

  #troubles(): readonly string[] {
    return this.#watch?.troubles ?? [];
  }
}
