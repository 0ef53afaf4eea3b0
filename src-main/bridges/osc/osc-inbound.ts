import { tryAddress, type Address } from '../../contract/address.ts';
import type { OscSettings } from '../../contract/bridges/osc.ts';
import type { Signal } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import { AddressRules } from './address-rules.ts';
import { KnownPaths } from './known-paths.ts';
import { decodeOscPacket, type OscMessage } from './osc-codec.ts';
import { isOscPattern } from './osc-pattern.ts';
import { addressOfPath, pathOfAddress } from './osc-paths.ts';
import { cutText } from '../../contract/cut-text.ts';

/** How far ahead a bundle may be timed. A time beyond it is a clock that is set wrong, not a wish. */
export const aheadMaxMicros = 10_000_000;

export interface OscInboundOptions {
  readonly settings: OscSettings;
  readonly prefix: string;
  readonly clock: Clock;
  readonly host: BridgeHost;
  /** @param why as a sentence without its point */
  readonly refuse: (why: string, count?: number) => void;
}

/** Makes signals of what devices say: params, or what the rules of the show say; timed bundles in their time. */
export class OscInbound {
  readonly #options: OscInboundOptions;
  readonly #kinds: AddressRules<'param' | 'event' | 'stream'>;
  /** made when the first pattern comes */
  #known: KnownPaths | undefined;
  #inTotal = 0;

  constructor(options: OscInboundOptions) {
    this.#options = options;
    this.#kinds = new AddressRules(options.settings.kinds);
  }

  /** messages that were understood */
  get total(): number {
    return this.#inTotal;
  }

  /** @param bytes one packet, not kept
   *  @returns whether any of it was OSC */
  take(bytes: Uint8Array): boolean {
    const { messages, malformed } = decodeOscPacket(bytes, this.#options.settings.text);
    if (malformed > 0) this.#options.refuse('something came in that is not OSC', malformed);
    for (const { at, group } of groupsByTime(messages)) this.#publish(this.#signalsOf(group), at);
    return messages.length > 0;
  }

  /** What others set under the prefix, which patterns of devices mean too. */
  note(batch: readonly Signal[]): void {
    if (!this.#known) return;
    for (const { kind, address } of batch) if (kind === 'param') this.#noteAddress(address);
  }

  #publish(batch: readonly Signal[], at: Micros | undefined): void {
    const { clock, host, refuse } = this.#options;
    if (batch.length === 0) return;
    this.#inTotal += batch.length;
    this.note(batch);
    if (at === undefined) return host.publish(batch);
    if (at - clock.nowMicros() > aheadMaxMicros) {
      refuse('a time far ahead, so it was done at once; check the clock of the sender', batch.length);
      return host.publish(batch);
    }
    const outcome = host.schedule(batch, at);
    if (outcome === 'late') refuse('a bundle came too late for this show', batch.length);
    if (outcome === 'full') refuse('more bundles than can wait for their time', batch.length);
  }

  #signalsOf(messages: readonly OscMessage[]): Signal[] {
    return messages.flatMap((message) => {
      if (isOscPattern(message.address)) return this.#signalsOfPattern(message);
      const tail = addressOfPath(message.address);
      const address = tryAddress(this.#options.prefix + tail);
      if (address !== undefined) return [this.#signalOf(message, { address, tail })];
      this.#options.refuse(`${cutText(message.address, 60)} is too long, or has too many parts`);
      return [];
    });
  }

  #signalsOfPattern(message: OscMessage): Signal[] {
    const { prefix, refuse } = this.#options;
    const found = this.#knownPaths().covered(message.address);
    if (!found) refuse(`${cutText(message.address, 60)} cannot be read, or patterns come too fast`);
    else if (found.length === 0) refuse(`${cutText(message.address, 60)} names nothing that is known under ${prefix}`);
    return (found ?? []).map((address) => this.#signalOf(message, { address, tail: address.slice(prefix.length) }));
  }

  #signalOf({ value, isBare }: OscMessage, { address, tail }: { address: Address; tail: string }): Signal {
    const kind = this.#kinds.find(tail) ?? (isBare ? 'event' : 'param');
    return { kind, address, value };
  }

  #knownPaths(): KnownPaths {
    const { clock, host } = this.#options;
    if (this.#known) return this.#known;
    this.#known = new KnownPaths(() => clock.nowMicros());
    for (const address of host.addresses()) this.#noteAddress(address);
    return this.#known;
  }

  #noteAddress(address: Address): void {
    const { prefix } = this.#options;
    if (address.startsWith(`${prefix}/`)) this.#known?.note(pathOfAddress(address.slice(prefix.length)), address);
  }
}

interface Group {
  readonly at: Micros | undefined;
  readonly group: OscMessage[];
}

/** Neighbours of one time together, in the order of the packet. */
function groupsByTime(messages: readonly OscMessage[]): Group[] {
  const groups: Group[] = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (last && last.at === message.at) last.group.push(message);
    else groups.push({ at: message.at, group: [message] });
  }
  return groups;
}
