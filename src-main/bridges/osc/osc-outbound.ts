import type { Address } from '../../contract/address.ts';
import type { OscSettings } from '../../contract/bridges/osc.ts';
import { messageOf } from '../../contract/errors.ts';
import { f32, type Signal, type Value } from '../../contract/signal.ts';
import { micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { AddressRules } from './address-rules.ts';
import { bundleHeadBytes, bundlePartBytes, encodeOscBundle, encodeOscMessage } from './osc-codec.ts';
import { pathOfAddress } from './osc-paths.ts';
import { immediately, tagOfTime, type TimeTag } from './osc-time.ts';
import type { OscPacket } from './osc-wire.ts';

/** Of one bundle; what leaves together beyond it leaves as several. Small devices have buffers that are not larger. */
export const bundleBytesMax = 8192;

export interface OscOutboundOptions {
  readonly settings: OscSettings;
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Log;
  /** @param why a clause, or a sentence */
  readonly refuse: (address: Address, why: string) => void;
}

/** Makes packets of signals under the prefix, with the types that the rules of the show want. */
export class OscOutbound {
  readonly #options: OscOutboundOptions;
  readonly #types: AddressRules<string>;

  constructor(options: OscOutboundOptions) {
    this.#options = options;
    this.#types = new AddressRules(options.settings.types);
  }

  packetsOf(batch: readonly Signal[]): OscPacket[] {
    const messages = batch.flatMap((signal) => this.#messageOf(signal) ?? []);
    if (this.#options.settings.bundles === 'never' || messages.length < 2) return messages;
    return this.#bundled(messages);
  }

  #messageOf(signal: Signal): OscPacket | undefined {
    const { prefix, refuse } = this.#options;
    const tail = signal.address.slice(prefix.length);
    if (!signal.address.startsWith(prefix) || !tail.startsWith('/')) {
      refuse(signal.address, `it is not under ${prefix}`);
      return undefined;
    }
    if (signal.kind === 'timeline') {
      refuse(signal.address, 'OSC carries no timelines');
      return undefined;
    }
    const path = pathOfAddress(tail);
    const bytes = this.#encode(signal, path, tail);
    return bytes && { bytes, key: signal.kind === 'param' ? path : undefined };
  }

  #encode(signal: Signal, path: string, tail: string): Uint8Array | undefined {
    const { log, refuse, settings } = this.#options;
    const tags = this.#types.find(tail);
    try {
      return encodeOscMessage(path, valueOf(signal), { tags, coding: settings.text });
    } catch (cause) {
      log.debug('OSC cannot carry a value', { address: signal.address, cause });
      refuse(signal.address, messageOf(cause));
      return undefined;
    }
  }

  #bundled(messages: readonly OscPacket[]): OscPacket[] {
    const tag = this.#tag();
    const packets: OscPacket[] = [];
    let group: Uint8Array[] = [];
    let sizeBytes = bundleHeadBytes;
    const close = (): void => {
      if (group.length > 0) packets.push({ bytes: encodeOscBundle(tag, group), key: undefined });
      group = [];
      sizeBytes = bundleHeadBytes;
    };
    for (const { bytes } of messages) {
      const partBytes = bundlePartBytes + bytes.length;
      if (sizeBytes + partBytes > bundleBytesMax) close();
      group.push(bytes);
      sizeBytes += partBytes;
    }
    close();
    return packets;
  }

  #tag(): TimeTag {
    const { settings, clock } = this.#options;
    if (settings.bundleAheadMs === 0) return immediately;
    return tagOfTime(micros(clock.nowMicros() + settings.bundleAheadMs * 1000));
  }
}

/** Samples of a stream that carries nothing else leave as floats. */
function valueOf(signal: Signal): Value {
  if (signal.kind !== 'stream' || !signal.samples || signal.value.type !== 'null') return signal.value;
  return { type: 'array', value: signal.samples.map(f32) };
}
