import { ProtocolError } from '../../contract/errors.ts';
import { signalKinds, type MapEntry, type SignalKind, type Value, type ValueType } from '../../contract/signal.ts';
import { WireValue } from './wire-value.ts';

const fieldNameMax = 32;

/** The fields of one legacy map by name. Names are given in the camelCase of the JavaScript side; the snake_case of the
 *  Rust side is found as well. A field that is nil counts as absent. Every getter throws ProtocolError 'bad-message' when
 *  the field has another type. @see CLASP-WIRE §4 */
export class LegacyFields {
  readonly #entries = new Map<string, Value>();

  /** @throws ProtocolError 'bad-message' unless a map */
  constructor(value: Value) {
    if (value.type !== 'map') throw unfit('a message', 'a map', value);
    for (const [key, item] of value.value) this.#entries.set(canonical(key), item);
  }

  /** The field as it is, nil included; undefined only when it is not there. */
  value(name: string): WireValue | undefined {
    const value = this.#entries.get(name);
    return value && WireValue.of(value);
  }

  /** The field as it is, unless nil. */
  presentValue(name: string): WireValue | undefined {
    const value = this.#present(name);
    return value && WireValue.of(value);
  }

  /** What stands in the field; nil counts as absent. */
  formOf(name: string): ValueType | undefined {
    return this.#present(name)?.type;
  }

  map(name: string): readonly MapEntry[] | undefined {
    const value = this.#present(name);
    if (value === undefined || value.type === 'map') return value?.value;
    throw unfit(name, 'a map', value);
  }

  fields(name: string): LegacyFields | undefined {
    const value = this.#present(name);
    return value && new LegacyFields(value);
  }

  list(name: string): readonly Value[] {
    const value = this.#present(name);
    if (value === undefined) return [];
    if (value.type === 'array') return value.value;
    throw unfit(name, 'a list', value);
  }

  text(name: string): string | undefined {
    const value = this.#present(name);
    if (value === undefined || value.type === 'string') return value?.value;
    throw unfit(name, 'a text', value);
  }

  textOr(name: string, fallback: string): string {
    return this.text(name) ?? fallback;
  }

  /** @throws ProtocolError 'bad-message' also when absent */
  neededText(name: string): string {
    return needed(name, this.text(name));
  }

  texts(name: string): string[] {
    return this.list(name).map((item) => {
      if (item.type === 'string') return item.value;
      throw unfit(name, 'a list of texts', item);
    });
  }

  /** Unknown names are left out. */
  kinds(name: string): SignalKind[] {
    return this.texts(name).filter(isKind);
  }

  /** What the wire does not define is an event. */
  kind(name: string): SignalKind {
    const text = this.textOr(name, 'event');
    return isKind(text) ? text : 'event';
  }

  flag(name: string): boolean | undefined {
    const value = this.#present(name);
    if (value === undefined || value.type === 'bool') return value?.value;
    throw unfit(name, 'true or false', value);
  }

  float(name: string): number | undefined {
    const value = this.#present(name);
    return value && floatOf(name, value);
  }

  floats(name: string): number[] | undefined {
    return this.#present(name) && this.list(name).map((item) => floatOf(name, item));
  }

  /** A whole number from 0 to `max`. */
  whole(name: string, max = 0xffff_ffff): number | undefined {
    const value = this.u64(name);
    if (value === undefined) return undefined;
    if (value > BigInt(max)) throw new ProtocolError('bad-message', `${name} is at most ${max}, got ${value}.`);
    return Number(value);
  }

  u64(name: string): bigint | undefined {
    const value = this.#present(name);
    return value && u64Of(name, value);
  }

  /** For objects that map an address to a revision. */
  revisions(name: string): [string, bigint][] {
    return (this.map(name) ?? []).map(([key, item]) => [key, u64Of(name, item)]);
  }

  #present(name: string): Value | undefined {
    const value = this.#entries.get(name);
    return value?.type === 'null' ? undefined : value;
  }
}

export function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ProtocolError('bad-message', `A legacy message lacks its ${name}.`);
  return value;
}

/** `{ [name]: value }`, or nothing when there is no value. */
export function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  const part: { [P in K]?: V } = {};
  if (value !== undefined) part[name] = value;
  return part;
}

/** `loop_` and `max_rate` as `loop` and `maxRate`. */
export function canonical(key: string): string {
  if (key.length > fieldNameMax || !key.includes('_')) return key;
  return key
    .split('_')
    .map((word, i) => (i === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join('');
}

function floatOf(name: string, value: Value): number {
  if (value.type === 'f32' || value.type === 'f64') return value.value;
  if (value.type === 'i64') return Number(value.value);
  throw unfit(name, 'a number', value);
}

function u64Of(name: string, value: Value): bigint {
  if (value.type === 'i64' && value.value >= 0n) return value.value;
  // Some packers write every number above 2^32 as a float.
  if (value.type === 'f64' && value.value >= 0 && Number.isSafeInteger(value.value)) return BigInt(value.value);
  throw unfit(name, 'a whole number', value);
}

function isKind(text: string): text is SignalKind {
  return signalKinds.some((kind) => kind === text);
}

function unfit(name: string, expected: string, value: Value): ProtocolError {
  return new ProtocolError('bad-message', `In a legacy message ${name} is ${expected}, got ${value.type}.`, {
    field: name,
  });
}
