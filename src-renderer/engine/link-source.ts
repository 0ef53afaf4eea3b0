import type { Cancel, MessageLink } from '../../src-main/contract/message-link.ts';

/** Where links to the engine come from, one after the other. */
export interface LinkSource {
  /** @throws LinkRefused when no link will ever come; anything else is worth another try */
  open(): Promise<MessageLink>;
  /** A fresh way in came from outside: a link pasted into the page's own tab.
   *  @param run opens with it and answers true, or false where it is not needed; it is then forgotten */
  onFreshWay?(run: () => boolean): Cancel;
}

/** The page may not come in: its one-time secret was used or has run out. */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused';
}
