import type { LearnedControls } from '../contract/learned-controls.ts';
import type { Cancel } from '../contract/message-link.ts';
import { millis } from '../contract/units.ts';
import { deviceControls } from '../bridges/hid/device-controls.ts';
import { BitLearner } from '../core/hid/bit-learner.ts';
import { HeldHid } from '../platform/hid/held-hid.ts';
import { tryHidName } from '../platform/hid/hid-identity.ts';
import type { Clock } from '../ports/clock.ts';
import type { HidAccess } from '../ports/hid-ports.ts';
import type { Log } from '../ports/log.ts';

/** A device that nobody asked about for so long is let go. */
export const learnSilence = millis(4000);
/** Devices listened to at once, whoever asks. */
export const learnDevicesMax = 8;

interface Listening {
  readonly held: HeldHid;
  learner: BitLearner;
  cancel: Cancel;
}

interface LearnerOptions {
  readonly access: HidAccess;
  readonly clock: Clock;
  readonly log: Log;
}

/** Listens to HID devices for who learns their controls, beside the bridges that have them, and also to one that no bridge has yet. */
export class HidLearner {
  readonly #options: LearnerOptions;
  readonly #listening = new Map<string, Listening>();
  readonly #ending = new Set<Promise<void>>();

  constructor(options: LearnerOptions) {
    this.#options = options;
  }

  /** What was moved since the first of these calls; the device is listened to while they come.
   *  @param part page and usage, or empty */
  listen(device: string, part: string): LearnedControls {
    const { clock } = this.#options;
    const problem = (why: string): LearnedControls => ({ heard: [], reports: 0, resting: false, problem: why });
    if (!tryHidName(device)) return problem('Choose a device first.');
    const key = `${device} ${part}`;
    if (!this.#listening.has(key) && this.#listening.size >= learnDevicesMax)
      return problem('Too many devices are being learned at once.');
    const listening = this.#listening.get(key) ?? this.#begin(device, part);
    this.#listening.set(key, listening);
    listening.cancel();
    listening.cancel = clock.after(learnSilence, () => this.#end(key));
    if (listening.held.trouble !== undefined) return problem(listening.held.trouble);
    listening.learner.look(clock.nowMicros());
    return listening.learner.heard;
  }

  /** Settles when all are closed. */
  async stop(): Promise<void> {
    for (const key of [...this.#listening.keys()]) this.#end(key);
    await Promise.all(this.#ending);
  }

  #begin(device: string, part: string): Listening {
    const { access, clock, log } = this.#options;
    let ready = new BitLearner([], false);
    const held = new HeldHid({
      ...{ device, part, access, clock, log },
      prepare: async (info) => {
        const [layouts, described] = await Promise.all([access.layouts(), access.ports.describe(info.path)]);
        const known = deviceControls({ ...layouts, info, described }, { layout: '', controls: [], changes: [] });
        ready = new BitLearner(known.controls, known.isNumbered);
        ready.look(clock.nowMicros());
      },
      onOpen: () => (listening.learner = ready),
      onReport: (bytes) => listening.learner.take(bytes, clock.nowMicros()),
      onLost: () => undefined,
    });
    const listening: Listening = { held, learner: ready, cancel: () => undefined };
    void held.start();
    return listening;
  }

  #end(key: string): void {
    const listening = this.#listening.get(key);
    if (!listening) return;
    this.#listening.delete(key);
    listening.cancel();
    const ending = listening.held.stop();
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }
}
