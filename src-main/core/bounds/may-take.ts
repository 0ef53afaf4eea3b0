/** One alone may have so many times what is left free: three quarters of all while nobody else has anything. */
const shareOfFree = 3;

/** Something bounded of which several take parts. */
export interface TakenRoom {
  readonly max: number;
  /** by all together */
  readonly taken: number;
  /** by the one who asks */
  readonly own: number;
}

/** First come, first served, but the less is left the less may be with one alone, so that whoever comes later finds some too.
 *  Nobody has to be known beforehand, and what was given is never taken back. Who has nothing yet gets what fits.
 *  @returns whether so much more may be taken; 'over-share' where it would fit, but not for one who has so much already */
export function mayTake({ max, taken, own }: TakenRoom, more: number): 'yes' | 'full' | 'over-share' {
  const free = max - taken - more;
  if (free < 0) return 'full';
  return own === 0 || own + more <= shareOfFree * free ? 'yes' : 'over-share';
}
