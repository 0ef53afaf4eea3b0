import { capture, type Address } from '../../contract/address.ts';
import { f64, tryNumber, type Signal, type Value } from '../../contract/signal.ts';
import { convertOutput, transformValue } from '../../contract/transform-value.ts';
import type { Chain } from '../../contract/transforms.ts';
import type { CompiledMapping } from './compile-mapping.ts';

/** Why nothing leaves: a number was or became NaN or infinite. */
export type Refusal = 'not-finite';

/** Where a signal goes, and as what. */
export interface Outgoing {
  readonly kind: Signal['kind'];
  readonly address: Address;
}

/** Where a mapping sends a signal that its source covers, whatever the steps make of it.
 *  @returns undefined when what the wildcards caught makes no address */
export function outgoingOf({ mapping, source, target }: CompiledMapping, signal: Signal): Outgoing | undefined {
  const address = target.expand(capture(source, signal.address) ?? []);
  const kind = mapping.target.kind === 'same' ? signal.kind : mapping.target.kind;
  return address === undefined ? undefined : { kind, address };
}

export interface Mapped extends Pick<CompiledMapping, 'mapping'> {
  readonly chain: Chain;
}

/** What a mapping makes of one signal that its source covers.
 *  The kind is kept unless the mapping names one; an id, a phase and the sender's timestamp go along where the kind
 *  has them. The samples of a stream go through the steps one by one and stay a stream's: any other kind gets the last
 *  of them as its value.
 *  @param to as `outgoingOf` says */
export function mapSignal({ mapping, chain }: Mapped, signal: Signal, { address, kind }: Outgoing): Signal | Refusal {
  const through = (input: Value): Value | undefined => {
    const value = transformValue(chain, input, signal.address);
    return value && convertOutput(value, mapping.target.as);
  };

  if (kind === 'stream' && signal.kind === 'stream' && signal.samples) return mapSamples(signal, address, through);
  const value = through(valueToShow(signal));
  return value === undefined ? 'not-finite' : outgoing(signal, { kind, address, value });
}

/** The signal's value as one number on a row shows it: of samples the last. */
export function valueToShow(signal: Signal): Value {
  const last = signal.kind === 'stream' && signal.value.type === 'null' ? signal.samples?.at(-1) : undefined;
  return last === undefined ? signal.value : f64(last);
}

type Stream = Extract<Signal, { kind: 'stream' }>;

function mapSamples(signal: Stream, address: Address, through: (input: Value) => Value | undefined): Signal | Refusal {
  const samples: number[] = [];
  for (const sample of signal.samples ?? []) {
    const mapped = through(f64(sample));
    const number = mapped && tryNumber(mapped);
    if (number === undefined) return 'not-finite';
    samples.push(number);
  }
  const value = through(signal.value);
  return value === undefined ? 'not-finite' : { ...signal, address, value, samples };
}

function outgoing(signal: Signal, to: Outgoing & { readonly value: Value }): Signal {
  const { kind, address, value } = to;
  if (kind === signal.kind) return { ...signal, address, value };
  if (kind === 'param') return { kind, address, value };
  const time = signal.kind === 'param' || signal.timestamp === undefined ? {} : { timestamp: signal.timestamp };
  // Only 'same' asks for a gesture or a timeline, and then the kinds are equal.
  return { kind: kind === 'stream' ? 'stream' : 'event', address, value, ...time };
}
