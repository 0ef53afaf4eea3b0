import type { Easing, Transform, TransformType } from '../../src-main/contract/show.ts';
import { formatNumber } from '../widgets/number-words.ts';

export const transformNames = {
  scale: 'Scale',
  clamp: 'Clamp',
  invert: 'Invert',
  curve: 'Curve',
  threshold: 'Threshold',
  quantize: 'Quantize',
} as const satisfies Record<TransformType, string>;

/** What each kind of step is for, for who chooses one. */
export const transformPurposes = {
  scale: 'one range becomes another',
  clamp: 'stays inside two ends',
  invert: 'up is down',
  curve: 'slow or quick on the way',
  threshold: 'on above a level, else off',
  quantize: 'in even steps',
} as const satisfies Record<TransformType, string>;

export const easingNames = {
  linear: 'Line',
  'ease-in': 'Slow start',
  'ease-out': 'Slow end',
  'ease-in-out': 'Soft ends',
  step: 'Step',
  'cubic-bezier': 'Own curve',
} as const satisfies Record<Easing, string>;

/** A few words beside the step's name. */
export function transformHint(step: Transform): string {
  if (!step.enabled) return 'left out';
  switch (step.type) {
    case 'scale':
      return `${formatNumber(step.inMin)} to ${formatNumber(step.inMax)} becomes`;
    case 'clamp':
      return 'stays inside';
    case 'invert':
      return 'upside down';
    case 'curve':
      return easingNames[step.easing].toLowerCase();
    case 'threshold':
      return `on from ${formatNumber(step.at)}`;
    case 'quantize':
      return `${formatNumber(step.steps)} steps`;
    default:
      return step satisfies never;
  }
}

/** `/desk/fader/3` as it is spoken: `desk fader 3`, and `/sacn/1/17`: `slot 17 of universe 1`. Wildcards keep their slashes, for words would hide them. */
export function addressWords(address: string): string {
  const slot = /^\/sacn\/(\d+)\/(\d+)$/.exec(address);
  if (slot) return `slot ${slot[2]} of universe ${slot[1]}`;
  return address.includes('*') || address.includes('{') ? address : address.slice(1).replaceAll('/', ' ');
}
