import { tryAddress, type Address } from '../../contract/address.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { OscBridge as OscBridgeSettings } from '../../contract/show.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { f32 } from '../../contract/signal.ts';
import type { Millis } from '../../contract/units.ts';
import { HostAddress } from '../../platform/host-address.ts';
import { datagramBytesMax, UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { BundleSchedule } from './bundle-schedule.ts';
import { decodeOscPacket, encodeOscMessage, type OscMessage } from './osc-codec.ts';

export interface OscBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
}

/** Speaks OSC over UDP. `/x` of the device is `<prefix>/x` here; what comes from the device sets the param there.
 *  One socket listens and sends, so that devices that answer to the sender's port are heard.
 *  @see CLASP-WIRE §16 */
export class OscBridge implements Bridge {
  readonly #settings: OscBridgeSettings['settings'];
  readonly #prefix: string;
  readonly #needs: OscBridgeNeeds;
  readonly #schedule: BundleSchedule;
  #host: BridgeHost | undefined;
  #socket: UdpSocket | undefined;
  #remote: HostAddress | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #seenAt: Millis | null = null;
  #inTotal = 0;
  #outTotal = 0;
  #refusedTotal = 0;
  #lastRefusal: string | undefined;
  #trouble: string | undefined;

  constructor({ settings }: OscBridgeSettings, needs: OscBridgeNeeds) {
    this.#settings = settings;
    this.#prefix = settings.prefix.replace(/\/+$/, '');
    this.#needs = needs;
    this.#schedule = new BundleSchedule(needs.clock, (messages) => this.#publish(messages));
  }

  start(host: BridgeHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    for (const signal of batch) this.#send(signal);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const refusal = this.#lastRefusal === undefined ? '' : ` Refused: ${this.#lastRefusal}`;
    return {
      state: this.#trouble === undefined ? 'connected' : 'trouble',
      reason: `${this.#trouble ?? this.#summary()}${refusal}`,
      url: this.#url(),
      seenAt: this.#seenAt,
      inTotal: this.#inTotal,
      outTotal: this.#outTotal,
      refusedTotal: this.#refusedTotal,
    };
  }

  get #receives(): boolean {
    return this.#settings.direction !== 'out';
  }

  get #sends(): boolean {
    return this.#settings.direction !== 'in';
  }

  async #start(host: BridgeHost): Promise<void> {
    try {
      await this.#open(host);
      if (this.#stopped) throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    } catch (cause) {
      await this.#close();
      throw cause;
    }
    this.#host = host;
    this.#needs.log.info('OSC bridge open', { url: this.#url(), direction: this.#settings.direction });
  }

  async #open(host: BridgeHost): Promise<void> {
    const { listenHost, listenPort, remoteHost } = this.#settings;
    const { clock } = this.#needs;
    const listenAddress = this.#receives ? await HostAddress.once(listenHost, { clock }) : undefined;
    if (this.#sends) {
      const family = listenAddress === undefined ? 0 : familyOf(listenAddress);
      this.#remote = await HostAddress.find(remoteHost, { family, clock });
    }
    this.#socket = await UdpSocket.open({
      address: listenAddress ?? (familyOf(this.#remote?.current ?? '') === 6 ? '::' : '0.0.0.0'),
      port: this.#receives ? listenPort : 0,
      onMessage: (bytes) => this.#receive(bytes),
      onError: (reason) => {
        if (!this.#stopped) host.fault(reason);
      },
    });
  }

  async #stop(): Promise<void> {
    this.#schedule.clear();
    // A start that is under way sees that it is not wanted any more, and closes what it opened.
    await Promise.allSettled([this.#started]);
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#remote?.release();
    await this.#socket?.close();
  }

  #receive(bytes: Uint8Array): void {
    if (!this.#host || this.#stopped) return;
    if (!this.#receives) return this.#refuse('it only sends, and something came in');
    const { messages, malformed } = decodeOscPacket(bytes);
    for (let i = 0; i < malformed; i++) this.#refuse('something came in that is not OSC');
    if (messages.length === 0) return;
    this.#seenAt = this.#nowMs();
    const ignoredTags = this.#schedule.take(messages);
    for (let i = 0; i < ignoredTags; i++) {
      this.#refuse('a time far ahead, so it was done at once; check the clock of the sender');
    }
  }

  #publish(messages: readonly OscMessage[]): void {
    const batch: Signal[] = [];
    for (const message of messages) {
      const address = this.#addressOf(message);
      if (address === undefined) this.#refuse(`${shorten(message.address)} does not name one thing`);
      else batch.push({ kind: 'param', address, value: message.value });
    }
    this.#inTotal += batch.length;
    if (batch.length > 0) this.#host?.publish(batch);
  }

  /** @returns undefined for OSC's wildcards, which name many things, and for what is no address here */
  #addressOf({ address }: OscMessage): Address | undefined {
    return /[*?[\]{}]/.test(address) ? undefined : tryAddress(this.#prefix + address);
  }

  #send(signal: Signal): void {
    const to = this.#destination();
    if (!to || !this.#socket) return this.#refuse('it does not send');
    const path = signal.address.slice(this.#prefix.length);
    if (!signal.address.startsWith(this.#prefix) || !path.startsWith('/')) {
      return this.#refuse(`${shorten(signal.address)} is not under ${this.#prefix}`);
    }
    const bytes = this.#encode(path, signal);
    if (!bytes) return this.#refuse(`${shorten(signal.address)} got a value that OSC cannot carry`);
    this.#socket.send(bytes, to, (failure) => {
      this.#trouble = failure?.message;
      if (failure) return this.#refuse('a message could not leave');
      this.#outTotal++;
      this.#seenAt = this.#nowMs();
    });
  }

  #destination(): UdpEndpoint | undefined {
    if (!this.#remote || !this.#host || this.#stopped) return undefined;
    return { address: this.#remote.current, port: this.#settings.remotePort };
  }

  #encode(path: string, signal: Signal): Uint8Array | undefined {
    if (signal.kind === 'timeline') return undefined;
    try {
      const bytes = encodeOscMessage(path, valueOf(signal));
      return bytes.length > datagramBytesMax ? undefined : bytes;
    } catch (cause) {
      this.#needs.log.debug('OSC cannot carry a value', { address: signal.address, cause });
      return undefined;
    }
  }

  #refuse(why: string): void {
    this.#refusedTotal++;
    this.#lastRefusal = `${why}.`;
  }

  #nowMs(): Millis {
    return Math.floor(this.#needs.clock.nowMicros() / 1000) as Millis;
  }

  #summary(): string {
    const heard = this.#inTotal > 0 ? 'Listening.' : 'Listening; nothing heard yet.';
    if (!this.#sends) return heard;
    const sent = this.#outTotal > 0 ? 'Sending.' : 'Ready to send.';
    return this.#receives ? `${heard} ${sent}` : sent;
  }

  #url(): string {
    const { listenHost, listenPort, remoteHost, remotePort } = this.#settings;
    const listens = `${hostText(listenHost)}:${this.#receives ? (this.#socket?.local.port ?? listenPort) : listenPort}`;
    const sends = `${hostText(remoteHost)}:${remotePort}`;
    if (!this.#sends) return listens;
    return this.#receives ? `${listens} → ${sends}` : `→ ${sends}`;
  }
}

/** Samples of a stream that carries nothing else leave as floats. */
function valueOf(signal: Signal): Value {
  if (signal.kind !== 'stream' || !signal.samples || signal.value.type !== 'null') return signal.value;
  return { type: 'array', value: signal.samples.map(f32) };
}

function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

function hostText(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function shorten(address: string): string {
  return address.length > 60 ? `${address.slice(0, 59)}…` : address;
}
