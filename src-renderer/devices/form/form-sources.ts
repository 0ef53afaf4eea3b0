import type { NetworkCard } from '../../../src-main/contract/device.ts';

/** What the controls of a form need to know of the machine and the show. */
export interface FormSources {
  readonly cards: readonly NetworkCard[];
  /** what a secret is called that was given no name */
  readonly bridgeId: string;
}
