import { hidControlsMax, hidControlSchema, hidReportMax, type HidControl } from '../../contract/hid-control.ts';
import type { HidOutput, HidOutputReport } from '../../contract/hid-layout.ts';
import type { DescribedField, ReportDescriptor } from './report-descriptor.ts';
import { usageName } from './usage-names.ts';

export interface DescribedLayout {
  readonly controls: readonly HidControl[];
  readonly reports: readonly HidOutputReport[];
  readonly outputs: readonly HidOutput[];
}

const [usageX, usageY, usageZ] = [0x0001_0030, 0x0001_0031, 0x0001_0032];
const [usageRx, usageRy, usageRz] = [0x0001_0033, 0x0001_0034, 0x0001_0035];
const [usageHat, usageSteering] = [0x0001_0039, 0x0002_00c8];
const [joystick, gamePad, multiAxis] = [0x0001_0004, 0x0001_0005, 0x0001_0008];
/** On sticks these grow towards the person who holds it; here away is up, and up is more. */
const upright: ReadonlySet<number> = new Set([usageY, usageRy, usageRz]);

/** The controls that a device describes by itself, and its lamps. What it describes without a usage is left out.
 *  @param names for usages by `page/usage` in four hexadecimal digits each, instead of the usual ones */
export function layoutOfDescriptor(
  descriptor: ReportDescriptor,
  names: Readonly<Record<string, string>> = {},
): DescribedLayout {
  const known = new Names(names);
  const inputs = descriptor.fields.filter(({ type, isConstant }) => type === 'input' && !isConstant);
  const usages = new Set(inputs.flatMap((field) => usagesOf(field)));
  const controls = inputs.flatMap((field) => controlsOf(field, { known, usages, hasIds: descriptor.hasIds }));
  return { controls: controls.slice(0, hidControlsMax), ...outputsOf(descriptor, new Names(names)) };
}

interface Around {
  readonly known: Names;
  /** all that the device has */
  readonly usages: ReadonlySet<number>;
  readonly hasIds: boolean;
}

function controlsOf(field: DescribedField, around: Around): HidControl[] {
  const { bits, count, report } = field;
  const placed = (index: number) => placeOf(field, index, around.hasIds);
  if (bits > 32 || placed(count - 1).byte >= hidReportMax) return [];
  if (field.isArray) {
    const page = Math.floor(field.usageAt(0) / 65_536);
    // [6.2.2.5] Codes count from the lowest; on a keyboard they are the usages.
    if (page !== 7 || field.logicalMin !== 0 || count > 256) return [];
    return [make({ name: around.known.take(0, 'key'), kind: 'codes', report, ...placed(0), bits, count })];
  }
  const usages = usagesOf(field);
  return usages.flatMap((usage, index) => {
    if (usage === 0) return [];
    const name = around.known.take(usage);
    return [make({ name, report, ...placed(index), bits, ...meaningOf(field, usage, around.usages) })];
  });
}

function make(control: Partial<HidControl>): HidControl {
  return hidControlSchema.parse(control);
}

function meaningOf(field: DescribedField, usage: number, usages: ReadonlySet<number>): Partial<HidControl> {
  const { logicalMin: min, logicalMax: max, bits, isRelative } = field;
  if (bits === 1 || Math.floor(usage / 65_536) === 9) return { kind: 'button' };
  const signed = min < 0;
  if (isRelative) return { kind: 'jog', signed, relative: true };
  if (usage === usageHat) return { kind: 'hat', min };
  const isCentred = signed || isStick(usage, usages, field.application);
  if (min >= max) return { kind: 'axis', signed };
  const centre = signed ? 0 : Math.ceil((min + max) / 2);
  const isPad = field.application === gamePad || field.application === joystick;
  const isUpright = isCentred && isPad && upright.has(usage) && !(usage === usageRz && !usages.has(usageZ));
  const rest = isCentred && centre > min && centre < max ? centre : null;
  return { kind: 'axis', signed, min, max, centre: rest, invert: isUpright };
}

/** A second stick is Z and Rz, or Rx and Ry. Of a device with all four the pair that it names first is the stick, and the other
 *  are its triggers. */
function isStick(usage: number, usages: ReadonlySet<number>, application: number): boolean {
  if (usage === usageX || usage === usageY || usage === usageSteering || application === multiAxis) return true;
  // The grip of a joystick turns.
  if (usage === usageRz && application === joystick) return true;
  const pair = [usageZ, usageRz].includes(usage) ? [usageZ, usageRz] : [usageRx, usageRy];
  const other = pair[0] === usageZ ? [usageRx, usageRy] : [usageZ, usageRz];
  if (!pair.includes(usage) || !pair.every((each) => usages.has(each))) return false;
  const order = [...usages];
  const place = (of: readonly number[]): number => Math.min(...of.map((each) => order.indexOf(each)));
  return !other.every((each) => usages.has(each)) || place(pair) < place(other);
}

function outputsOf(descriptor: ReportDescriptor, known: Names): Pick<DescribedLayout, 'reports' | 'outputs'> {
  const fields = descriptor.fields.filter(({ type, bits }) => type === 'output' && bits <= 31);
  const reports = new Map<number, HidOutputReport>();
  const outputs: HidOutput[] = [];
  for (const field of fields) {
    // A device without numbers gets its report behind a zero all the same.
    const end = placeOf(field, field.count, true);
    const length = end.byte + (end.bit > 0 ? 1 : 0);
    if (length > hidReportMax) continue;
    const id = String(field.report);
    const before = reports.get(field.report)?.length ?? 0;
    const bytes = field.report.toString(16).padStart(2, '0');
    const whole = { crc32: '', heard: [], length: Math.max(before, length) };
    reports.set(field.report, { id, send: 'output', bytes, ...whole });
    if (field.isConstant || field.isArray) continue;
    for (const [index, usage] of usagesOf(field).entries()) {
      const max = Math.min(Math.max(field.logicalMax, 1), 2 ** field.bits - 1);
      const min = Math.max(0, Math.min(field.logicalMin, max - 1));
      if (usage !== 0)
        outputs.push({
          name: known.take(usage),
          report: id,
          ...placeOf(field, index, true),
          bits: field.bits,
          min,
          max,
        });
    }
  }
  return { reports: [...reports.values()].slice(0, 16), outputs: outputs.slice(0, hidControlsMax) };
}

function placeOf(field: DescribedField, index: number, hasIds: boolean): { byte: number; bit: number } {
  const place = field.bit + index * field.bits + (hasIds ? 8 : 0);
  return { byte: place >> 3, bit: place % 8 };
}

function usagesOf({ count, usageAt }: DescribedField): number[] {
  return Array.from({ length: Math.min(count, hidControlsMax) }, (_, index) => usageAt(index));
}

/** Two controls of one usage are `slider` and `slider-2`. */
class Names {
  readonly #given: Readonly<Record<string, string>>;
  readonly #taken = new Map<string, number>();

  constructor(given: Readonly<Record<string, string>>) {
    this.#given = given;
  }

  take(usage: number, word = this.#given[usageKey(usage)] ?? usageName(usage)): string {
    const count = (this.#taken.get(word) ?? 0) + 1;
    this.#taken.set(word, count);
    return count === 1 ? word : `${word}-${count}`;
  }
}

function usageKey(usage: number): string {
  const hex = usage.toString(16).padStart(8, '0');
  return `${hex.slice(0, 4)}/${hex.slice(4)}`;
}
