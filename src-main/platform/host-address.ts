import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { UnavailableError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Millis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** How often a name is asked for again, so that a device that moved is found. */
export const refreshEveryMs = 30_000 as Millis;

/** How long one question may take; name servers that are away otherwise hold an answer back for many seconds. */
export const findWithinMs = 1500 as Millis;

export type FindAddress = (name: string, family: 4 | 6 | 0) => Promise<string>;

/** The IP address behind a host that an operator wrote, kept fresh while it is in use.
 *  Names are not asked for with each packet, since that could wait for seconds. */
export class HostAddress {
  /** the address last found */
  current: string;
  /** as the operator wrote it */
  readonly name: string;
  readonly #find: () => Promise<string>;
  readonly #clock: Clock;
  #cancel: Cancel | undefined;

  /** @param family 4 or 6, or 0 for either
   *  @throws UnavailableError 'cannot-send' when no machine goes by this name now */
  static async find(
    name: string,
    { family = 0, clock, find = findAddress }: { family?: 4 | 6 | 0; clock: Clock; find?: FindAddress },
  ): Promise<HostAddress> {
    const first = await within(clock, find(name, family), name);
    // The socket that was opened for it has one family for life.
    const known = first.includes(':') ? 6 : 4;
    return new HostAddress(name, first, { ask: () => within(clock, find(name, known), name), clock });
  }

  /** As `find`, for an address that is needed only now.
   *  @throws UnavailableError 'cannot-send' */
  static async once(name: string, options: { family?: 4 | 6 | 0; clock: Clock; find?: FindAddress }): Promise<string> {
    const host = await HostAddress.find(name, options);
    host.release();
    return host.current;
  }

  private constructor(name: string, address: string, { ask, clock }: { ask: () => Promise<string>; clock: Clock }) {
    this.name = name;
    this.current = address;
    this.#find = ask;
    this.#clock = clock;
    this.#refreshLater();
  }

  /** Asks no more. */
  release(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #refreshLater(): void {
    if (isIP(this.name) !== 0) return;
    this.#cancel = this.#clock.after(refreshEveryMs, () => {
      this.#find().then(
        (address) => this.#found(address),
        // The last address may still be right: a name server that is away must not stop a show.
        () => this.#found(this.current),
      );
    });
  }

  #found(address: string): void {
    if (this.#cancel === undefined) return;
    this.current = address;
    this.#refreshLater();
  }
}

async function within(clock: Clock, answer: Promise<string>, name: string): Promise<string> {
  let cancel: Cancel | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    cancel = clock.after(findWithinMs, () => {
      reject(new UnavailableError('cannot-send', `Nobody said in time where ${name} is.`, { host: name }));
    });
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    cancel?.();
  }
}

/** @throws UnavailableError 'cannot-send' when the name is unknown, or is an address of the other family */
export async function findAddress(name: string, family: 4 | 6 | 0): Promise<string> {
  const known = isIP(name);
  if (known !== 0 && (family === 0 || family === known)) return name;
  try {
    return (await lookup(name, { family, order: 'ipv4first' })).address;
  } catch (cause) {
    const what = family === 0 ? 'machine' : `IPv${family} machine`;
    throw new UnavailableError('cannot-send', `No ${what} called ${name} was found.`, { host: name }, { cause });
  }
}
