import type { Address } from '../../../contract/address.ts';
import { exactNumber, type ConflictStrategy, type Value } from '../../../contract/signal.ts';
import { mergeValues } from './merge-values.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';

interface Written {
  readonly address: Address;
  readonly value: Value;
}

/** Decides between the value that stands and one that is written.
 *  max, min: numbers and switches compare by what they stand for, whatever their types; an equal one is taken, NaN never wins
 *  and always loses. Null is taken, and whatever follows it: so a highest value begins anew.
 *  @returns the value that is to stand, or why the write is lost */
export function settleWrite(strategy: ConflictStrategy, standing: Value, written: Written): Value | Refusal {
  switch (strategy) {
    case 'lww':
    case 'lock':
      return written.value;
    case 'merge':
      return mergeValues(standing, written.value);
    case 'max':
    case 'min':
      return settleNumbers(strategy, standing, written);
    default:
      return strategy satisfies never;
  }
}

function settleNumbers(strategy: 'max' | 'min', standing: Value, { address, value }: Written): Value | Refusal {
  if (value.type === 'null') return value;
  const [ours, theirs] = [numberIn(value), numberIn(standing)];
  const word = strategy === 'max' ? 'highest' : 'lowest';
  if (ours === undefined) {
    const message = `The ${word} number holds here: send a number, or null to begin anew.`;
    return { code: errorNumber.invalidValue, message, address };
  }
  // NaN stands for nothing that could be kept.
  if (theirs === undefined || Number.isNaN(theirs)) return value;
  // The operators compare a bigint and a number by what they stand for, so nothing is converted.
  if (strategy === 'max' ? ours >= theirs : ours <= theirs) return value;
  return { code: errorNumber.revisionConflict, message: `The ${word} number holds here: ${theirs} stands.`, address };
}

function numberIn(value: Value): number | bigint | undefined {
  return value.type === 'bool' ? Number(value.value) : exactNumber(value);
}
