/** Called with reactive values, it makes the effect or derived value around it run again when one of them changes: to
 *  read them is all that is needed. */
export function dependOn(..._values: readonly unknown[]): void {
  return;
}
