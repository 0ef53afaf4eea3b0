import { tryNumber, type Value } from '../../../contract/signal.ts';

/** Whether no number in it has moved by more than `epsilon`. What is no number is near only to itself. */
export function isWithin(seen: Value, value: Value, epsilon: number): boolean {
  if (seen.type === 'i64' && value.type === 'i64') return distance(seen.value, value.value) <= epsilon;
  const [one, other] = [tryNumber(seen), tryNumber(value)];
  if (one !== undefined && other !== undefined) return Math.abs(one - other) <= epsilon;
  if (seen.type === 'array' && value.type === 'array')
    return areWithin(seen.value, value.value, (left, right) => isWithin(left, right, epsilon));
  if (seen.type === 'map' && value.type === 'map')
    return areWithin(
      seen.value,
      value.value,
      ([name, left], [otherName, right]) => name === otherName && isWithin(left, right, epsilon),
    );
  if (seen.type === 'bytes' && value.type === 'bytes')
    return areWithin([...seen.value], [...value.value], (left, right) => left === right);
  return seen.type === 'null'
    ? value.type === 'null'
    : seen.type === 'string' && value.type === 'string' && seen.value === value.value;
}

/** Beyond 2^53 neither of them is a number of JavaScript, but how far they are apart can be. */
function distance(one: bigint, other: bigint): number {
  return Math.abs(Number(one - other));
}

function areWithin<T>(seen: readonly T[], value: readonly T[], isNear: (left: T, right: T) => boolean): boolean {
  if (seen.length !== value.length) return false;
  return seen.every((left, i) => {
    const right = value[i];
    return right !== undefined && isNear(left, right);
  });
}
