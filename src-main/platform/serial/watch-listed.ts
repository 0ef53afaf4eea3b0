import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SerialPorts } from '../../ports/serial-ports.ts';

/** What is listed is looked at so often, and a port is gone that so many looks in a row miss. */
const listEvery = millis(1000);
const missesMax = 2;

export interface WatchListedOptions {
  /** of an open port, as it was listed when it was opened */
  readonly path: string;
  readonly ports: Pick<SerialPorts, 'list'>;
  readonly clock: Clock;
  readonly onGone: () => void;
}

/** Tells, once, when an open port is not listed any more. On Windows nothing else tells of some adapters that were pulled out:
 *  reading goes on, and brings nothing. A look that fails tells nothing. */
export function watchListed({ path, ports, clock, onGone }: WatchListedOptions): Cancel {
  let misses = 0;
  let isOver = false;
  let cancel = clock.after(listEvery, () => void look());
  return () => {
    isOver = true;
    cancel();
  };

  async function look(): Promise<void> {
    const known = await ports.list().catch(() => undefined);
    if (isOver) return;
    if (known) misses = known.some((each) => each.path === path) ? 0 : misses + 1;
    if (misses >= missesMax) onGone();
    else cancel = clock.after(listEvery, () => void look());
  }
}
