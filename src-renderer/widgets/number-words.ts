const thinSpace = '\u2009';
const minus = '\u2212';

/** A number as an operator reads it: thin spaces in thousands, three decimals up to 1, fewer above, whole numbers bare.
 *  @param whole never any decimals (DMX, MIDI) */
export function formatNumber(value: number, whole = false): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : `${minus}∞`;
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(3).replace('-', minus);
  const text = whole || Number.isInteger(value) ? size.toFixed(0) : size.toFixed(decimalsFor(size));
  const [units = '', decimals] = text.split('.');
  const grouped = units.length > 4 || size >= 10_000 || units.length === 4 ? groupThousands(units) : units;
  const isZero = Number(text) === 0;
  return `${value < 0 && !isZero ? minus : ''}${grouped}${decimals === undefined ? '' : `.${decimals}`}`;
}

/** A time on the way, in milliseconds: `0.3 ms`; under a tenth it says so, for nothing takes no time. */
export function formatLatency(micros: number): string {
  return micros < 100 ? '<0.1 ms' : `${(micros / 1000).toFixed(1)} ms`;
}

/** A number as it stands in a field: as short as it is exact. */
export function formatForField(value: number): string {
  const [units = '', decimals] = Math.abs(value).toString().split('.');
  if (units.includes('e')) return value.toString();
  return `${value < 0 ? minus : ''}${groupThousands(units)}${decimals === undefined ? '' : `.${decimals}`}`;
}

/** A sentence of ours with its numbers as `formatNumber` writes them; not for one that names what an operator called so. What is part of an address, of a date or of what is to be
 *  typed stays as it is, as do ports, which are names. */
export function spaceThousands(sentence: string): string {
  return sentence.replace(/(?<![\p{L}\d_.,:/=@“'"-]|port )\d{4,}(?![\p{L}\d_:/=@]|[.,-]\d)/giu, groupThousands);
}

/** Reads what operators type: spaces in thousands, a comma or a point, any minus. Undefined when it is no number, and
 *  when a comma may stand for thousands as well as for decimals (`1,000`). */
export function tryTypedNumber(text: string): number | undefined {
  if (thousandsFault(text) !== undefined) return undefined;
  const plain = plainText(text).replace(',', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** The same for a whole number, which is written out. */
export function tryTypedWhole(text: string): number | undefined {
  const plain = plainText(text);
  return /^[+-]?\d+$/.test(plain) ? Number(plain) : undefined;
}

/** The repair for a comma that has two meanings: `1,000` is a thousand to some and one to others. */
export function thousandsFault(text: string): string | undefined {
  const plain = plainText(text);
  if (!/^[+-]?[1-9]\d{0,2}(,\d{3})+$/.test(plain)) return undefined;
  const thousands = formatForField(Number(plain.replaceAll(',', '')));
  const decimals = plain.split(',').length === 2 ? ` or ${plain.replace(',', '.').replace('-', minus)}` : '';
  return `Type ${thousands}${decimals}: a comma can mean both.`;
}

function plainText(text: string): string {
  return text.replace(/[\s\u2009\u00a0']/g, '').replace(minus, '-');
}

function decimalsFor(size: number): number {
  if (size <= 1) return 3;
  if (size < 10) return 3;
  if (size < 100) return 2;
  return size < 1000 ? 1 : 0;
}

function groupThousands(units: string): string {
  return units.replace(/\B(?=(\d{3})+$)/g, thinSpace);
}
