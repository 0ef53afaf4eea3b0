import type { Cancel } from '../contract/message-link.ts';
import type { Micros, Millis } from '../contract/units.ts';

/** All time in Flyrail comes from here, so that a test can turn it by hand.
 *  `nowMicros` counts from the Unix epoch and never goes backwards. `run` is called once, later, never inside the call
 *  that set it up; what it throws is a bug and ends the process loudly. */
export interface Clock {
  nowMicros(): Micros;
  after(delay: Millis, run: () => void): Cancel;
  /** A deadline that has passed runs as soon as possible. */
  at(deadline: Micros, run: () => void): Cancel;
}
