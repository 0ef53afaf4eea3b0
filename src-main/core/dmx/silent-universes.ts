import { portAddressWords } from '../../contract/bridges/port-address.ts';
import { millis, type Millis } from '../../contract/units.ts';
import type { DmxInput, SilentUniverse } from './dmx-input.ts';

/** Universes that are named; of more it is said how many. */
const universesShown = 4;
/** For so long it is said that somebody fell silent whose universes others go on with. */
export const missedShown = millis(60_000);

/** What a universe is called in the protocol. */
type Thing = 'universe' | 'port address';

/** Who fell silent, since when, and what became of it, as sentences: `Desk A fell silent 12 s ago: the levels of universe 5 stay.`
 *  @returns undefined where nobody did */
export function describeSilence(input: Pick<DmxInput, 'silent' | 'missed'>, thing: Thing): string | undefined {
  const sentences = [
    sentenceOf(input.silent(), thing, (what) => `the levels of ${what} stay`),
    sentenceOf(input.missed(missedShown), thing, (what) => `others go on with ${what}`),
  ];
  return sentences.filter(Boolean).join(' ') || undefined;
}

/** `12 s`, `5 min`, `3 h` */
export function agoWords(time: Millis): string {
  const seconds = Math.floor(time / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

function sentenceOf(silent: readonly SilentUniverse[], thing: Thing, become: (what: string) => string) {
  if (silent.length === 0) return undefined;
  const names = [...new Set(silent.map(({ name }) => name))];
  const who = names.length > 2 ? `${names[0] ?? ''} and ${names.length - 1} more` : names.join(' and ');
  const longest = Math.max(...silent.map(({ silentMs }) => silentMs)) as Millis;
  const universes = [...new Set(silent.map(({ universe }) => universe))];
  return `${who} fell silent ${agoWords(longest)} ago: ${become(universeWords(universes, thing))}.`;
}

function universeWords(universes: readonly number[], thing: Thing): string {
  const numberOf = thing === 'universe' ? String : (universe: number): string => portAddressWords(universe);
  const shown = universes.slice(0, universesShown).map((universe) => numberOf(universe));
  const more = universes.length > universesShown ? ` and ${universes.length - universesShown} more` : '';
  const things = universes.length === 1 ? thing : thing === 'universe' ? 'universes' : 'port addresses';
  return `${things} ${shown.join(', ')}${more}`;
}
