/** A fresh id for anything in a show. */
export function newId(): string {
  return crypto.randomUUID();
}

/** The lowest painted number that nothing in the list has. */
export function freeNumber(items: readonly { readonly number: number }[]): number {
  const taken = new Set(items.map((item) => item.number));
  let number = 1;
  while (taken.has(number)) number++;
  return number;
}
