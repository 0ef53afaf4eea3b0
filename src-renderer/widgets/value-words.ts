import type { Value } from '../../src-main/contract/signal.ts';
import { formatNumber } from './number-words.ts';

const textMax = 24;

/** A value in a few characters, for a row: `0.650`, `on`, `"go"`, `[3]`. */
export function formatValue(value: Value | null | undefined): string {
  if (!value) return '–';
  switch (value.type) {
    case 'null':
      return 'bang';
    case 'bool':
      return value.value ? 'on' : 'off';
    case 'i8':
    case 'i16':
    case 'i32':
      return formatNumber(value.value, true);
    case 'i64':
      return value.value
        .toString()
        .replace('-', '\u2212')
        .replace(/\B(?=(\d{3})+$)/g, '\u2009');
    case 'f32':
    case 'f64':
      return formatFloat(value.value);
    case 'string':
      return value.value.length > textMax ? `${value.value.slice(0, textMax - 1)}…` : value.value;
    case 'bytes':
      return `${value.value.length} bytes`;
    case 'array':
      return `${value.value.length} values`;
    case 'map':
      return `${value.value.length} fields`;
    default:
      return value satisfies never;
  }
}

/** A float keeps its decimals in 0..1, so that a moving value does not change its width. */
function formatFloat(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size > 1) return formatNumber(value);
  if (size <= 1) return `${value < 0 && size >= 0.0005 ? '\u2212' : ''}${size.toFixed(3)}`;
  return formatNumber(value);
}
