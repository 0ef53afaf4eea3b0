import type { Value } from './signal.ts';

/** Names and indexes in the order in which they lead into a value; a negative index counts from the end. */
export type JsonPath = readonly (string | number)[];

const stepsMax = 32;
const step =
  /\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)|\[(-?\d{1,9})\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\]/y;

/** Reads a path that leads to one place: `$.state.brightness`, `$.lamps[0]['on off']`. Nothing in it is ever run.
 *  @returns undefined for what is none
 *  @see RFC 9535, singular queries; beyond them a dash may stand in a name: `$.color-temp` */
export function tryJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (!found || steps.length === stepsMax) return undefined;
    const [, name, index, single, double] = found;
    steps.push(index === undefined ? (name ?? unescaped(single ?? double ?? '')) : Number(index));
  }
  return steps;
}

/** What is at the end of the path; undefined where the value has no such place. Of a name that comes twice the last holds. */
export function readJsonPath(value: Value, path: JsonPath): Value | undefined {
  let here: Value | undefined = value;
  for (const key of path) {
    if (typeof key === 'number') here = here.type === 'array' ? here.value.at(key) : undefined;
    else here = here.type === 'map' ? here.value.findLast(([name]) => name === key)?.[1] : undefined;
    if (!here) return undefined;
  }
  return here;
}

function unescaped(quoted: string): string {
  return quoted.replace(/\\(['"\\])/g, '$1');
}
