import type { SerialScale } from '../../contract/bridges/serial-scale.ts';
import { f64, isNumeric, tryNumber, type Value } from '../../contract/signal.ts';

/** A number moved from one span to the other; anything else stays as it is. */
export function scaled(value: Value, scale: SerialScale | null): Value {
  const number = isNumeric(value) ? tryNumber(value) : undefined;
  if (!scale || number === undefined) return value;
  const { fromLow, fromHigh, toLow, toHigh, limit } = scale;
  const share = (number - fromLow) / (fromHigh - fromLow);
  return f64(toLow + (limit ? Math.min(1, Math.max(0, share)) : share) * (toHigh - toLow));
}
