import { templateHole } from '../../contract/bridges/template-hole.ts';

/** What a hole of a template stands for: `1` the first capture, `topic`, `address`, `value`. */
export type Holes = Readonly<Record<string, string | undefined>>;

/** The template with its holes filled; one that stands for nothing is empty. */
export function fillTemplate(template: string, holes: Holes): string {
  return template.replace(templateHole, (_hole, name: string) => holes[name] ?? '');
}

/** The same for JSON: inside quotation marks what stands for a hole is escaped, and outside of them it is JSON already.
 *  @param json for holes outside of quotation marks */
function fillJsonTemplate(template: string, holes: Holes, json: Holes): string {
  return template.replace(templateHole, (_hole, name: string, at: number) => {
    if (!isQuoted(template, at)) return json[name] ?? JSON.stringify(holes[name] ?? '');
    return JSON.stringify(holes[name] ?? '').slice(1, -1);
  });
}

/** The body of a message. By itself it is JSON where it begins like JSON.
 *  @param value what `{value}` stands for, as plain words and as JSON */
export function fillBody(
  body: string,
  form: 'json' | 'text' | 'auto',
  { holes, words, json }: { readonly holes: Holes; readonly words: string; readonly json: string },
): string {
  const isJson = form === 'json' || (form === 'auto' && /^\s*[[{]/.test(body.replace(templateHole, '')));
  return isJson
    ? fillJsonTemplate(body, { ...holes, value: words }, { value: json })
    : fillTemplate(body, { ...holes, value: words });
}

/** `{1}` and so on of what the wildcards stood for. */
export function capturesOf(found: readonly string[]): Holes {
  return Object.fromEntries(found.map((text, i) => [String(i + 1), text]));
}

function isQuoted(template: string, at: number): boolean {
  let inside = false;
  for (let i = 0; i < at; i++) {
    if (inside && template.charAt(i) === '\\') i++;
    else if (template.charAt(i) === '"') inside = !inside;
  }
  return inside;
}
