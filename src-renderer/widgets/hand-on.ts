import { getContext, setContext } from 'svelte';

/** What stands in a field, and what the field is called. */
export interface TypedText {
  readonly label: string;
  readonly text: string;
}

/** Stands between the fields and what they change, for a page that cannot be changed at every time. */
export interface HandOn {
  /** runs what a field does with its text, now or later */
  take(typed: TypedText, run: () => void): void;
  /** a field goes away with a text that will not do
   *  @param repair what it asked for */
  leave(typed: TypedText, repair: string): void;
}

const key = Symbol('hand on');
const atOnce: HandOn = { take: (_typed, run) => run(), leave: () => undefined };

export function setHandOn(handOn: HandOn): void {
  setContext(key, handOn);
}

/** A page that says nothing about it takes every text at once. */
export function getHandOn(): HandOn {
  return getContext<HandOn | undefined>(key) ?? atOnce;
}

export interface HandOnGuard {
  /** what the fields are about, for texts that are not taken: `set 3` */
  readonly about: () => string;
  /** why a text cannot be taken any more, in a sentence; undefined while it can */
  readonly whyNot: () => string | undefined;
  /** who typed it wants it gone: not a word about it */
  readonly isGivenUp: () => boolean;
}

/** What a field below holds when the thing it is about has gone is not taken for another, and is said. */
export function guardHandOn({ about, whyNot, isGivenUp }: HandOnGuard): void {
  const outer = getHandOn();
  const leave = ({ label, text }: TypedText, repair: string): void => {
    if (!isGivenUp()) outer.leave({ label: `${label} of ${about()}`, text }, repair);
  };
  setHandOn({
    take: (typed, run) => {
      const reason = whyNot();
      if (reason === undefined) outer.take(typed, run);
      else leave(typed, reason);
    },
    leave,
  });
}
