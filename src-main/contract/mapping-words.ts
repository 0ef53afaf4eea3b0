import type { Bezier } from './curves.ts';
import type { Mapping, Transform } from './show.ts';

/** Characters a chain's summary may take above its wire. @see UI.md, Components */
export const chainSummaryMax = 22;

/** A chain in at most `chainSummaryMax` characters: `slow start, to 0–255`, `as it is`.
 *  What finds no room is counted at the end: `slow start, to 0–1 +2`. */
export function describeChain(transforms: readonly Transform[]): string {
  const parts = transforms.filter((step) => step.enabled).map(stepWords);
  if (parts.length === 0) return 'as it is';
  const whole = parts.map((part) => part.full).join(', ');
  if (whole.length <= chainSummaryMax) return whole;
  for (let shown = parts.length - 1; shown > 0; shown--) {
    const start = `${parts
      .slice(0, shown)
      .map((part) => part.full)
      .join(', ')} +${parts.length - shown}`;
    if (start.length <= chainSummaryMax) return start;
  }
  const rest = parts.length > 1 ? ` +${parts.length - 1}` : '';
  return `${parts[0]?.short}${rest}`;
}

/** A mapping as a sentence: `When /desk/fader/1 moves, /sacn/1/1 follows from 0 to 255, slowly at first.` */
export function describeMapping(mapping: Mapping): string {
  const { source, target } = mapping;
  const steps = mapping.transforms.filter((step) => step.enabled);
  const only = steps.length === 1 ? steps[0] : undefined;
  if (only?.type === 'threshold') return describeSwitch(mapping, only);
  const range = outputRange(steps);
  const verb = target.kind === 'event' ? 'fires' : 'follows';
  const follows = range ? `${verb} from ${inWords(range[0])} to ${inWords(range[1])}` : verb;
  const manner = [...steps.flatMap(mannerWords), ...(target.as === 'integer' ? ['in whole numbers'] : [])];
  const asItIs = steps.length === 0 && manner.length === 0 ? ' as it is' : '';
  return `When ${source.pattern} moves, ${[`${target.address} ${follows}${asItIs}`, ...manner].join(', ')}.`;
}

type Step<T extends Transform['type']> = Extract<Transform, { type: T }>;

function describeSwitch({ source, target }: Mapping, step: Step<'threshold'>): string {
  const release = step.hysteresis > 0 ? `below ${inWords(step.at - step.hysteresis)}` : 'below';
  const up = `${target.address} goes to ${inWords(step.above)}`;
  return `When ${source.pattern} reaches ${inWords(step.at)}, ${up}; ${release} it goes to ${inWords(step.below)}.`;
}

/** @returns the words as they are, and a form short enough for any numbers */
function stepWords(step: Transform): { full: string; short: string } {
  switch (step.type) {
    case 'scale':
      return { full: `to ${rangeWords(step.outMin, step.outMax)}`, short: 'scaled' };
    case 'clamp':
      return { full: `within ${rangeWords(step.min, step.max)}`, short: 'limited' };
    case 'invert':
      return one('inverted');
    case 'curve':
      return one(curveWords(step).summary);
    case 'threshold':
      return { full: `${inWords(step.at)} or more`, short: 'switched' };
    case 'quantize':
      return one(`${inWords(step.steps)} steps`);
    default:
      return step satisfies never;
  }
}

function one(words: string): { full: string; short: string } {
  return { full: words, short: words };
}

function mannerWords(step: Transform): string[] {
  switch (step.type) {
    case 'curve':
      return [curveWords(step).manner];
    case 'invert':
      return ['upside down'];
    case 'threshold':
      return [`switched at ${inWords(step.at)}`];
    case 'quantize':
      return [`in ${inWords(step.steps)} steps`];
    default:
      return [];
  }
}

const curveNames = {
  linear: { summary: 'straight', manner: 'evenly' },
  'ease-in': { summary: 'slow start', manner: 'slowly at first' },
  'ease-out': { summary: 'slow end', manner: 'slowly at the end' },
  'ease-in-out': { summary: 'soft ends', manner: 'slowly at both ends' },
  step: { summary: 'at the end', manner: 'all at once at the end' },
  'cubic-bezier': { summary: 'curved', manner: 'along a curve' },
} as const;

function curveWords(step: Step<'curve'>): { readonly summary: string; readonly manner: string } {
  return curveNames[step.easing === 'cubic-bezier' ? nearestEasing(step.bezier) : step.easing];
}

/** Names a curve by which of its ends are flatter than the straight line. */
function nearestEasing([x1, y1, x2, y2]: Bezier): keyof typeof curveNames {
  const slowStart = y1 < x1;
  const slowEnd = 1 - y2 < 1 - x2;
  if (slowStart && slowEnd) return 'ease-in-out';
  if (slowStart) return 'ease-in';
  if (slowEnd) return 'ease-out';
  return x1 === y1 && x2 === y2 ? 'linear' : 'cubic-bezier';
}

type Range = readonly [from: number, to: number];

/** Where the output begins and ends while the source goes from its low end to its high end; undefined when the chain
 *  does not say. */
function outputRange(steps: readonly Transform[]): Range | undefined {
  let range: Range | undefined;
  for (const step of steps) range = rangeAfter(step, range);
  return range;
}

function rangeAfter(step: Transform, range: Range | undefined): Range | undefined {
  switch (step.type) {
    case 'scale':
      return [step.outMin, step.outMax];
    case 'clamp': {
      const held = (value: number): number =>
        Math.min(Math.max(value, Math.min(step.min, step.max)), Math.max(step.min, step.max));
      return range ? [held(range[0]), held(range[1])] : [step.min, step.max];
    }
    case 'invert':
      return range ? [step.min + step.max - range[0], step.min + step.max - range[1]] : [step.max, step.min];
    case 'threshold':
      return [step.below, step.above];
    case 'quantize':
      return range ?? [step.min, step.max];
    case 'curve':
      return range;
    default:
      return step satisfies never;
  }
}

/** A dash between two numbers, dots where a minus sign would run into it. */
function rangeWords(from: number, to: number): string {
  return `${inWords(from)}${from < 0 || to < 0 ? '…' : '–'}${inWords(to)}`;
}

/** At most three decimals, a thin space in thousands, the mathematician's short form for what is huge or tiny. */
function inWords(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 0.0005)) return value.toExponential(1).replace('e+', 'e');
  const [whole = '0', decimals] = String(Math.round(size * 1000) / 1000).split('.');
  const grouped = whole.replace(/(?<=\d)(?=(\d{3})+$)/g, '\u2009');
  return `${value < 0 ? '-' : ''}${grouped}${decimals ? `.${decimals}` : ''}`;
}
