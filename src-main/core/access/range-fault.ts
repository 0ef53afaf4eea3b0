import { exactNumber, type Value } from '../../contract/signal.ts';

/** Why a value is not made of numbers from `min` to `max` alone: a number itself, or lists and maps of such. What a token bounds
 *  takes nothing else, since nobody could say whether that lies within.
 *  @returns undefined when it is */
export function rangeFault([min, max]: readonly [number, number], value: Value): string | undefined {
  return isWithin(value, min, max) ? undefined : `Only numbers from ${min} to ${max} are allowed here by the token.`;
}

function isWithin(value: Value, min: number, max: number): boolean {
  if (value.type === 'array') return value.value.every((item) => isWithin(item, min, max));
  if (value.type === 'map') return value.value.every(([, item]) => isWithin(item, min, max));
  const number = exactNumber(value);
  return number !== undefined && number >= min && number <= max;
}
