import { spaceThousands } from '../widgets/number-words.ts';

/** What a text of whole numbers came to, or one sentence that says what to repair. */
export type NumberSpansResult =
  | { readonly numbers: readonly number[]; readonly problem?: undefined }
  | { readonly problem: string; readonly numbers?: undefined };

interface SpanBounds {
  readonly least: number;
  readonly most: number;
  /** how many there may be */
  readonly count: number;
}

/** Reads `1-4, 7` as 1, 2, 3, 4 and 7, in the order written, each once. Never throws. */
export function readNumberSpans(text: string, { least, most, count }: SpanBounds): NumberSpansResult {
  const numbers = new Set<number>();
  const parts = text.replace(/\s*[-–]\s*/g, '-').split(/[,;\s]+/);
  for (const part of parts.filter((each) => each !== '')) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    if (!match) return { problem: `“${part.slice(0, 16)}” is no number. Write 7 or 1-4.` };
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    const outside = [first, last].find((number) => number < least || number > most);
    if (outside !== undefined) return { problem: spaceThousands(`${outside} is outside ${least} to ${most}.`) };
    if (last < first) return { problem: `${first}-${last} runs backwards. Write ${last}-${first}.` };
    for (let number = first; number <= last && numbers.size <= count; number++) numbers.add(number);
  }
  return numbers.size > count ? { problem: `At most ${count} of them.` } : { numbers: [...numbers] };
}

/** The text that `readNumberSpans` reads back as the same numbers. */
export function writeNumberSpans(numbers: readonly number[]): string {
  const spans: [number, number][] = [];
  for (const number of numbers) {
    const open = spans.at(-1);
    if (open && number === open[1] + 1) open[1] = number;
    else spans.push([number, number]);
  }
  return spans.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
