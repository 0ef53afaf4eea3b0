import { matches, parsePattern, tryAddress, type Address, type Pattern } from '../../contract/address.ts';
import { AppError, InputError, messageOf, UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { ClaspBridge } from '../../contract/show.ts';
import { sameValue, type Signal } from '../../contract/signal.ts';
import { millis } from '../../contract/units.ts';
import { createClaspClient } from '../../core/client/clasp-client.ts';
import type { ClaspClient } from '../../core/client/client-api.ts';
import type { ClientState } from '../../core/client/connector.ts';
import type { Received } from '../../core/client/received.ts';
import type { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import type { BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { LinkNeeds, SharedParam } from '../../ports/link.ts';
import type { Dialler } from '../../ports/transport.ts';
import { GivenParams, type Said } from './given-params.ts';
import { isRouterMark, Mirrors, routerMark } from './mirrors.ts';
import { TakenParams } from './taken-params.ts';
import { firstSession, lostFor } from './first-session.ts';
import type { LinkFaults } from './link-faults.ts';
import { giveReason, reasonWords } from './dial-reason.ts';

/** What is in both routers last is remembered of so many params. */
const memoryMax = 200_000;
/** A router that is back is found within this time, also after a cut. */
const retryCapMs = millis(2000);
const takenKinds = ['param', 'event', 'stream', 'gesture'] as const;

export interface LinkSessionNeeds extends LinkNeeds {
  readonly tally: TrafficTally;
  readonly faults: LinkFaults;
}

/** The part of the engine that a session meets. */
export type LinkSessionHost = Pick<BridgeHost, 'publish' | 'fault'>;

/** A link while the other router is there, through short cuts: what happens there is taken under a prefix here, what happens
 *  here under the prefix is given to it. Timelines stay where they are set: their values go over. */
export class LinkSession {
  readonly #settings: ClaspBridge['settings'];
  readonly #prefix: string;
  readonly #take: readonly Pattern[];
  readonly #needs: LinkSessionNeeds;
  readonly #mirrors: Mirrors;
  readonly #taken: TakenParams;
  readonly #given: GivenParams;
  readonly #tally: TrafficTally;
  readonly #faults: LinkFaults;
  /** taken, and not handed on yet; by the address here */
  readonly #toRemember = new Map<Address, Said>();
  #host: LinkSessionHost | undefined;
  #client: ClaspClient | undefined;
  #dialler: Dialler | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #cancelLost: Cancel | undefined;

  constructor({ settings }: ClaspBridge, needs: LinkSessionNeeds) {
    this.#settings = settings;
    this.#prefix = settings.prefix;
    this.#take = settings.take.map(parsePattern);
    this.#needs = needs;
    this.#tally = needs.tally;
    this.#faults = needs.faults;
    this.#mirrors = new Mirrors(needs.routerId);
    this.#taken = new TakenParams(needs.clock, (params) => this.#publish(params));
    this.#given = new GivenParams({
      set: (address, value) => this.#client?.set(address, value) ?? Promise.reject(new Error('it is not connected')),
      onGiven: (said) => {
        this.#remember(said, true);
        this.#sent(said.address);
      },
      onRefused: (address, why) => this.#faults.refuse(address, why),
      onLater: (said) => this.#takeParam(said),
    });
  }

  /** Settles when the router has given what was there.
   *  @throws UnavailableError 'link-closed' when it is not reached, and may be at any time; AppError when somebody has to
   *  repair something first */
  start(host: LinkSessionHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  /** Never throws. */
  apply(batch: readonly Signal[]): void {
    for (const signal of batch) this.#give(signal);
  }

  /** Settles when all is closed; never rejects. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  standing(): Pick<BridgeHealth, 'state' | 'reason'> {
    const state = this.#client?.state();
    const gone = state?.phase === 'open' ? undefined : `The router is gone (${reasonOf(state)}); it is dialled again.`;
    const name = state?.phase === 'open' && state.router !== '' ? state.router : 'the router';
    const back = this.#mirrors.prefixes.map((prefix) => `${prefix}/**`).join(', ');
    const circle = back === '' ? '' : ` Left out, since it leads back here: ${back}.`;
    return {
      state: gone === undefined && !this.#faults.isStanding ? 'connected' : 'trouble',
      reason: `${gone ?? `Linked to ${name}.`}${circle}${this.#faults.words}`,
    };
  }

  async #start(host: LinkSessionHost): Promise<void> {
    try {
      await this.#open(host);
      this.#assertWanted();
    } catch (cause) {
      this.#close();
      throw cause;
    }
    this.#host = host;
    this.#taken.open();
    this.#needs.log.info('CLASP link open', { url: this.#settings.url, direction: this.#settings.direction });
  }

  async #open(host: LinkSessionHost): Promise<void> {
    const { url, caFile, networkCard, secretName, direction } = this.#settings;
    const { clock, random, log, secret, openDialler } = this.#needs;
    const token = secretName === null ? undefined : await secret(secretName);
    if (secretName !== null && token === undefined)
      throw new InputError('unknown-id', `This machine has no secret ${secretName}: flyrail secret set keeps one.`);
    const dialler = await openDialler(url, { caFile, networkCard });
    this.#dialler = dialler;
    this.#assertWanted();
    const client = createClaspClient({
      dial: () => dialler.dial(url).catch(giveReason),
      ...{ clock, random, log, name: 'Flyrail link', limits: { retryCapMs } },
      ...(token !== undefined && { token }),
    });
    this.#client = client;
    // Those of an attempt before: the router may have been another one.
    this.#forgetRevisions();
    client.onNotice((error) => this.#faults.note(error.message));
    const given = direction === 'out' ? [] : this.#subscribe(client);
    await firstSession(client, { clock, given });
    if (this.#mirrors.isSelf)
      throw new InputError('bad-arguments', `${url} is this router itself. A link leads to another one.`);
    client.onState((state) => this.#follow(state, host));
  }

  /** @returns settle when the router has given what was there */
  #subscribe(client: ClaspClient): readonly Promise<void>[] {
    const marks = [routerMark, parsePattern(`/**${routerMark}`)] as readonly Pattern[];
    const subscribe = (pattern: Pattern, run: (received: Received) => void, onRefused: (error: AppError) => void) =>
      new Promise<void>((resolve) => {
        const refused = (error: AppError): void => {
          onRefused(error);
          resolve();
        };
        client.subscribe(pattern, run, { types: takenKinds, onRefused: refused, onGiven: resolve });
      });
    return [
      ...marks.map((pattern) =>
        subscribe(
          pattern,
          (received) => this.#hearMark(received),
          () => undefined,
        ),
      ),
      ...this.#take.map((pattern, i) => {
        const isFirst = (address: Address): boolean => !this.#take.slice(0, i).some((each) => matches(each, address));
        const run = (received: Received): void => {
          if (isFirst(received.signal.address)) this.#hear(received);
        };
        return subscribe(pattern, run, (error) => this.#faults.refuse(pattern, error.message));
      }),
    ];
  }

  #hearMark({ signal }: Received): void {
    const isOwn = signal.kind === 'param' && this.#mirrors.hear(signal.address, signal.value);
    if (!isOwn && signal.kind === 'param' && !this.#mirrors.covers(signal.address))
      this.#takeParam({ address: signal.address, value: signal.value, revision: undefined });
  }

  #hear({ signal, isSnapshot, revision }: Received): void {
    const { address } = signal;
    if (this.#stopped || isRouterMark(address) || this.#mirrors.covers(address)) return;
    this.#tally.saw();
    if (signal.kind !== 'param') return this.#publish([this.#here(signal)].flatMap((each) => each ?? []));
    const said: Said = { address, value: signal.value, revision };
    if (this.#given.hold(said)) return;
    const known = this.#needs.memory.get(address);
    if (!known || !isHeard(known, said, isSnapshot)) return this.#judge(said, known, isSnapshot);
    if (isSnapshot) this.#remember(said, known.isOurs);
  }

  /** The other router has something else than what both had. */
  #judge(said: Said, known: SharedParam | undefined, isSnapshot: boolean): void {
    // It lost what we gave it, as by a restart.
    const isLost = isSnapshot && said.value.type === 'null' && known?.isOurs;
    if (isLost && this.#settings.direction === 'both') this.#given.give(said.address, known.value);
    else this.#takeParam(said);
  }

  #takeParam(said: Said): void {
    const param = this.#here({ kind: 'param', address: said.address, value: said.value });
    if (param?.kind !== 'param') return;
    // It may be handed on within the call.
    this.#toRemember.set(param.address, said);
    if (this.#taken.take(param)) return;
    this.#toRemember.delete(param.address);
    this.#faults.refuse(said.address, 'there is no room for it here');
  }

  #publish(batch: readonly Signal[]): void {
    for (const { address, kind } of batch) {
      const said = kind === 'param' ? this.#toRemember.get(address) : undefined;
      if (said) this.#remember(said, false);
      this.#toRemember.delete(address);
    }
    this.#tally.took(batch.length);
    if (batch.length > 0) this.#host?.publish(batch);
  }

  #remember({ address, value, revision }: Said, isOurs: boolean): void {
    const { memory } = this.#needs;
    if (memory.has(address) || memory.size < memoryMax) memory.set(address, { value, revision, isOurs });
  }

  #here(signal: Signal): Signal | undefined {
    const address = tryAddress(this.#prefix + signal.address);
    if (address === undefined) this.#faults.refuse(signal.address, 'its address gets too long here');
    return address && { ...signal, address };
  }

  #give(signal: Signal): void {
    const path = signal.address.slice(this.#prefix.length);
    const address = signal.address.startsWith(`${this.#prefix}/`) ? tryAddress(path) : undefined;
    if (address === undefined) return this.#faults.refuse(signal.address, `it is not under ${this.#prefix}`);
    if (isRouterMark(address)) return;
    if (this.#settings.direction === 'in') return this.#faults.refuse(address, 'the link only takes');
    if (!this.#client || !this.#host || this.#stopped) return this.#faults.refuse(address, 'it is not connected');
    if (signal.kind === 'timeline')
      return this.#faults.refuse(address, 'a timeline plays where it is set, and its values go over');
    if (signal.kind !== 'param') return this.#pass({ ...signal, address });
    if (this.#taken.has(signal.address)) {
      // The other router's value is on its way here. It holds, unless ours changed since both had the same.
      const known = this.#needs.memory.get(address);
      if (!known || sameValue(known.value, signal.value)) return;
      this.#taken.drop(signal.address);
    }
    this.#given.give(address, signal.value);
  }

  #pass(signal: Exclude<Signal, { kind: 'param' | 'timeline' }>): void {
    const isLevel = signal.kind === 'stream' || (signal.kind === 'gesture' && signal.phase === 'move');
    this.#client?.publish(signal, { qos: isLevel ? 'fire' : 'confirm' }).then(
      () => this.#sent(signal.address),
      (error: unknown) => {
        // What waited for a router that did not come back is past.
        if (this.#stopped) this.#tally.shed();
        else this.#faults.refuse(signal.address, messageOf(error));
      },
    );
  }

  #sent(address: Address): void {
    this.#tally.sent();
    this.#faults.mend(address);
  }

  #follow(state: ClientState, host: LinkSessionHost): void {
    if (this.#stopped) return;
    if (state.phase === 'refused') host.fault(state.error);
    else if (state.phase === 'open') {
      this.#cancelLost?.();
      this.#cancelLost = undefined;
      this.#beginAnew();
    } else if (state.phase === 'waiting') {
      const { reason } = state;
      const give = (): void =>
        host.fault(new UnavailableError('link-closed', `The router is gone: ${reasonWords(reason)}.`));
      this.#cancelLost ??= this.#needs.clock.after(lostFor, give);
    }
  }

  /** Another session: perhaps of a router that lost what it had, and counts from 1 again. */
  #beginAnew(): void {
    this.#forgetRevisions();
    if (this.#settings.direction !== 'out') return;
    for (const [address, { isOurs, value }] of this.#needs.memory)
      if (isOurs) this.#given.give(address as Address, value);
  }

  #forgetRevisions(): void {
    const { memory } = this.#needs;
    for (const [address, shared] of memory) memory.set(address, { ...shared, revision: undefined });
    for (const [address, said] of this.#toRemember) this.#toRemember.set(address, { ...said, revision: undefined });
  }

  #assertWanted(): void {
    if (this.#stopped) throw new UnavailableError('link-closed', 'The link was stopped while it started.');
  }

  async #stop(): Promise<void> {
    this.#close();
    await Promise.allSettled([this.#started]);
    this.#close();
  }

  #close(): void {
    this.#cancelLost?.();
    this.#taken.stop();
    this.#given.stop();
    this.#client?.close('the link ends');
    this.#dialler?.abandon();
  }
}

/** Whether a word of the other router says nothing new: it is the echo of ours, or what both have. */
function isHeard(known: SharedParam, { value, revision }: Said, isSnapshot: boolean): boolean {
  if (isSnapshot || revision === undefined) return sameValue(known.value, value);
  return revision <= (known.revision ?? -1n);
}

function reasonOf(state: ClientState | undefined): string {
  return state && 'reason' in state ? reasonWords(state.reason) : 'not connected yet';
}
