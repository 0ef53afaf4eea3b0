import type { Cancel } from '../../contract/message-link.ts';
import { micros, millis, millisToMicros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PortWatch, SerialPorts } from '../../ports/serial-ports.ts';
import { listFault } from './open-fault.ts';

/** Between two looks. */
export const lookEvery = millis(500);
/** Looks after a port came or went, at which the system may not yet say all it will know of it. */
const looksAfterChange = 4;

interface PortWatchOptions {
  readonly ports: Pick<SerialPorts, 'list' | 'names'>;
  readonly clock: Clock;
  readonly log: Log;
}

type Told = Parameters<PortWatch['wait']>[0];

export function createPortWatch({ ports, clock, log }: PortWatchOptions): PortWatch {
  const waiting = new Set<Told>();
  let answer: Parameters<Told> = [[]];
  let names: string | undefined;
  let looksLeft = 0;
  let isLooking = false;
  let lookedAt: Micros | undefined;
  let cancel: Cancel | undefined;
  return { wait };

  function wait(run: Told): Cancel {
    const own: Told = (...told) => run(...told);
    const nextAt = lookedAt === undefined ? undefined : micros(lookedAt + millisToMicros(lookEvery));
    const isFresh = nextAt !== undefined && nextAt > clock.nowMicros();
    // What was known before nobody waited may be old.
    if (waiting.size === 0 && !isFresh) names = undefined;
    waiting.add(own);
    if (!isFresh) void look();
    else if (!isLooking) cancel ??= clock.at(nextAt, () => void look());
    if (isFresh) void Promise.resolve().then(() => tell(own));
    return () => {
      waiting.delete(own);
      if (waiting.size > 0) return;
      cancel?.();
      cancel = undefined;
    };
  }

  async function look(): Promise<void> {
    if (isLooking) return;
    cancel?.();
    cancel = undefined;
    isLooking = true;
    await readPorts();
    isLooking = false;
    lookedAt = clock.nowMicros();
    for (const run of [...waiting]) tell(run);
    if (waiting.size > 0) cancel ??= clock.after(lookEvery, () => void look());
  }

  function tell(run: Told): void {
    if (waiting.has(run)) run(...answer);
  }

  async function readPorts(): Promise<void> {
    try {
      const now = await ports.names?.();
      if (now === undefined || now !== names) looksLeft = looksAfterChange;
      names = now;
      if (looksLeft <= 0) return;
      answer = [await ports.list()];
      looksLeft--;
    } catch (error) {
      const { message } = listFault(error);
      if (message !== answer[1]) log.info('serial ports unknown', { reason: message });
      answer = [answer[0], message];
    }
  }
}
