/** Characters that a terminal obeys instead of showing: controls, line and paragraph ends, and what turns the direction. */
const obeyed = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text from outside (a name, a path, a sentence with one in it) as one line that does nothing to a terminal: what the
 *  terminal would obey is written out, as `\x1b` or `\u202e`. */
export function visibleText(text: string): string {
  return text.replace(obeyed, (letter) => {
    const code = letter.charCodeAt(0).toString(16);
    return short[letter] ?? (code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`);
  });
}

/** JSON text as one line that does nothing to a terminal and is the same JSON: what a terminal would obey is escaped. */
export function visibleJson(json: string): string {
  return json.replace(obeyed, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
