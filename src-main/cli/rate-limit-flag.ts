import { limitedPatternsMax, ratePerSecondMax } from '../contract/access-rules.ts';
import { tryPattern } from '../contract/address.ts';
import { InputError } from '../contract/errors.ts';
import { hertz } from '../contract/units.ts';
import type { RateLimits } from '../core/access/rate-limits.ts';
import type { RateLimit } from '../core/access/token-bucket.ts';

/** All `--rate-limit WHAT=RATE[/BURST]` of a command line together: `session=1000`, `source=5000/10000`, `/lamp/**=50`. Without a
 *  burst it is what a second allows.
 *  @throws InputError 'bad-flag', one sentence that says what was expected */
export function parseRateLimits(texts: readonly string[]): RateLimits {
  const limits = texts.map(parseOne);
  const only = (what: string): RateLimit | undefined => {
    const found = limits.filter((each) => each.what === what);
    if (found.length > 1) throw fault(found[1]?.text ?? '', `${what} stands there twice`);
    return found[0]?.limit;
  };
  const patterns = limits.flatMap(({ pattern, limit }) => (pattern === undefined ? [] : [{ pattern, ...limit }]));
  if (patterns.length > limitedPatternsMax)
    throw fault(texts.at(-1) ?? '', `expected at most ${limitedPatternsMax} patterns`);
  return { session: only('session'), source: only('source'), patterns };
}

function parseOne(text: string) {
  // A pattern may hold = itself.
  const at = text.lastIndexOf('=');
  const what = text.slice(0, Math.max(at, 0));
  const pattern = what.startsWith('/') ? tryPattern(what) : undefined;
  if (what !== 'session' && what !== 'source' && pattern === undefined)
    throw fault(text, 'expected session, source or a pattern before the =');
  return { text, what, pattern, limit: limitOf(text, text.slice(at + 1)) };
}

function limitOf(text: string, written: string): RateLimit {
  const [, rateText = '', burstText] = /^(\d+(?:\.\d+)?)(?:\/(\d+))?$/.exec(written) ?? [];
  const rate = Number(rateText);
  if (rateText === '' || !(rate > 0 && rate <= ratePerSecondMax))
    throw fault(text, `expected messages a second above 0 and up to ${ratePerSecondMax}, then perhaps /BURST`);
  const burst = burstText === undefined ? Math.max(1, Math.ceil(rate)) : Number(burstText);
  if (!(burst >= 1 && burst <= ratePerSecondMax)) throw fault(text, `expected a burst of 1 to ${ratePerSecondMax}`);
  return { rate: hertz(rate), burst };
}

function fault(text: string, expected: string): InputError {
  return new InputError('bad-flag', `--rate-limit ${text || '""'}: ${expected}.`);
}
