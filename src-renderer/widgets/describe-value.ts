import type { Value, ValueType } from '../../src-main/contract/signal.ts';

const typeWords = {
  null: 'nothing',
  bool: 'on or off',
  i8: 'whole number, 8 bit',
  i16: 'whole number, 16 bit',
  i32: 'whole number, 32 bit',
  i64: 'whole number, 64 bit',
  f32: 'float, 32 bit',
  f64: 'float, 64 bit',
  string: 'text',
  bytes: 'bytes',
  array: 'list',
  map: 'fields by name',
} as const satisfies Record<ValueType, string>;

/** Characters of a value written out whole; what is beyond is counted in the last line. */
export const prettyTextMax = 20_000;

/** The type on the wire in words: `float, 64 bit`. */
export function describeType(value: Value): string {
  return typeWords[value.type];
}

/** The whole value over as many lines as it needs: every digit, bytes in hexadecimal sixteen a line, lists and fields
 *  indented by two. At most `prettyTextMax` characters. */
export function prettyValue(value: Value): string {
  const text = pretty(value, '');
  if (text.length <= prettyTextMax) return text;
  return `${text.slice(0, prettyTextMax)}\n… ${text.length - prettyTextMax} more characters`;
}

function pretty(value: Value, indent: string): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'string':
      return JSON.stringify(value.value);
    case 'bytes':
      return hexLines(value.value, indent);
    case 'array':
      return block(
        '[',
        ']',
        value.value.map((item) => pretty(item, `${indent}  `)),
        indent,
      );
    case 'map':
      return block(
        '{',
        '}',
        value.value.map(([key, item]) => `${JSON.stringify(key)}: ${pretty(item, `${indent}  `)}`),
        indent,
      );
    default:
      return Object.is(value.value, -0) ? '-0' : String(value.value);
  }
}

function block(open: string, close: string, lines: readonly string[], indent: string): string {
  if (lines.length === 0) return `${open}${close}`;
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`;
}

function hexLines(bytes: Uint8Array, indent: string): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    lines.push([...bytes.subarray(at, at + 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '));
  }
  return lines.length === 0 ? 'no bytes' : lines.join(`\n${indent}`);
}
