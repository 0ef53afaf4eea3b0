import type { EngineApi } from '../../src-main/contract/engine-api.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { HidControl } from '../../src-main/contract/hid-control.ts';
import type { LearnedControl, LearnedControls } from '../../src-main/contract/learned-controls.ts';
import { browserClock, type PageClock } from '../engine/page-clock.ts';

/** How often it is asked what was moved; the engine listens while it is asked. */
const askEveryMs = 250;

/** Asks the engine what is pressed and moved at a HID device, while somebody looks. */
export class ControlLearning {
  learned = $state.raw<LearnedControls | undefined>();
  /** why the engine did not say; empty when it did */
  problem = $state('');
  readonly #api: Pick<EngineApi, 'learnControls'>;
  readonly #clock: Pick<PageClock, 'after'>;
  #cancel: Cancel | undefined;
  #round = 0;

  constructor(api: Pick<EngineApi, 'learnControls'>, clock: Pick<PageClock, 'after'> = browserClock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** Begins anew with this device. @param part page and usage, or empty */
  start(device: string, part: string): void {
    this.stop();
    this.learned = undefined;
    void this.#ask(device, part, ++this.#round);
  }

  stop(): void {
    this.#round++;
    this.#cancel?.();
  }

  async #ask(device: string, part: string, round: number): Promise<void> {
    try {
      const learned = await this.#api.learnControls({ device, part });
      if (round !== this.#round) return;
      this.learned = learned;
      this.problem = '';
    } catch (error) {
      if (round !== this.#round) return;
      this.problem = messageOf(error);
    }
    this.#cancel = this.#clock.after(askEveryMs, () => void this.#ask(device, part, round));
  }
}

/** `byte 5, bit 3` */
export function placeWords({ report, byte, bit, bits }: HidControl): string {
  const where = bits === 1 ? `byte ${byte}, bit ${bit}` : `byte ${byte}, ${bits} bits`;
  return report === 0 ? where : `report ${report}, ${where}`;
}

/** What is under the fingers, or why nothing is told, in a sentence. */
export function learningWords(learned: LearnedControls | undefined, problem: string): string {
  if (problem !== '') return problem;
  if (!learned) return 'Asking for the device.';
  if (learned.problem !== null) return learned.problem;
  if (learned.resting) return 'Leave the device alone for a second.';
  return learned.heard.length === 0 ? 'Press or move a control.' : 'Newest first. Press or move another one.';
}

/** @param taken names that are there already */
export function freeName(wanted: string, { control }: LearnedControl, taken: readonly string[]): string {
  const name = wanted.trim() || control.name;
  if (!taken.includes(name)) return name;
  let count = 2;
  while (taken.includes(`${name}-${count}`)) count++;
  return `${name}-${count}`;
}
