import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millisToMicros, micros, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { BleLimits } from './ble-limits.ts';
import type { AcceptLink, CentralRadio, RadioLink, Sighting } from './radio.ts';

export interface PeripheralSearchOptions {
  readonly radio: CentralRadio;
  /** only peripherals with this name or address; all that offer the service without */
  readonly name: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: BleLimits;
  readonly accept: AcceptLink;
  /** one was seen for whom there is no room */
  readonly onFull: () => void;
}

interface Failures {
  readonly count: number;
  readonly notBefore: Micros;
}

/** Connects to every peripheral that is seen, one after the other, again and again: one that went out of range is back as soon
 *  as it is seen. One that fails waits longer each time. */
export class PeripheralSearch {
  readonly #options: PeripheralSearchOptions;
  readonly #linked = new Set<string>();
  /** by id, the one that failed longest ago first */
  readonly #failures = new Map<string, Failures>();
  readonly #givenUp = new AbortController();
  #isConnecting = false;
  /** told already that there is no room */
  readonly #turnedAway = new Set<string>();

  private constructor(options: PeripheralSearchOptions) {
    this.#options = options;
  }

  /** @returns ends the search; links stay */
  static begin(options: PeripheralSearchOptions): Cancel {
    const search = new PeripheralSearch(options);
    const cancelScan = options.radio.scan((sighting) => search.#see(sighting));
    return () => {
      cancelScan();
      search.#givenUp.abort();
    };
  }

  #see(sighting: Sighting): void {
    const { name, clock, limits } = this.#options;
    const { id } = sighting;
    if (!isNamed(sighting, name) || this.#linked.has(id) || this.#isConnecting || this.#givenUp.signal.aborted) return;
    const failures = this.#failures.get(id);
    if (failures && clock.nowMicros() < failures.notBefore) return;
    if (this.#linked.size >= limits.linksMax) return this.#turnAway(id);
    void this.#connect(sighting);
  }

  async #connect({ id, name, address, rssi }: Sighting): Promise<void> {
    const { radio, clock, log, limits } = this.#options;
    const attempt = new AbortController();
    const cancel = clock.after(limits.connectTimeoutMs, () => attempt.abort());
    const givenUp = AbortSignal.any([attempt.signal, this.#givenUp.signal]);
    this.#isConnecting = true;
    try {
      await radio.connect(id, { givenUp, accept: (link) => this.#linkedTo(id, link) });
      log.info('ble peripheral connected', { name, address, rssiDbm: rssi });
    } catch (error) {
      if (this.#givenUp.signal.aborted) return;
      this.#failed(id);
      log.info('ble peripheral not reached', { name, address, rssiDbm: rssi, reason: messageOf(error) });
    } finally {
      this.#isConnecting = false;
      cancel();
    }
  }

  #linkedTo(id: string, link: RadioLink): void {
    const { accept, clock, limits } = this.#options;
    const since = clock.nowMicros();
    this.#linked.add(id);
    this.#turnedAway.clear();
    link.onEnd(() => {
      this.#linked.delete(id);
      if (clock.nowMicros() - since >= millisToMicros(limits.steadyMs)) this.#failures.delete(id);
      else this.#failed(id);
    });
    accept(link);
  }

  #failed(id: string): void {
    const { clock, limits } = this.#options;
    const count = (this.#failures.get(id)?.count ?? 0) + 1;
    const waitMs = Math.min(limits.retryFirstMs * 2 ** (count - 1), limits.retryCapMs) as Millis;
    this.#failures.delete(id);
    this.#failures.set(id, { count, notBefore: micros(clock.nowMicros() + millisToMicros(waitMs)) });
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size > limits.rememberedMax) this.#failures.delete(oldest);
  }

  #turnAway(id: string): void {
    if (this.#turnedAway.has(id) || this.#turnedAway.size >= this.#options.limits.rememberedMax) return;
    this.#turnedAway.add(id);
    this.#options.onFull();
  }
}

/** Whether somebody is meant. @param wanted a name, or an address with `:`, `-` or nothing between its bytes */
export function isNamed({ name, address, id }: Sighting, wanted: string | undefined): boolean {
  if (wanted === undefined || name === wanted) return true;
  const digits = bareAddress(wanted);
  return digits !== '' && (bareAddress(address) === digits || id.toLowerCase() === digits);
}

function bareAddress(text: string): string {
  const digits = text.replaceAll(/[:-]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$|^[0-9a-f]{32}$/.test(digits) ? digits : '';
}
