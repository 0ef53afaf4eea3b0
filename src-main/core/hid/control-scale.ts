import type { HidControl } from '../../contract/hid-control.ts';

type Scale = Pick<HidControl, 'kind' | 'bits' | 'signed' | 'min' | 'max' | 'centre' | 'deadzone' | 'invert'>;

/** Where an axis stands: -1..1 with a centre, else 0..1, to four digits. Around the centre the dead zone is 0, and the rest of
 *  its way goes evenly from there to the end.
 *  @param raw what its bits are
 *  @param deadzone of the bridge, for one that has none of its own */
export function scaled(raw: number, control: Scale, deadzone: number): number {
  const { min, max } = endsOf(control);
  const centre = control.kind === 'shuttle' ? (control.centre ?? 0) : control.centre;
  const at = Math.min(max, Math.max(min, raw));
  if (centre === null) {
    const part = (at - min) / (max - min);
    return rounded(control.invert ? 1 - part : part);
  }
  const way = at < centre ? centre - min : max - centre;
  const part = way <= 0 ? 0 : (at - centre) / way;
  const dead = control.deadzone ?? deadzone;
  const past = Math.max(0, (Math.abs(part) - dead) / (1 - dead));
  return rounded(Math.sign(part) * past * (control.invert ? -1 : 1));
}

/** What its bits can be, where nothing narrower is said. */
export function endsOf({ bits, signed, min, max }: Pick<Scale, 'bits' | 'signed' | 'min' | 'max'>): {
  min: number;
  max: number;
} {
  const lowest = min ?? (signed ? -(2 ** (bits - 1)) : 0);
  const highest = max ?? (signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1);
  return highest > lowest ? { min: lowest, max: highest } : { min: lowest, max: lowest + 1 };
}

const around = [0, 1, 1, 1, 0, -1, -1, -1];

/** The direction of a hat: 0 is up, then clockwise by eighths; anything else is its rest. Up is 1. */
export function hatOf(step: number): { x: number; y: number } {
  const x = around[step];
  return x === undefined ? { x: 0, y: 0 } : { x, y: around[(step + 2) % 8] ?? 0 };
}

function rounded(value: number): number {
  // Without a minus zero, which is another value to whoever compares.
  return Math.round(value * 10_000) / 10_000 + 0;
}
