import type { HidControl } from '../../contract/hid-control.ts';
import { readBits } from './bit-field.ts';
import { hatOf, scaled } from './control-scale.ts';
import { keyName } from './usage-names.ts';

/** What a report says of a control. `isFirst`: it is told for the first time and is at rest: nobody did anything. */
export type ControlChange =
  | {
      readonly is: 'button';
      readonly name: string;
      readonly pressed: boolean;
      readonly isFirst: boolean;
      readonly of: HidControl;
    }
  | {
      readonly is: 'axis';
      readonly name: string;
      /** -1..1 where it has a centre, else 0..1 */
      readonly value: number;
      /** in its centre; undefined for one without */
      readonly atRest: boolean | undefined;
      readonly isFirst: boolean;
      readonly of: HidControl;
    }
  | { readonly is: 'jog'; readonly name: string; readonly steps: number; readonly of: HidControl }
  | {
      readonly is: 'touch';
      readonly name: string;
      /** where, from 0 to 1 */
      readonly value: number;
      readonly isFirst: false;
      readonly of: HidControl;
    };

/** Follows the controls of a device through its reports. */
export class ControlReader {
  readonly #controls: readonly HidControl[];
  readonly #deadzone: number;
  readonly #pressed = new Map<string, boolean>();
  readonly #values = new Map<string, number>();
  readonly #counters = new Map<string, number>();
  /** codes that are pressed, by the control that lists them */
  readonly #codes = new Map<string, ReadonlySet<number>>();

  /** @param deadzone of sticks that have none of their own */
  constructor(controls: readonly HidControl[], deadzone: number) {
    this.#controls = controls;
    this.#deadzone = deadzone;
  }

  /** @param report as the system gives it */
  take(report: Uint8Array): ControlChange[] {
    const changes: ControlChange[] = [];
    for (const control of this.#controls) if (speaksOf(report, control)) this.#read(report, control, changes);
    return changes;
  }

  /** What is not at rest, by name. */
  get held(): string[] {
    const moved = this.#controls.flatMap((control) => {
      const names = control.kind === 'hat' ? ['x', 'y'].map((axis) => `${control.name}/${axis}`) : [control.name];
      return hasCentre(control) ? names.filter((name) => (this.#values.get(name) ?? 0) !== 0) : [];
    });
    const pressed = [...this.#pressed].flatMap(([name, isPressed]) => (isPressed ? [name] : []));
    return [...new Set([...moved, ...pressed])];
  }

  /** The device is away: what is held stays so until a report says otherwise. */
  pause(): void {
    // What counts goes on from wherever it stands when it is back.
    this.#counters.clear();
  }

  /** The device is gone: what is held is let go, and what has a centre is there. */
  release(): ControlChange[] {
    const changes: ControlChange[] = [];
    for (const control of this.#controls) {
      for (const name of namesOf(control, this.#pressed)) this.#press(control, name, false, changes);
      if (control.kind === 'hat')
        for (const axis of ['x', 'y']) this.#move(control, `${control.name}/${axis}`, 0, changes);
      else if (hasCentre(control) && this.#values.has(control.name)) this.#move(control, control.name, 0, changes);
    }
    this.#codes.clear();
    this.#counters.clear();
    return changes.filter((change) => change.is === 'jog' || !change.isFirst);
  }

  #read(report: Uint8Array, control: HidControl, changes: ControlChange[]): void {
    const { kind, name } = control;
    if (kind === 'codes') return this.#readCodes(report, control, changes);
    if (kind === 'buttons') {
      for (let index = 0; index < control.count; index++) {
        const raw = readBits(report, fieldAt(control, index));
        if (raw !== undefined) this.#press(control, `${name}/${index + 1}`, (raw !== 0) !== control.invert, changes);
      }
      return;
    }
    const raw = readBits(report, control);
    if (raw === undefined) return;
    switch (kind) {
      case 'button':
        return this.#press(control, name, (raw !== 0) !== control.invert, changes);
      case 'hat': {
        const { x, y } = hatOf(raw - (control.min ?? 0));
        this.#move(control, `${name}/x`, x, changes);
        return this.#move(control, `${name}/y`, control.invert ? -y : y, changes);
      }
      case 'jog':
        return this.#turn(control, raw, changes);
      case 'touch':
        changes.push({ is: 'touch', name, value: scaled(raw, control, 0), isFirst: false, of: control });
        return;
      case 'axis':
      case 'shuttle':
        return this.#move(control, name, scaled(raw, control, kind === 'axis' ? this.#deadzone : 0), changes);
      default:
        kind satisfies never;
    }
  }

  #press(of: HidControl, name: string, pressed: boolean, changes: ControlChange[]): void {
    const before = this.#pressed.get(name);
    if (before === pressed) return;
    this.#pressed.set(name, pressed);
    changes.push({ is: 'button', name, pressed, isFirst: before === undefined && !pressed, of });
  }

  #move(of: HidControl, name: string, value: number, changes: ControlChange[]): void {
    const before = this.#values.get(name);
    if (before === value) return;
    this.#values.set(name, value);
    const centred = hasCentre(of);
    // What the first report says of a fader is where it stands; of a stick outside its centre, that somebody holds it.
    const isFirst = before === undefined && (!centred || value === 0);
    changes.push({ is: 'axis', name, value, atRest: centred ? value === 0 : undefined, isFirst, of });
  }

  #turn(of: HidControl, raw: number, changes: ControlChange[]): void {
    const { name, bits, relative, invert } = of;
    const before = this.#counters.get(name);
    this.#counters.set(name, raw);
    const span = 2 ** bits;
    const went = relative ? raw : before === undefined ? 0 : (((raw - before) % span) + span) % span;
    const steps = !relative && went >= span / 2 ? went - span : went;
    if (steps !== 0) changes.push({ is: 'jog', name, steps: invert ? -steps : steps, of });
  }

  #readCodes(report: Uint8Array, of: HidControl, changes: ControlChange[]): void {
    const now = new Set<number>();
    for (let index = 0; index < of.count; index++) {
      const code = readBits(report, fieldAt(of, index)) ?? 0;
      // [HID 1.11, appendix C] 1 to 3 say that too many keys are pressed: which ones is not known.
      if (code >= 1 && code <= 3) return;
      if (code !== 0) now.add(code);
    }
    for (const code of this.#codes.get(of.name) ?? [])
      if (!now.has(code)) this.#press(of, `${of.name}/${keyName(code)}`, false, changes);
    for (const code of now) this.#press(of, `${of.name}/${keyName(code)}`, true, changes);
    this.#codes.set(of.name, now);
  }
}

/** Whether its number, and what else it must have, is in a report. */
export function speaksOf(report: Uint8Array, { report: id, when, lengths }: HidControl): boolean {
  return isReport(report, { report: id, lengths }) && when.every(({ byte, is }) => report[byte] === is);
}

/** Whether it has that number, where there is one, and one of those lengths. */
export function isReport(
  bytes: Uint8Array,
  { report, lengths }: { readonly report: number; readonly lengths: readonly number[] },
): boolean {
  return (report === 0 || bytes[0] === report) && (lengths.length === 0 || lengths.includes(bytes.length));
}

function fieldAt({ byte, bit, bits }: HidControl, index: number): { byte: number; bit: number; bits: number } {
  const place = byte * 8 + bit + index * bits;
  return { byte: place >> 3, bit: place % 8, bits };
}

function hasCentre({ kind, centre }: HidControl): boolean {
  return kind === 'hat' || kind === 'shuttle' || centre !== null;
}

function namesOf({ name, kind }: HidControl, pressed: ReadonlyMap<string, boolean>): string[] {
  if (kind === 'button') return pressed.has(name) ? [name] : [];
  if (kind !== 'buttons' && kind !== 'codes') return [];
  return [...pressed.keys()].filter((each) => each.startsWith(`${name}/`));
}
