/** What was meant by a name that is not there: `delimeter` is delimiter, and `listen_port` is listenPort.
 *  @param names what there is
 *  @returns undefined where none is near enough to be a slip: a third of its letters other ones */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const plain = plainOf(written);
  let [nearest, least]: [string | undefined, number] = [undefined, Math.floor(plain.length / 3) + 1];
  for (const name of names) {
    const apart = lettersApart(plain, plainOf(name));
    if (apart < least) [nearest, least] = [name, apart];
  }
  return nearest;
}

/** Names are written in several ways: in capitals, with dashes, or underlined. */
function plainOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 64);
}

/** Letters to put in, take out, change, or swap with the next one, row by row. @see Damerau, optimal string alignment */
function lettersApart(left: string, right: string): number {
  const rows = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row++) {
    const here = [row];
    for (let column = 1; column <= right.length; column++) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1;
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const at = (rowsUp: number, columnsBack: number): number =>
        (rowsUp === 0 ? here : rows[row - rowsUp])?.[column - columnsBack] ?? Infinity;
      here.push(Math.min(at(1, 1) + change, at(1, 0) + 1, at(0, 1) + 1, isSwapped ? at(2, 2) + 1 : Infinity));
    }
    rows.push(here);
  }
  return rows.at(-1)?.at(-1) ?? 0;
}
