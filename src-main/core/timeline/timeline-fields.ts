import { tryNumber, type Value } from '../../contract/signal.ts';
import { micros, type Micros } from '../../contract/units.ts';
import { canonical } from '../protocol/legacy-fields.ts';
import { badTimeline } from './timeline.ts';

const shownMax = 32;

/** The fields of one map in a timeline's value, by name. Names are in camelCase; the snake_case of the Rust side is found
 *  as well (`loop_`, `start_time`). Of a name that is there twice the last counts, null counts as absent, unknown names
 *  harm nobody. Every getter throws InputError 'bad-timeline' with the place when the field has another type. */
export class TimelineFields {
  readonly #place: string;
  readonly #fields = new Map<string, Value>();

  /** @param place in the whole value, empty for the whole
   *  @throws InputError 'bad-timeline' unless a map */
  constructor(value: Value, place = '') {
    if (value.type !== 'map') throw badTimeline(place || 'the value', 'a map', shown(value));
    this.#place = place && `${place}.`;
    for (const [key, item] of value.value) this.#fields.set(canonical(key), item);
  }

  has(name: string): boolean {
    return this.#present(name) !== undefined;
  }

  /** As it is, null included; undefined only when it is not there. */
  value(name: string): Value | undefined {
    return this.#fields.get(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.#present(name);
    if (value === undefined || value.type === 'bool') return value?.value;
    throw this.unfit(name, 'true or false');
  }

  text(name: string): string | undefined {
    const value = this.#present(name);
    if (value === undefined || value.type === 'string') return value?.value;
    throw this.unfit(name, 'a text');
  }

  list(name: string): readonly Value[] | undefined {
    const value = this.#present(name);
    if (value === undefined || value.type === 'array') return value?.value;
    throw this.unfit(name, 'a list');
  }

  /** Of any numeric type, finite. */
  number(name: string): number | undefined {
    const value = this.#present(name);
    if (value === undefined) return undefined;
    const number = value.type === 'bool' ? undefined : tryNumber(value);
    if (number === undefined || !Number.isFinite(number)) throw this.unfit(name, 'a finite number');
    return number;
  }

  /** Fractions are cut, as everywhere on the wire. */
  micros(name: string): Micros | undefined {
    const number = this.number(name);
    if (number === undefined) return undefined;
    if (!Number.isSafeInteger(Math.trunc(number))) throw this.unfit(name, 'microseconds within ±2^53');
    return micros(number);
  }

  /** @throws InputError 'bad-timeline' when there is no value */
  needed<T>(name: string, value: T | undefined, expected: string): T {
    if (value === undefined) throw this.unfit(name, expected);
    return value;
  }

  /** The refusal of what the field holds. */
  unfit(name: string, expected: string): Error {
    const value = this.#present(name);
    return badTimeline(`${this.#place}${name}`, expected, value ? shown(value) : 'nothing');
  }

  #present(name: string): Value | undefined {
    const value = this.#fields.get(name);
    return value?.type === 'null' ? undefined : value;
  }
}

/** A sender's own value, short enough for a message. */
function shown(value: Value): string {
  if (value.type === 'string') return JSON.stringify(value.value.slice(0, shownMax));
  const number = tryNumber(value);
  return number === undefined ? value.type : String(value.type === 'bool' ? value.value : number);
}
