import type { Address } from '../../contract/address.ts';
import type { OscBridge as OscBridgeSettings, OscSettings } from '../../contract/bridges/osc.ts';
import { cutText } from '../../contract/cut-text.ts';
import type { NetworkCard } from '../../contract/device.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Signal } from '../../contract/signal.ts';
import { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import type { Bridge, BridgeHealth, BridgeHost, WhatStands } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { ArrivalLimit } from './arrival-limit.ts';
import { OscInbound } from './osc-inbound.ts';
import { OscOutbound } from './osc-outbound.ts';
import { OscTcp } from './osc-tcp.ts';
import { OscUdp } from './osc-udp.ts';
import { hears, nameOf, speaks, type OscEnd, type OscWire } from './osc-wire.ts';

export interface OscBridgeNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
}

/** Speaks OSC over UDP or TCP with several others at once. `/x` of a device is `<prefix>/x` here.
 *  @see CLASP-WIRE §16, docs/bridges/osc.md */
export class OscBridge implements Bridge {
  readonly #settings: OscSettings;
  readonly #prefix: string;
  readonly #needs: OscBridgeNeeds;
  readonly #wire: OscWire;
  readonly #outbound: OscOutbound;
  readonly #arrivals: ArrivalLimit;
  readonly #tally: TrafficTally;
  #host: BridgeHost | undefined;
  #inbound: OscInbound | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #hasFailed = false;
  #lastRefusal: string | undefined;

  constructor({ settings }: OscBridgeSettings, needs: OscBridgeNeeds) {
    this.#settings = settings;
    this.#prefix = settings.prefix.replace(/\/+$/, '');
    this.#needs = needs;
    this.#tally = new TrafficTally(needs.clock);
    this.#arrivals = new ArrivalLimit(needs.clock.nowMicros());
    const { clock, log } = needs;
    const refuseSignal = (address: Address, why: string): void => this.#refuseSignal(address, why);
    this.#outbound = new OscOutbound({ settings, prefix: this.#prefix, clock, log, refuse: refuseSignal });
    const refuse = (why: string, count?: number): void => this.#refuse(why, count);
    const runs = {
      hear: (bytes: Uint8Array) => this.#hear(bytes),
      left: () => this.#tally.sent(),
      refuse,
      arrived: (end: OscEnd) => this.#arrived(end),
      fault: (reason: UnavailableError) => this.#fault(reason),
    };
    const Wire = settings.transport === 'tcp' ? OscTcp : OscUdp;
    this.#wire = new Wire({ settings, ...needs, ...runs });
  }

  start(host: BridgeHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  apply(batch: readonly Signal[], stands?: WhatStands): void {
    if (!speaks(this.#settings) || !this.#inbound || this.#stopped) {
      for (const { address } of batch) this.#refuseSignal(address, 'it does not send');
      return;
    }
    this.#inbound.note(batch);
    for (const packet of this.#outbound.packetsOf(batch)) this.#wire.send(packet, stands);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const troubles = this.#wire.troubles();
    const { there, wanted } = this.#wire.ends();
    const refusal = this.#lastRefusal === undefined ? '' : `Refused: ${this.#lastRefusal}`;
    const isAway = this.#settings.transport === 'tcp' && this.#settings.role === 'connect' && there === 0 && wanted > 0;
    return {
      state: isAway ? 'broken' : troubles.length > 0 ? 'trouble' : 'connected',
      reason: [...troubles, isAway && 'Flyrail keeps trying.', !isAway && this.#summary(), refusal]
        .filter(Boolean)
        .join(' '),
      url: this.#url(),
      ...this.#tally.totals,
      inTotal: this.#inbound?.total ?? 0,
    };
  }

  async #start(host: BridgeHost): Promise<void> {
    const inbound = new OscInbound({
      settings: this.#settings,
      prefix: this.#prefix,
      clock: this.#needs.clock,
      host,
      refuse: (why, count) => this.#refuse(why, count),
    });
    this.#host = host;
    try {
      await this.#wire.open();
      if (this.#stopped) throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    } catch (cause) {
      await this.#wire.close();
      throw cause;
    }
    this.#inbound = inbound;
    const { direction, transport } = this.#settings;
    this.#needs.log.info('OSC bridge open', { url: this.#url(), direction, transport });
  }

  async #stop(): Promise<void> {
    // A start that is under way sees that it is not wanted any more, and closes what it opened.
    await Promise.allSettled([this.#started]);
    await this.#wire.close();
  }

  #hear(bytes: Uint8Array): void {
    if (!this.#inbound || this.#stopped) return;
    if (!hears(this.#settings)) return this.#refuse('it only sends, and something came in');
    if (this.#inbound.take(bytes)) this.#tally.saw();
  }

  #arrived(end: OscEnd): void {
    if (!speaks(this.#settings) || !this.#inbound || this.#stopped) return;
    if (!this.#arrivals.admits(this.#needs.clock.nowMicros()))
      return this.#refuse('others connect again and again, so some were not given what stands');
    this.#host?.returned({ only: end, missed: !this.#isOnlyOne });
  }

  /** Whether what was sent reached the one that is back. Of several the others got it, and UDP has no word for what found out that
   *  nobody listened. */
  get #isOnlyOne(): boolean {
    const { transport, role, targets } = this.#settings;
    return transport === 'tcp' && role === 'connect' && targets.length === 1;
  }

  #fault(reason: UnavailableError): void {
    if (this.#hasFailed || this.#stopped) return;
    this.#hasFailed = true;
    this.#host?.fault(reason);
  }

  #refuseSignal(address: Address, why: string): void {
    this.#tally.refuse(address, why);
    this.#lastRefusal = `${cutText(address, 60)}: ${why.replace(/\.$/, '')}.`;
  }

  #refuse(why: string, count = 1): void {
    this.#tally.shed(count);
    this.#lastRefusal = `${why}.`;
  }

  #summary(): string {
    const listens = hears(this.#settings) && this.#wire.listenPort > 0;
    const heard = (this.#inbound?.total ?? 0) > 0 ? 'Listening.' : 'Listening; nothing heard yet.';
    return [listens && heard, speaks(this.#settings) && this.#sendingWords()].filter(Boolean).join(' ');
  }

  #sendingWords(): string {
    const { there, wanted } = this.#wire.ends();
    if (wanted === 0) return this.#settings.transport === 'tcp' ? 'Nobody is connected yet.' : 'Nobody to send to yet.';
    if (this.#tally.outTotal === 0) return 'Ready to send.';
    const { waiting } = this.#wire;
    const words = wanted > 1 ? `Sending to ${there} of ${wanted}.` : 'Sending.';
    return waiting > 0 ? `${words} ${waiting} ${waiting === 1 ? 'packet waits' : 'packets wait'} to leave.` : words;
  }

  #url(): string {
    const { transport, role, listenHost, listenPort, targets, networkCard } = this.#settings;
    const scheme = transport === 'tcp' ? 'tcp ' : '';
    const listens = transport === 'tcp' ? role !== 'connect' : hears(this.#settings);
    const host = networkCard !== '' && listenHost === '0.0.0.0' ? networkCard : listenHost;
    const here = `${scheme}${nameOf(host, this.#wire.listenPort || listenPort)}`;
    if (!speaks(this.#settings) && listens) return here;
    const [first] = targets;
    const more = targets.length > 1 ? ` +${targets.length - 1}` : '';
    const there = first && `→ ${listens ? '' : scheme}${nameOf(first.host, first.port)}${more}`;
    return [listens && here, there].filter(Boolean).join(' ') || here;
  }
}
