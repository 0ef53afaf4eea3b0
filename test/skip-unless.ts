import { beforeEach } from 'vitest';

/** Skips every test of the describe around it unless they can run here: with the reason, which the run's summary prints, and for
 *  which vitest has no place at a describe. */
export function skipUnless(canRun: boolean, whyNot: string): void {
  beforeEach(({ skip }) => skip(!canRun, whyNot));
}
