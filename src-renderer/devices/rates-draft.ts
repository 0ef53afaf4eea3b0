import { limitedPatternsMax, ratePerSecondMax, type RateLimitSettings } from '../../src-main/contract/access-rules.ts';
import { parsePattern } from '../../src-main/contract/address.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import { newId } from '../engine/show-ids.ts';
import { formatForField, formatNumber, thousandsFault, tryTypedNumber } from '../widgets/number-words.ts';

/** One limit as it is typed; without both numbers nothing is limited. */
export interface RateDraft {
  /** messages a second */
  readonly rate: string;
  /** at once after a rest; empty for a second's worth */
  readonly burst: string;
}

export interface PatternRateDraft extends RateDraft {
  /** of its row on the page */
  readonly key: string;
  readonly pattern: string;
}

export interface RatesDraft {
  readonly session: RateDraft;
  readonly source: RateDraft;
  readonly patterns: readonly PatternRateDraft[];
}

export type RateProblems = Readonly<Partial<Record<'pattern' | 'rate' | 'burst', string>>>;

export interface RatesCheck {
  /** absent while a field wants a repair */
  readonly limits?: RateLimitSettings;
  /** by `session`, `source` or the key of a pattern */
  readonly problems: Readonly<Record<string, RateProblems>>;
}

type Limit = NonNullable<RateLimitSettings['session']>;

const rateRepair = `Type more than 0, to ${formatNumber(ratePerSecondMax)}.`;
const burstRepair = `Type a whole number, 1 to ${formatNumber(ratePerSecondMax)}.`;

export function draftOfRates({ session, source, patterns }: RateLimitSettings): RatesDraft {
  return {
    session: draftOf(session),
    source: draftOf(source),
    patterns: patterns.map(({ pattern, ...limit }) => ({ key: newId(), pattern, ...draftOf(limit) })),
  };
}

export function newPatternRate(): PatternRateDraft {
  return { key: newId(), pattern: '', rate: '', burst: '' };
}

/** What the form comes to, or what to repair in which field. */
export function checkRatesDraft(draft: RatesDraft): RatesCheck {
  const session = readLimit(draft.session);
  const source = readLimit(draft.source);
  const problems: Record<string, RateProblems> = {};
  if (session.problems) problems['session'] = session.problems;
  if (source.problems) problems['source'] = source.problems;
  const patterns: RateLimitSettings['patterns'] = [];
  const seen = new Set<string>();
  for (const each of draft.patterns) {
    const pattern = each.pattern.trim();
    // A row that nothing was typed into limits nothing.
    if (pattern === '' && each.rate.trim() === '' && each.burst.trim() === '') continue;
    const { limit, problems: ofNumbers } = readLimit(each);
    const fault = patternFault(pattern, seen);
    seen.add(pattern);
    const repairs = {
      ...(!limit && !ofNumbers && { rate: 'Type how many a second, or take the row out.' }),
      ...ofNumbers,
      ...(fault !== undefined && { pattern: fault }),
    };
    if (Object.keys(repairs).length > 0) problems[each.key] = repairs;
    else if (limit) patterns.push({ pattern, ...limit });
  }
  if (Object.keys(problems).length > 0) return { problems };
  return { problems, limits: { session: session.limit, source: source.limit, patterns } };
}

export const canAddPattern = ({ patterns }: RatesDraft): boolean => patterns.length < limitedPatternsMax;

/** What is limited, in words: `each session 100/s`. */
export function describeRates({ session, source, patterns }: RateLimitSettings): string {
  const each = [
    ...(session ? [`each session ${rateWords(session)}`] : []),
    ...(source ? [`each source ${rateWords(source)}`] : []),
    ...patterns.map(({ pattern, ...limit }) => `${pattern} ${rateWords(limit)}`),
  ];
  return each.join(', ');
}

function rateWords({ rate, burst }: Limit): string {
  return `${formatNumber(rate)}/s, ${formatNumber(burst)} at once`;
}

function draftOf(limit: Limit | null): RateDraft {
  return limit ? { rate: formatForField(limit.rate), burst: formatForField(limit.burst) } : { rate: '', burst: '' };
}

function readLimit({ rate, burst }: RateDraft): { limit: Limit | null; problems?: RateProblems } {
  const [rateText, burstText] = [rate.trim(), burst.trim()];
  if (rateText === '' && burstText === '') return { limit: null };
  if (rateText === '') return { limit: null, problems: { rate: 'Type how many a second, or empty the burst.' } };
  const perSecond = tryTypedNumber(rateText) ?? 0;
  const atOnce = burstText === '' ? Math.max(1, Math.ceil(perSecond)) : (tryTypedNumber(burstText) ?? 0);
  const problems = {
    ...(!(perSecond > 0 && perSecond <= ratePerSecondMax) && { rate: thousandsFault(rateText) ?? rateRepair }),
    ...(!(Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= ratePerSecondMax) &&
      burstText !== '' && { burst: thousandsFault(burstText) ?? burstRepair }),
  };
  if (Object.keys(problems).length > 0) return { limit: null, problems };
  return { limit: { rate: perSecond, burst: atOnce } };
}

function patternFault(pattern: string, seen: ReadonlySet<string>): string | undefined {
  if (pattern === '') return 'Type a pattern such as /desk/**.';
  if (seen.has(pattern)) return 'It is there twice. Take one out.';
  try {
    parsePattern(pattern);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
