import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HidLook, HidPorts, HidWatch } from '../../ports/hid-ports.ts';

/** Between two looks: a device that is plugged in is live within this and the time that it takes to open it. */
export const lookEvery = millis(1000);

/** @param ports asked only while somebody waits */
export function createHidWatch({
  ports,
  clock,
}: {
  readonly ports: Pick<HidPorts, 'list'>;
  readonly clock: Clock;
}): HidWatch {
  const waiting = new Set<(found: HidLook) => void>();
  let isLooking = false;
  let cancel: Cancel | undefined;
  return {
    wait: (run) => {
      const own = (found: HidLook): void => run(found);
      waiting.add(own);
      void look();
      return () => {
        waiting.delete(own);
        if (waiting.size > 0) return;
        cancel?.();
        cancel = undefined;
      };
    },
  };

  async function look(): Promise<void> {
    // Who comes while it looks is told by this look.
    if (isLooking) return;
    cancel?.();
    cancel = undefined;
    isLooking = true;
    const found = await read();
    isLooking = false;
    for (const run of [...waiting]) if (waiting.has(run)) run(found);
    if (waiting.size > 0) cancel ??= clock.after(lookEvery, () => void look());
  }

  async function read(): Promise<HidLook> {
    try {
      return { infos: await ports.list() };
    } catch (cause) {
      return { trouble: messageOf(cause) };
    }
  }
}
