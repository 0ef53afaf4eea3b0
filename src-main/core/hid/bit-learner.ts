import { hidControlSchema, hidReportMax, type HidControl } from '../../contract/hid-control.ts';
import type { LearnedControl, LearnedControls } from '../../contract/learned-controls.ts';
import { micros, millis, millisToMicros, type Micros } from '../../contract/units.ts';
import { readBits } from './bit-field.ts';
import { ByteHistory, guessOf } from './byte-history.ts';
import { ControlReader } from './control-reader.ts';

/** How long a device is left alone at first: what moves by itself, such as counters and motion, is no control. */
export const restTime = millis(1000);
/** Reports told apart by their numbers, and controls shown. */
const reportsMax = 32;
const shownMax = 24;

interface Heard extends LearnedControl {
  readonly order: number;
}

/** Finds out which bits of a device's reports a person moves. */
export class BitLearner {
  readonly #known: readonly HidControl[];
  readonly #reader: ControlReader;
  readonly #isNumbered: boolean;
  readonly #histories = new Map<number, ByteHistory[]>();
  readonly #moved = new Map<string, Heard>();
  readonly #noisy = new Set<string>();
  #beganAt: Micros | undefined;
  #now: Micros | undefined;
  #reports = 0;
  #order = 0;

  /** @param known controls that a layout has already
   *  @param isNumbered whether byte 0 of its reports is their number */
  constructor(known: readonly HidControl[], isNumbered: boolean) {
    this.#known = known;
    this.#reader = new ControlReader(known, 0.08);
    this.#isNumbered = isNumbered;
  }

  /** Time goes on, also without a report. */
  look(now: Micros): void {
    this.#beganAt ??= now;
    this.#now = now;
  }

  take(report: Uint8Array, now: Micros): void {
    this.look(now);
    this.#reports++;
    this.#takeKnown(report);
    const id = this.#isNumbered ? (report[0] ?? 0) : 0;
    const known = this.#histories.get(id) ?? [];
    if (!this.#histories.has(id) && this.#histories.size >= reportsMax) return;
    this.#histories.set(id, known);
    const order = ++this.#order;
    for (let at = this.#isNumbered ? 1 : 0; at < Math.min(report.length, hidReportMax); at++) {
      const history = (known[at] ??= new ByteHistory(report[at] ?? 0, this.#isResting));
      history.take(report[at] ?? 0, { isRest: this.#isResting, order });
      if (history.follows(known[at - 1])) history.carries++;
    }
  }

  get heard(): LearnedControls {
    const found = [...this.#moved.values(), ...this.#unknown()].toSorted((one, other) => other.order - one.order);
    return {
      heard: found.slice(0, shownMax).map(({ order: _order, ...learned }) => learned),
      reports: this.#reports,
      resting: this.#isResting,
      problem: null,
    };
  }

  get #isResting(): boolean {
    if (this.#beganAt === undefined || this.#now === undefined) return true;
    return this.#now < micros(this.#beganAt + millisToMicros(restTime));
  }

  #takeKnown(report: Uint8Array): void {
    for (const change of this.#reader.take(report)) {
      if (change.is !== 'jog' && change.isFirst) continue;
      if (this.#isResting) this.#noisy.add(change.name);
      if (this.#noisy.has(change.name)) continue;
      const changes = (this.#moved.get(change.name)?.changes ?? 0) + 1;
      const raw = readBits(report, change.of) ?? 0;
      const control = { ...change.of, name: change.name };
      this.#moved.set(change.name, { control, raw, known: true, changes, order: ++this.#order });
    }
  }

  #unknown(): Heard[] {
    return [...this.#histories].flatMap(([report, histories]) => {
      const covered = coveredBits(this.#known, report, histories.length);
      return guessOf(histories, (byte, bit) => covered.has(byte * 8 + bit)).map(({ place, raw, changes, order }) => {
        const name = `${report === 0 ? '' : `r${report}-`}b${place.byte}${(place.bits ?? 1) < 8 ? `-${place.bit ?? 0}` : ''}`;
        return { control: hidControlSchema.parse({ ...place, report, name }), raw, changes, order, known: false };
      });
    });
  }
}

function coveredBits(known: readonly HidControl[], report: number, length: number): ReadonlySet<number> {
  const covered = new Set<number>();
  for (const control of known) {
    const isThis = control.report === report || control.report === 0;
    const speaks = isThis && (control.lengths.length === 0 || control.lengths.includes(length));
    // What belongs to one of several meanings of a report may still be learned in another.
    if (!speaks || control.when.length > 0) continue;
    const first = control.byte * 8 + control.bit;
    for (let at = 0; at < control.bits * control.count; at++) covered.add(first + at);
  }
  return covered;
}
