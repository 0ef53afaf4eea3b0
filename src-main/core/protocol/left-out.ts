/** What a peer that reads too slowly did not get, in the order in which it gives way. */
export interface LeftOut {
  /** of streams, older than one of the same address that it gets, or all that waited */
  readonly samples: number;
  /** of gestures; never a start, an end or a cancel */
  readonly moves: number;
  /** of params, older than one of the same address that it gets */
  readonly values: number;
}

export function countLeftOut({ samples, moves, values }: LeftOut): number {
  return samples + moves + values;
}

/** The text of the ERROR 503 that tells it: its payload has no other place for counts. */
export function formatLeftOut({ samples, moves, values }: LeftOut): string {
  return `You read too slowly: ${samples} stream samples, ${moves} gesture moves and ${values} older param values were left out.`;
}

/** @returns the counts in such a text; undefined for any other */
export function tryLeftOut(text: string): LeftOut | undefined {
  const counts = /^You read too slowly: (\d+) stream samples, (\d+) gesture moves and (\d+) older param values /.exec(
    text,
  );
  return counts ? { samples: Number(counts[1]), moves: Number(counts[2]), values: Number(counts[3]) } : undefined;
}
