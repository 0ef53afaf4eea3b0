import type { UniverseView } from '../../contract/dmx.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** How often a universe that somebody watches is looked at. */
export const universeLooksEvery = millis(40);

interface UniverseFeedOptions {
  readonly clock: Clock;
  /** how it stands now; undefined while its bridge is not there */
  readonly look: () => UniverseView | undefined;
  /** a promise says when the receiver is ready for the next one */
  readonly send: (view: UniverseView) => unknown;
}

/** One client's view of one universe: as it stands, then whenever it is another one. What changes while the client has not
 *  taken the view before comes with the next. */
export function followUniverse({ clock, look, send }: UniverseFeedOptions): Cancel {
  let last = '';
  let stopped = false;
  let cancel: Cancel = clock.after(millis(0), tick);
  return () => {
    stopped = true;
    cancel();
  };

  function tick(): void {
    const view = look();
    if (!view) return wait();
    const key = keyOf(view);
    const isNews = key !== last;
    last = key;
    // A receiver that fails is as good as one that has taken it.
    if (isNews) void (async () => send(view))().then(wait, wait);
    else wait();
  }

  function wait(): void {
    if (!stopped) cancel = clock.after(universeLooksEvery, tick);
  }
}

function keyOf({ levels, asked, winners, flags, ...rest }: UniverseView): string {
  const bytes = [levels, asked, winners, flags].map((each) => String.fromCharCode(...each));
  return `${bytes.join('')}${JSON.stringify(rest)}`;
}
