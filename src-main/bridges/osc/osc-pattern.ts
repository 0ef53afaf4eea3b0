/** One step through a part of a path: what may stand there. */
type Step =
  | { readonly is: 'letter'; readonly letter: string }
  | { readonly is: 'one-of'; readonly has: (letter: string) => boolean }
  | { readonly is: 'any' }
  | { readonly is: 'words'; readonly words: readonly string[] };

/** An OSC address pattern, read. */
export interface OscPattern {
  readonly parts: readonly (readonly Step[])[];
  /** what every path that it covers begins with */
  readonly begins: string;
}

/** What matching may still cost, in steps times letters; shared by all that is matched in a while. */
export interface MatchBudget {
  left: number;
}

/** Whether a path names several things by OSC's own wildcards. */
export function isOscPattern(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/** Reads `?` any letter, `*` any letters, `[a-z]` and `[!a-z]` one of these and none of these, `{one,other}` one of the
 *  words; none of them goes past a slash.
 *  @returns undefined when a bracket is not closed, or closes nothing
 *  @see OSC 1.0, message dispatching and pattern matching */
export function readOscPattern(path: string): OscPattern | undefined {
  const parts: Step[][] = [];
  for (const part of path.slice(1).split('/')) {
    const steps = readPart(part);
    if (!steps) return undefined;
    parts.push(steps);
  }
  return { parts, begins: path.slice(0, path.search(/[*?[\]{}]/)) };
}

/** @param path without wildcards
 *  @returns undefined when the budget does not last */
export function coversPath({ parts, begins }: OscPattern, path: string, budget: MatchBudget): boolean | undefined {
  budget.left--;
  if (!path.startsWith(begins)) return budget.left < 0 ? undefined : false;
  const texts = path.slice(1).split('/');
  if (texts.length !== parts.length) return budget.left < 0 ? undefined : false;
  for (const [i, steps] of parts.entries()) {
    const text = Array.from(texts[i] ?? '');
    budget.left -= steps.length * (text.length + 1);
    if (budget.left < 0) return undefined;
    if (!coversPart(steps, text)) return false;
  }
  return true;
}

function readPart(part: string): Step[] | undefined {
  const steps: Step[] = [];
  for (let rest = part; rest !== '';) {
    const [token = ''] = /^(?:\[[^[\]{}]*\]|\{[^[\]{}]*\}|[^[\]{}])/u.exec(rest) ?? [];
    if (token === '') return undefined;
    steps.push(stepOf(token));
    rest = rest.slice(token.length);
  }
  return steps;
}

function stepOf(token: string): Step {
  if (token === '*') return { is: 'any' };
  if (token === '?') return { is: 'one-of', has: () => true };
  if (token.startsWith('{')) return { is: 'words', words: token.slice(1, -1).split(',') };
  if (!token.startsWith('[')) return { is: 'letter', letter: token };
  const isNot = token[1] === '!';
  const ranges = rangesOf(Array.from(token.slice(isNot ? 2 : 1, -1)));
  return { is: 'one-of', has: (letter) => ranges.some(([from, to]) => letter >= from && letter <= to) !== isNot };
}

/** A dash between two letters is a range, elsewhere itself. */
function rangesOf(letters: readonly string[]): (readonly [string, string])[] {
  const ranges: (readonly [string, string])[] = [];
  for (let i = 0; i < letters.length; i++) {
    const [from = '', dash, to] = letters.slice(i, i + 3);
    if (dash === '-' && to !== undefined) i += 2;
    ranges.push([from, dash === '-' && to !== undefined ? to : from]);
  }
  return ranges;
}

/** Follows all ways at once, so that no pattern makes it try again and again. */
function coversPart(steps: readonly Step[], text: readonly string[]): boolean {
  let reached: ReadonlySet<number> = new Set([0]);
  for (const step of steps) {
    reached = after(step, reached, text);
    if (reached.size === 0) return false;
  }
  return reached.has(text.length);
}

function after(step: Step, reached: ReadonlySet<number>, text: readonly string[]): ReadonlySet<number> {
  const next = new Set<number>();
  if (step.is === 'any') {
    for (let at = Math.min(...reached); at <= text.length; at++) next.add(at);
    return next;
  }
  for (const at of reached) {
    const letter = text[at];
    if (step.is === 'words') {
      for (const word of step.words) {
        const size = Array.from(word).length;
        if (text.slice(at, at + size).join('') === word) next.add(at + size);
      }
    } else if (letter !== undefined && (step.is === 'letter' ? step.letter === letter : step.has(letter)))
      next.add(at + 1);
  }
  return next;
}
