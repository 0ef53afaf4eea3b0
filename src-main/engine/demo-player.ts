import { parseAddress } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import { f64, integer, type Signal } from '../contract/signal.ts';
import { millis } from '../contract/units.ts';
import type { LocalSession } from '../core/router/delivery/delivery.ts';
import type { Clock } from '../ports/clock.ts';

/** The id of the show that plays by itself; a copy saved under a name keeps it. */
export const demoShowId = 'demo';
const step = millis(1000 / 30);
const beatEverySteps = 30;
const waves = [1, 2, 3, 4].map((number) => ({
  address: parseAddress(`/demo/wave/${number}`),
  periodSeconds: 3 + number * 1.7,
}));
const beat = parseAddress('/demo/beat');

/** Plays while the demo show is on the table. */
export interface DemoSwitch {
  set(on: boolean): void;
}

export function createDemoSwitch(open: () => LocalSession, clock: Clock): DemoSwitch {
  let stop: Cancel | undefined;
  return {
    set: (on) => {
      stop?.();
      stop = undefined;
      if (!on) return;
      const session = open();
      const stopPlaying = playDemo(session, clock);
      stop = () => {
        stopPlaying();
        session.close();
      };
    },
  };
}

/** Moves four faders and taps one key, so that the demo show does something without hardware. Nothing leaves Flyrail but
 *  what the show's own mappings send. */
export function playDemo(session: Pick<LocalSession, 'publish'>, clock: Clock): Cancel {
  let count = 0;
  let cancel = clock.after(step, tick);
  return () => {
    cancel();
  };

  function tick(): void {
    const seconds = (count * step) / 1000;
    const signals: Signal[] = waves.map(({ address, periodSeconds }) => ({
      kind: 'param',
      address,
      value: f64(Math.round((0.5 - 0.5 * Math.cos((2 * Math.PI * seconds) / periodSeconds)) * 1000) / 1000),
    }));
    if (count % beatEverySteps === 0)
      signals.push({ kind: 'event', address: beat, value: integer(1 + ((count / beatEverySteps) % 4)) });
    session.publish(signals);
    count++;
    cancel = clock.after(step, tick);
  }
}
