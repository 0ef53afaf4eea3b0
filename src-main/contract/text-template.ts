/** What is put into a template of a foreign message: `{1}` is what the first wildcard stood for, `{topic}`, `{address}` and
 *  `{value}` speak for themselves. Anything else in braces is text, so that JSON can stand in a template. */
export const templateHole = /\{(\d{1,2}|topic|address|value)\}/g;

/** What a hole of a template stands for: `1` the first capture, `topic`, `address`, `value`. */
export type Holes = Readonly<Record<string, string | undefined>>;

/** The template with its holes filled; one that stands for nothing is empty. */
export function fillTemplate(template: string, holes: Holes): string {
  return template.replace(templateHole, (_hole, name: string) => holes[name] ?? '');
}

/** The same for JSON: inside quotation marks what stands for a hole is escaped, and outside of them it is JSON already.
 *  @param json for holes outside of quotation marks */
export function fillJsonTemplate(template: string, holes: Holes, json: Holes): string {
  return template.replace(templateHole, (_hole, name: string, at: number) => {
    if (!isQuoted(template, at)) return json[name] ?? JSON.stringify(holes[name] ?? '');
    return JSON.stringify(holes[name] ?? '').slice(1, -1);
  });
}

/** `{1}` and so on of what the wildcards stood for. */
export function capturesOf(found: readonly string[]): Holes {
  return Object.fromEntries(found.map((text, i) => [String(i + 1), text]));
}

/** The highest number of a capture in a template; 0 without. */
export function capturesIn(template: string): number {
  return Math.max(0, ...[...template.matchAll(templateHole)].map(([, name]) => Number(name) || 0));
}

/** Whether a template is JSON by the look of it. */
export function looksLikeJson(template: string): boolean {
  return /^\s*[[{]/.test(template.replace(templateHole, ''));
}

/** What is said where a template names more captures than there are wildcards. */
export function tooManyCaptures(wildcards: number): string {
  return wildcards === 0
    ? 'expected no {1}: there is no wildcard'
    : `expected {1} to {${wildcards}}, one for each wildcard`;
}

function isQuoted(template: string, at: number): boolean {
  let inside = false;
  for (let i = 0; i < at; i++) {
    if (inside && template.charAt(i) === '\\') i++;
    else if (template.charAt(i) === '"') inside = !inside;
  }
  return inside;
}
