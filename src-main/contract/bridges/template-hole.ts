/** What is put into a template: `{1}` is what the first wildcard stood for, `{topic}`, `{address}` and `{value}` speak for
 *  themselves. Anything else in braces is text, so that JSON can stand in a template. */
export const templateHole = /\{(\d{1,2}|topic|address|value)\}/g;

/** The highest number of a capture in a template; 0 without. */
export function capturesIn(template: string): number {
  return Math.max(0, ...[...template.matchAll(templateHole)].map(([, name]) => Number(name) || 0));
}

/** How many wildcards a pattern of addresses has. */
export function wildcardsIn(pattern: string): number {
  return pattern.match(/\*\*|\*/g)?.length ?? 0;
}

/** The repair for a template that names captures which are not there.
 *  @param count wildcards that there are */
export function tooManyCaptures(count: number): string {
  return count === 0 ? 'expected no {1}: there is no wildcard' : `expected {1} to {${count}}, one for each wildcard`;
}
