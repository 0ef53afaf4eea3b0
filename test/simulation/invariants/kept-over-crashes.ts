import type { Accepted, Ask, KeptValue, LifeEnd, Observation, Token, Tokens } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** The flush interval and three batches of a sound disk. */
const newestLostMicros = 200_000 + 3 * 12_000 + 1000;

interface Committed {
  readonly address: string;
  readonly token: Token;
  readonly revision: bigint;
}

/** After a restart each param is one that was accepted, with its value and revision; what was acknowledged under commit is
 *  there, and so is what was accepted a flush interval before a crash, or at any time before an end in order. Events that were
 *  acknowledged under commit are on disk, once for each time they were done. */
export class KeptOverCrashes implements Invariant {
  readonly #complain: Complain;
  /** by address */
  #written = new Map<string, Accepted[]>();
  #before = new Map<string, KeptValue>();
  #committed: Committed[] = [];
  readonly #committedEvents = new Set<Token>();
  readonly #eventsDone = new Map<Token, number>();
  /** addresses whose time may be over one day */
  readonly #timed = new Set<string>();
  #ended: { readonly at: number; readonly how: LifeEnd } | undefined;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  see(seen: Observation): void {
    if (seen.what === 'accepted') this.#take(seen.accepted);
    else if (seen.what === 'settled' && !seen.refused && seen.ask.qos === 'commit') this.#commit(seen.ask);
    else if (seen.what === 'ended') this.#ended = seen;
    else if (seen.what === 'began') this.#compare(seen.kept, seen.commits);
  }

  #take(accepted: Accepted): void {
    const { address, token, revision, isTimed } = accepted;
    if (isTimed) this.#timed.add(address);
    if (revision !== undefined) this.#written.set(address, [...(this.#written.get(address) ?? []), accepted]);
    else if (token !== undefined) this.#eventsDone.set(token, (this.#eventsDone.get(token) ?? 0) + 1);
  }

  #commit({ tokens }: Ask): void {
    for (const token of tokens) {
      for (const list of this.#written.values()) {
        const write = list.findLast((one) => one.token === token);
        if (write) this.#committed.push({ address: write.address, token, revision: write.revision ?? 0n });
      }
      if (this.#eventsDone.has(token)) this.#committedEvents.add(token);
    }
  }

  #compare(kept: readonly KeptValue[], commits: Tokens): void {
    const now = new Map(kept.map((param) => [param.address, param]));
    for (const param of kept)
      if (!this.#wasThere(param)) this.#complain(`${nameOf(param)} is back, and nobody wrote it`);
    for (const { address, token, revision } of this.#committed)
      this.#checkAge(now.get(address), { address, revision, what: `commit ${token}` });
    for (const [address, list] of this.#written) {
      const safe = list.findLast((one) => this.#isSafe(one));
      const what = `what was written in time, ${String(safe?.token)}`;
      if (safe) this.#checkAge(now.get(address), { address, revision: safe.revision ?? 0n, what });
    }
    for (const token of this.#committedEvents) this.#checkEvent(token, commits);
    this.#written = new Map();
    this.#committed = [];
    this.#before = now;
  }

  #isSafe({ at }: Accepted): boolean {
    if (!this.#ended) return false;
    const { how } = this.#ended;
    return how.isDiskSound && (how.kind === 'close' || at < this.#ended.at - newestLostMicros);
  }

  #wasThere(param: KeptValue): boolean {
    const isSame = (one: Pick<Accepted, 'token' | 'revision'>): boolean =>
      one.token === param.token && one.revision === param.revision;
    const older = this.#before.get(param.address);
    return (older !== undefined && isSame(older)) || (this.#written.get(param.address) ?? []).some(isSame);
  }

  #checkAge(
    param: KeptValue | undefined,
    { address, revision, what }: Pick<KeptValue, 'address' | 'revision'> & { readonly what: string },
  ): void {
    if (this.#timed.has(address) || (param && param.revision >= revision)) return;
    const found = param ? nameOf(param) : 'nothing';
    this.#complain(`${address} is back at ${found}, before ${what} at revision ${revision}`);
  }

  #checkEvent(token: Token, commits: Tokens): void {
    const copies = commits.filter((one) => one === token).length;
    if (copies < 1 || copies > (this.#eventsDone.get(token) ?? 0))
      this.#complain(`commit ${token} is on disk ${copies} times`);
  }
}

function nameOf({ address, token, revision }: KeptValue): string {
  return `${address} ${String(token)} at revision ${revision}`;
}
