import { InputError } from '../contract/errors.ts';
import { showDepthMax } from '../contract/parse-show.ts';
import { formatPath } from '../contract/show-faults.ts';

/** An array or object that is open: where in it the text stands, and the names an object has so far. */
interface Level {
  key: string | number;
  readonly names: Set<string> | undefined;
  /** the next text is a name */
  isNameNext: boolean;
}

/** Refuses what reading the text as JSON would change in silence: numbers beyond a double's range, whole numbers it cannot
 *  hold, names that come twice in one object. Looks at the text, since `JSON.parse` gives no trace of it.
 *  @param text JSON that `JSON.parse` took
 *  @throws InputError 'bad-show' with the path */
export function checkJsonText(text: string): void {
  const levels: Level[] = [];
  for (let at = 0; at < text.length; at++) {
    const level = levels.at(-1);
    const char = text.charAt(at);
    if (char === '"') {
      const end = endOfText(text, at);
      if (level?.names && level.isNameNext) enterName(levels, level.names, text.slice(at, end));
      at = end - 1;
    } else if (char === '{') open(levels, { key: '', names: new Set(), isNameNext: true });
    else if (char === '[') open(levels, { key: 0, names: undefined, isNameNext: false });
    else if (char === '}' || char === ']') levels.pop();
    else if (char === ',' && level) next(level);
    else if (char === '-' || (char >= '0' && char <= '9')) {
      const digits = numberAt(text, at);
      checkNumber(levels, digits);
      at += digits.length - 1;
    }
  }
}

function open(levels: Level[], level: Level): void {
  levels.push(level);
  if (levels.length > showDepthMax) throw badShow(levels.slice(0, 4), `expected at most ${showDepthMax} levels`);
}

function next(level: Level): void {
  if (typeof level.key === 'number') level.key++;
  else level.isNameNext = true;
}

function enterName(levels: readonly Level[], names: Set<string>, quoted: string): void {
  const level = levels.at(-1);
  if (!level) return;
  level.key = String(JSON.parse(quoted));
  level.isNameNext = false;
  if (names.has(level.key)) throw badShow(levels, 'expected it once, it is there twice');
  names.add(level.key);
}

function checkNumber(levels: readonly Level[], digits: string): void {
  const value = Number(digits);
  if (!Number.isFinite(value)) throw badShow(levels, `expected a number up to 1.8e308, found ${shown(digits)}`);
  // What we write for a large double is not its exact value, but reads as the same double.
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(digits) || String(value) === digits) return;
  if (BigInt(digits) !== BigInt(value))
    throw badShow(levels, `expected a whole number within ±${Number.MAX_SAFE_INTEGER}, found ${shown(digits)}`);
}

function numberAt(text: string, start: number): string {
  let end = start + 1;
  while (end < text.length && '0123456789+-.eE'.includes(text.charAt(end))) end++;
  return text.slice(start, end);
}

/** Behind the closing quotation mark. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function shown(digits: string): string {
  return digits.length > 40 ? `${digits.slice(0, 39)}…` : digits;
}

function badShow(levels: readonly Level[], expected: string): InputError {
  const path = formatPath(levels.map(({ key }) => key));
  return new InputError('bad-show', `${path === '' ? '' : `${path}: `}${expected}.`, { path });
}
