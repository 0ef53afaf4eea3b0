import type { Cancel } from '../contract/message-link.ts';
import { millis } from '../contract/units.ts';
import { findAddress, HostAddress, type FindAddress } from './host-address.ts';
import type { Clock } from '../ports/clock.ts';

/** How often a host that was not found is looked for. */
export const lookAgainEvery = millis(5000);
const namesShown = 3;

export interface UnicastHostsOptions {
  readonly clock: Clock;
  /** for tests; the system's name service otherwise */
  readonly find?: FindAddress | undefined;
}

/** The hosts of a unicast output: those that were found, and those that it still looks for. */
export class UnicastHosts {
  readonly #clock: Clock;
  readonly #find: FindAddress;
  readonly #found: HostAddress[] = [];
  /** names not found, each with what ends its next look */
  readonly #missing = new Map<string, Cancel>();
  #released = false;

  /** @param names as the operator wrote them; one that stands there twice counts once
   *  @throws UnavailableError 'cannot-send' when there are names and none is found; then none is looked for again */
  static async find(names: readonly string[], options: UnicastHostsOptions): Promise<UnicastHosts> {
    const hosts = new UnicastHosts(options);
    const looks = [...new Set(names)].map((name) => hosts.#look(name));
    const failed = (await Promise.allSettled(looks)).find((result) => result.status === 'rejected');
    if (!failed || hosts.#found.length > 0) return hosts;
    hosts.release();
    throw failed.reason;
  }

  private constructor({ clock, find = findAddress }: UnicastHostsOptions) {
    this.#clock = clock;
    this.#find = onceAtATime(find);
  }

  get found(): readonly HostAddress[] {
    return this.#found;
  }

  /** Who gets nothing, as a sentence; undefined when all were found. */
  get trouble(): string | undefined {
    if (this.#missing.size === 0) return undefined;
    const names = [...this.#missing.keys()];
    const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
    return `Not found: ${names.slice(0, namesShown).join(', ')}${more}. Flyrail keeps looking, and sends to the others.`;
  }

  /** Looks for none any more. */
  release(): void {
    this.#released = true;
    for (const host of this.#found) host.release();
    for (const cancel of this.#missing.values()) cancel();
  }

  async #look(name: string): Promise<void> {
    try {
      const host = await HostAddress.find(name, { family: 4, clock: this.#clock, find: this.#find });
      this.#missing.delete(name);
      if (this.#released) host.release();
      else this.#found.push(host);
    } catch (cause) {
      if (!this.#released) this.#missing.set(name, this.#lookLater(name));
      throw cause;
    }
  }

  #lookLater(name: string): Cancel {
    // The status names it as long as it is missing; each look that finds nothing is no news.
    return this.#clock.after(lookAgainEvery, () => void this.#look(name).catch(() => undefined));
  }
}

/** A name server that is away holds answers back for longer than anyone waits: meanwhile nothing more is asked. */
function onceAtATime(find: FindAddress): FindAddress {
  const asked = new Map<string, Promise<string>>();
  return (name, family) => {
    const asking = asked.get(name) ?? find(name, family).finally(() => asked.delete(name));
    asked.set(name, asking);
    return asking;
  };
}
