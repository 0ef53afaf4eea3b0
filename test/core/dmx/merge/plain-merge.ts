/** What a source says in the plain model: everything in the open, nothing kept up to date. */
export interface PlainSource {
  readonly id: string;
  levels: readonly number[];
  priority: number;
  slotPriorities: readonly number[] | undefined;
  /** by slot: the step at which its level changed last, 0 since it is there */
  changedAt: number[];
  /** by slot: the level it said last, also of slots that its newest frame no longer has */
  memory: number[];
}

/** The winner of one slot by the words of the rules, for comparison.
 *  @param sources those that count, longest known first */
export function plainWinner(
  sources: readonly PlainSource[],
  slot: number,
  rule: 'htp' | 'ltp',
): PlainSource | undefined {
  const index = slot - 1;
  const priorityOf = ({ slotPriorities, priority, levels }: PlainSource): number => {
    if (index >= levels.length) return -1;
    if (!slotPriorities) return priority;
    return slotPriorities[index] ? slotPriorities[index] : -1;
  };
  const taking = sources.filter((source) => priorityOf(source) >= 0);
  const top = Math.max(...taking.map(priorityOf));
  const equals = taking.filter((source) => priorityOf(source) === top);
  const measure = ({ levels, changedAt }: PlainSource): number =>
    (rule === 'htp' ? levels[index] : changedAt[index]) ?? 0;
  const most = Math.max(...equals.map(measure));
  return equals.find((source) => measure(source) === most);
}
