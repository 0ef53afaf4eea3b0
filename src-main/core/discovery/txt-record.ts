import { shownText } from './shown-text.ts';

/** Pairs of one TXT record that are read; what stands behind them is left out. */
export const txtPairsMax = 64;
const valueLengthMax = 255;
const featureLetters = 'psetg';
const decoder = new TextDecoder();

/** What the TXT record of a CLASP router says. @see CLASP-WIRE §13 */
export interface ClaspTxt {
  readonly version: string;
  readonly name: string | undefined;
  /** letters p s e t g, each once, in the order given */
  readonly features: readonly string[];
  /** port of its WebSocket, 1..65535 */
  readonly ws: number | undefined;
}

/** Reads the pairs of a TXT record. Keys are lower case; the first of two equal ones counts; a key without `=` has an empty
 *  value; what has no key is left out. [RFC 6763 6.4]
 *  @param strings as they came, each up to 255 bytes; bytes that are no UTF-8 become U+FFFD */
export function readTxt(strings: readonly Uint8Array[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const bytes of strings.slice(0, txtPairsMax)) {
    const text = decoder.decode(bytes.subarray(0, valueLengthMax));
    const at = text.indexOf('=');
    const key = (at < 0 ? text : text.slice(0, at)).toLowerCase();
    if (/^[\x20-\x7e]+$/.test(key) && !pairs.has(key)) pairs.set(key, at < 0 ? '' : text.slice(at + 1));
  }
  return pairs;
}

/** What cannot be read of it is as if it were not there. */
export function readClaspTxt(pairs: ReadonlyMap<string, string>): ClaspTxt {
  const port = pairs.get('ws') ?? '';
  const ws = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  const name = shownText(pairs.get('name') ?? '', 80);
  const letters = Array.from(pairs.get('features') ?? '').filter((letter) => featureLetters.includes(letter));
  return {
    version: shownText(pairs.get('version') ?? '', 16),
    name: name === '' ? undefined : name,
    features: [...new Set(letters)],
    ws: ws >= 1 && ws <= 65_535 ? ws : undefined,
  };
}

/** @param features letters p s e t g */
export function claspTxt(service: { name: string; features: string; port: number }): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  const pairs = { version: '2', name: service.name, features: service.features, ws: String(service.port) };
  // A longer string has no room on the wire.
  return Object.entries(pairs).map(([key, value]) => encoder.encode(`${key}=${value}`).subarray(0, 255));
}
