import type { Transform } from '../../src-main/contract/show.ts';

/** One number of a step, as the inspector offers it. */
export interface StepField {
  readonly label: string;
  readonly value: number;
  /** of the arrow keys and of dragging */
  readonly step: number;
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
  /** what to do about a number that will not do beside the others of the step */
  readonly repair?: (value: number) => string | undefined;
  /** the step with this number changed */
  put(value: number): Transform;
}

const noRange = 'Lowest and highest in are the same. Type another number.';

/** The numbers of a step in the order they are read; a curve's shape is edited in its plot. */
export function stepFields(step: Transform): readonly StepField[] {
  switch (step.type) {
    case 'scale':
      return [
        {
          ...number('lowest in', step.inMin, (inMin) => ({ ...step, inMin }), span(step.inMin, step.inMax)),
          repair: (value) => (value === step.inMax ? noRange : undefined),
        },
        {
          ...number('highest in', step.inMax, (inMax) => ({ ...step, inMax }), span(step.inMin, step.inMax)),
          repair: (value) => (value === step.inMin ? noRange : undefined),
        },
        number('from', step.outMin, (outMin) => ({ ...step, outMin }), span(step.outMin, step.outMax)),
        number('to', step.outMax, (outMax) => ({ ...step, outMax }), span(step.outMin, step.outMax)),
      ];
    case 'clamp':
      return ends(step, ['lowest', 'highest']);
    case 'invert':
    case 'curve':
      return ends(step, ['from', 'to']);
    case 'threshold':
      return [
        number('on from', step.at, (at) => ({ ...step, at }), grain(step.at)),
        {
          ...number('falls back by', step.hysteresis, (hysteresis) => ({ ...step, hysteresis }), grain(step.at)),
          min: 0,
        },
        number('below it', step.below, (below) => ({ ...step, below }), span(step.below, step.above)),
        number('above it', step.above, (above) => ({ ...step, above }), span(step.below, step.above)),
      ];
    case 'quantize':
      return [
        ...ends(step, ['lowest', 'highest']),
        { ...number('steps', step.steps, (steps) => ({ ...step, steps }), 1), min: 2, max: 65_536, whole: true },
      ];
    default:
      return step satisfies never;
  }
}

type Ended = Extract<Transform, { min: number; max: number }>;

function ends(step: Ended, [low, high]: readonly [string, string]): StepField[] {
  const width = span(step.min, step.max);
  return [
    number(low, step.min, (min) => ({ ...step, min }), width),
    number(high, step.max, (max) => ({ ...step, max }), width),
  ];
}

function number(label: string, value: number, put: StepField['put'], step: number): StepField {
  return { label, value, step, put };
}

/** A hundredth of the range, as a power of ten. */
function span(low: number, high: number): number {
  return grain(Math.max(Math.abs(low), Math.abs(high), Math.abs(high - low)));
}

function grain(size: number): number {
  return size > 0 ? 10 ** Math.floor(Math.log10(size) - 1.9) : 0.01;
}
