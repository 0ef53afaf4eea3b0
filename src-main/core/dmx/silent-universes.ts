import { portAddressWords } from '../../contract/bridges/port-address.ts';
import type { Millis } from '../../contract/units.ts';
import type { SilentUniverse } from './dmx-input.ts';

/** Universes that are named; of more it is said how many. */
const universesShown = 4;

/** Who fell silent, since when, and what stands still, as a sentence: `Desk A fell silent 12 s ago: the levels of universe 5 stay.`
 *  @param thing what a universe is called in the protocol
 *  @returns undefined where nobody did */
export function describeSilent(
  silent: readonly SilentUniverse[],
  thing: 'universe' | 'port address',
): string | undefined {
  if (silent.length === 0) return undefined;
  const names = [...new Set(silent.map(({ name }) => name))];
  const who = names.length > 2 ? `${names[0] ?? ''} and ${names.length - 1} more` : names.join(' and ');
  const numberOf = thing === 'universe' ? String : (universe: number): string => portAddressWords(universe);
  const shown = silent.slice(0, universesShown).map(({ universe }) => numberOf(universe));
  const more = silent.length > universesShown ? ` and ${silent.length - universesShown} more` : '';
  const things = silent.length === 1 ? thing : thing === 'universe' ? 'universes' : 'port addresses';
  const longest = Math.max(...silent.map(({ silentMs }) => silentMs)) as Millis;
  return `${who} fell silent ${agoWords(longest)} ago: the levels of ${things} ${shown.join(', ')}${more} stay.`;
}

/** `12 s`, `5 min`, `3 h` */
export function agoWords(time: Millis): string {
  const seconds = Math.floor(time / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
