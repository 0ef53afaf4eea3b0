import { InputError } from '../contract/errors.ts';
import { parseScopes, type Scope } from '../contract/scope.ts';
import { hashOfToken } from './cpsk.ts';

/** One line of a token file. */
export interface TokenLine {
  /** from 1 */
  readonly line: number;
  /** SHA-256 of the token, hex */
  readonly hash: string;
  readonly scopes: readonly Scope[];
}

/** Who shows less could be guessed. There is no exception for old tokens: those of all known generators have more. */
export const tokenLettersMin = 16;
export const tokenLettersMax = 1024;
export const tokenLinesMax = 10_000;

/** What a token alone on its line may do, as with the reference router. @see CLASP-WIRE §14 */
const everything = 'admin:/**';

/** Reads the lines of a token file: `token scope,scope`, a token alone for `admin:/**`; empty lines and those that begin with
 *  `#` are passed over. Messages name the line and never say what stands there, since it may be a token.
 *  @param path for the messages
 *  @throws InputError 'bad-token-file' with the number of the line */
export function parseTokenFile(text: string, path: string): readonly TokenLine[] {
  const found = new Map<string, TokenLine>();
  for (const [index, written] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const content = written.trim();
    if (content === '' || content.startsWith('#')) continue;
    const line = index + 1;
    const entry = entryOf(content, (expected) => fault(path, line, expected));
    const first = found.get(entry.hash);
    if (first) throw fault(path, line, `the token stands on line ${first.line} already`);
    if (found.size >= tokenLinesMax) throw fault(path, line, `at most ${tokenLinesMax} tokens`);
    found.set(entry.hash, { line, ...entry });
  }
  return [...found.values()];
}

function entryOf(content: string, refuse: (expected: string) => InputError): Omit<TokenLine, 'line'> {
  const end = content.search(/\s/);
  const token = end < 0 ? content : content.slice(0, end);
  const scopes = end < 0 ? everything : content.slice(end).trim();
  if (!/^[\x21-\x7e]*$/.test(token)) throw refuse('a token holds letters, digits and signs of ASCII only');
  if (/^(?:read|write|admin|[rwa*]):\//.test(token)) throw refuse('the token comes first, then its scopes');
  if (token.length < tokenLettersMin || token.length > tokenLettersMax)
    throw refuse(`a token has ${tokenLettersMin} to ${tokenLettersMax} letters, so that nobody guesses it`);
  return { hash: hashOfToken(token), scopes: scopesOf(scopes, refuse) };
}

/** The fault of a scope quotes it, and where the two are swapped it is the token. */
function scopesOf(text: string, refuse: (expected: string) => InputError): readonly Scope[] {
  try {
    return parseScopes(text);
  } catch {
    throw refuse('behind the token stand scopes with commas between, such as read:/**,write:/desk/**');
  }
}

function fault(path: string, line: number, expected: string): InputError {
  return new InputError('bad-token-file', `${path}, line ${line}: ${expected}.`, { path, line });
}
