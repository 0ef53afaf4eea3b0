/** A fresh id for anything in a show. */
export function newId(): string {
  return crypto.randomUUID();
}

/** The number a thing has, where nothing else in the list has it, else the lowest free one. */
export function ownOrFreeNumber(
  items: readonly { readonly id: string; readonly number: number }[],
  own: { readonly id: string; readonly number: number },
): number {
  const isTaken = items.some((other) => other.number === own.number && other.id !== own.id);
  return isTaken ? freeNumber(items.filter((other) => other.id !== own.id)) : own.number;
}

/** The lowest painted number that nothing in the list has. */
export function freeNumber(items: readonly { readonly number: number }[]): number {
  const taken = new Set(items.map((item) => item.number));
  let number = 1;
  while (taken.has(number)) number++;
  return number;
}
