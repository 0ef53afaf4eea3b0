import { ease, fractionBetween, pointBetween } from './curves.ts';
import type { Transform } from './show.ts';

/** What one step remembers between values: whether a threshold is up. */
export interface TransformMemory {
  above?: boolean;
}

/** The steps of one mapping with what they remember.
 *  A lane is one number that moves by itself (an address, an element of a list); each lane has its own memory. */
export interface Chain {
  /** no step is switched on: what goes in comes out */
  readonly idle: boolean;
  /** @returns the number after the last step; may be NaN or infinite, which the caller refuses */
  run(input: number, lane?: string): number;
}

/** Lanes whose memory one chain keeps; past it the lane that is silent longest starts afresh. */
export const chainLanesMax = 4096;

export function createChain(transforms: readonly Transform[]): Chain {
  const steps = transforms.filter((step) => step.enabled);
  const forgetful = steps.every((step) => step.type !== 'threshold' || step.hysteresis === 0);
  const fresh = (): TransformMemory[] => steps.map(() => ({}));
  const scratch = fresh();
  const lanes = new Map<string, TransformMemory[]>();

  const memoryOf = (lane: string): TransformMemory[] => {
    if (forgetful) return scratch;
    const memory = lanes.get(lane) ?? fresh();
    lanes.delete(lane);
    lanes.set(lane, memory);
    if (lanes.size > chainLanesMax) lanes.delete(lanes.keys().next().value ?? lane);
    return memory;
  };

  return {
    idle: steps.length === 0,
    run: (input, lane = '') => {
      const memory = memoryOf(lane);
      return steps.reduce((value, step, i) => applyTransform(step, value, memory[i] ?? {}), input);
    },
  };
}

/** The value after every step, for a preview; a step that is off repeats what came. Nothing is remembered.
 *  @param memory what the steps remember so far, in their order; not changed */
export function traceChain(
  transforms: readonly Transform[],
  input: number,
  memory: readonly Readonly<TransformMemory>[] = [],
): number[] {
  let value = input;
  return transforms.map((step, i) => (value = applyTransform(step, value, { ...memory[i] })));
}

/** One step. A step that is off passes its input on.
 *  @param input any number; NaN comes out as NaN, so that a broken sensor never looks like a decision
 *  @param memory of this step alone; a threshold changes it */
export function applyTransform(transform: Transform, input: number, memory: TransformMemory): number {
  if (!transform.enabled || Number.isNaN(input)) return input;
  switch (transform.type) {
    case 'scale':
      return scale(transform, input);
    case 'clamp':
      return between(transform.min, transform.max, input);
    case 'invert':
      return transform.min + transform.max - input;
    case 'curve': {
      const { min, max, easing, bezier } = transform;
      return pointBetween(min, max, ease(easing, fractionBetween(min, max, input), bezier));
    }
    case 'threshold':
      return threshold(transform, input, memory);
    case 'quantize':
      return quantize(transform, input);
    default:
      return transform satisfies never;
  }
}

type Step<T extends Transform['type']> = Extract<Transform, { type: T }>;

/** Beyond its ends the line goes on: holding is the work of clamp. An input range without width gives outMin. */
function scale({ inMin, inMax, outMin, outMax }: Step<'scale'>, input: number): number {
  return pointBetween(outMin, outMax, fractionBetween(inMin, inMax, input));
}

/** The ends may be given either way round. */
function between(one: number, other: number, input: number): number {
  return Math.min(Math.max(input, Math.min(one, other)), Math.max(one, other));
}

function threshold(
  { at, hysteresis, below, above }: Step<'threshold'>,
  input: number,
  memory: TransformMemory,
): number {
  memory.above = input >= at || (memory.above === true && input >= at - hysteresis);
  return memory.above ? above : below;
}

/** The nearest of `steps` levels spread evenly from min to max, both included. */
function quantize({ min, max, steps }: Step<'quantize'>, input: number): number {
  const level = Math.round(between(0, 1, fractionBetween(min, max, input)) * (steps - 1));
  return pointBetween(min, max, level / (steps - 1));
}
