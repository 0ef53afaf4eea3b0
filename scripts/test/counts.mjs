import { writeFileSync } from 'node:fs';

/** What a test program's reporter leaves for the run's summary.
 *  @typedef {object} Counts
 *  @property {number} passed
 *  @property {number} failed
 *  @property {number} skipped
 *  @property {string[]} skips title and reason of each skipped test */

/** @returns {Counts} */
export function noCounts() {
  return { passed: 0, failed: 0, skipped: 0, skips: [] };
}

/** @param {Counts} counts
 *  @param {{ title: string, reason: string | undefined }} skip */
export function countSkip(counts, { title, reason }) {
  counts.skipped += 1;
  counts.skips.push(`${title}: ${reason ?? 'no reason given'}`);
}

/** Leaves the counts where run-step.mjs looks for them; does nothing in a run that somebody started by hand.
 *  @param {Counts} counts */
export function leaveCounts(counts) {
  const file = process.env['FLYRAIL_COUNTS'];
  if (file) writeFileSync(file, JSON.stringify(counts));
}
