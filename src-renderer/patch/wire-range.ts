import type { Transform } from '../../src-main/contract/show.ts';

export interface WireRange {
  readonly low: number;
  readonly high: number;
}

/** Bottom and top of the wire before the chain: what its first step expects. Undefined when it does not say. */
export function sourceRange(steps: readonly Transform[]): WireRange | undefined {
  const first = steps.find((step) => step.enabled);
  if (!first || first.type === 'threshold' || first.type === 'clamp') return undefined;
  return first.type === 'scale' ? ordered(first.inMin, first.inMax) : ordered(first.min, first.max);
}

/** Bottom and top of the wire after the chain: what its last telling step makes. */
export function targetRange(steps: readonly Transform[]): WireRange | undefined {
  for (const step of steps.toReversed()) {
    if (!step.enabled) continue;
    if (step.type === 'scale') return ordered(step.outMin, step.outMax);
    if (step.type === 'threshold') return ordered(Math.min(0, step.below), Math.max(step.above, step.below));
    return ordered(step.min, step.max);
  }
  return undefined;
}

function ordered(one: number, other: number): WireRange | undefined {
  return one === other ? undefined : { low: Math.min(one, other), high: Math.max(one, other) };
}
