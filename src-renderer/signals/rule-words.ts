import type { RuledType, SignalRule } from '../../src-main/contract/show.ts';
import type { ConflictStrategy } from '../../src-main/contract/signal.ts';
import { formatNumber } from '../widgets/number-words.ts';

/** What stands at a choice that a rule leaves open. */
export const openWord = 'as announced';

/** What holds of writes that meet, in a row. */
export const strategyWords: Readonly<Record<ConflictStrategy, string>> = {
  lww: 'last write',
  max: 'highest',
  min: 'lowest',
  lock: 'first writer locks',
  merge: 'maps join',
};

/** The same in a sentence. */
const strategySentences: Readonly<Record<ConflictStrategy, string>> = {
  lww: 'the last one holds',
  max: 'the highest number holds, and null begins anew',
  min: 'the lowest number holds, and null begins anew',
  lock: 'the first writer holds the lock until it unlocks or leaves',
  merge: 'maps are joined key by key, and anything else is replaced',
};

export const typeWords: Readonly<Record<RuledType, string>> = {
  bool: 'on or off',
  i8: 'whole number, 8 bit',
  i16: 'whole number, 16 bit',
  i32: 'whole number, 32 bit',
  i64: 'whole number',
  number: 'number',
  string: 'text',
  bytes: 'bytes',
  array: 'list',
  map: 'fields by name',
};

/** The same for many, in a sentence. */
const typePlurals: Readonly<Record<RuledType, string>> = {
  bool: 'values on and off',
  i8: 'whole numbers of 8 bits',
  i16: 'whole numbers of 16 bits',
  i32: 'whole numbers of 32 bits',
  i64: 'whole numbers',
  number: 'numbers',
  string: 'texts',
  bytes: 'bytes',
  array: 'lists',
  map: 'fields by name',
};

/** How writes end that meet, in a row. */
export function describeStrategy({ strategy }: SignalRule): string {
  return strategy === null ? openWord : strategyWords[strategy];
}

/** Which values are taken, in a row: `number, 0 to 1`. */
export function describeValues({ datatype, range }: SignalRule): string {
  if (datatype === null && range === null) return openWord;
  return [datatype === null ? undefined : typeWords[datatype], range === null ? undefined : describeRange(range)]
    .filter((words) => words !== undefined)
    .join(', ');
}

/** Whether announcements hold there, in a row. */
export function describeEnforce({ enforce }: SignalRule): string {
  return enforce === null ? 'as the show says' : enforce ? 'hold' : 'do not hold';
}

/** What a rule says, in sentences; what it leaves open is not said. */
export function describeRule(rule: SignalRule): string {
  const { strategy, datatype, range, enforce } = rule;
  const parts: string[] = [];
  if (strategy !== null) parts.push(`Where writes meet, ${strategySentences[strategy]}.`);
  if (datatype !== null) parts.push(`Only ${typePlurals[datatype]} are taken.`);
  if (range !== null) parts.push(`Numbers outside ${describeRange(range)} are refused.`);
  if (enforce !== null)
    parts.push(`Ranges and types that owners announce ${enforce ? 'hold here' : 'do not hold here'}.`);
  return parts.length === 0 ? 'It says nothing yet: all is as announced.' : parts.join(' ');
}

/** A row as it is spoken. */
export function speakRule(rule: SignalRule): string {
  const values = `values ${describeValues(rule)}`;
  const enforce = rule.enforce === null ? '' : `, announcements ${describeEnforce(rule)}`;
  return `rule for ${rule.pattern}, ${describeStrategy(rule)}, ${values}${enforce}`;
}

function describeRange({ min, max }: NonNullable<SignalRule['range']>): string {
  return `${formatNumber(min)} to ${formatNumber(max)}`;
}
