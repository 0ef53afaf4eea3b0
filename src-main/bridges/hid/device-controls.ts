import type { HidBridge } from '../../contract/bridges/hid.ts';
import { messageOf } from '../../contract/errors.ts';
import type { HidControl } from '../../contract/hid-control.ts';
import type { HidLayout, HidOutput, HidOutputReport } from '../../contract/hid-layout.ts';
import { layoutOfDescriptor } from '../../core/hid/descriptor-layout.ts';
import { parseReportDescriptor, type ReportDescriptor } from '../../core/hid/report-descriptor.ts';
import { chooseLayout } from '../../platform/hid/choose-layout.ts';
import type { HidInfo, HidLayouts } from '../../ports/hid-ports.ts';

/** What a bridge knows of the device that it has. */
export interface DeviceControls {
  readonly controls: readonly HidControl[];
  readonly reports: readonly HidOutputReport[];
  readonly outputs: readonly HidOutput[];
  readonly atStart: HidLayout['atStart'];
  /** byte 0 of its reports is their number, as far as that is known */
  readonly isNumbered: boolean;
  /** what is known by which layout, as a clause: `Contour ShuttleXpress` */
  readonly words: string;
  /** what wants a look, as a sentence; empty for nothing */
  readonly note: string;
}

export interface KnownOfDevice extends HidLayouts {
  readonly info: HidInfo;
  /** how it describes its reports, where the system tells */
  readonly described: Uint8Array | undefined;
}

type Wishes = Pick<HidBridge['settings'], 'layout' | 'controls' | 'changes'>;

/** Puts together what a layout says, what the device says of itself, and what the operator says, who goes before both.
 *  @throws UnavailableError where the layout that is asked for is not there */
export function deviceControls(
  known: KnownOfDevice,
  { layout: wanted, controls: own, changes }: Wishes,
): DeviceControls {
  const chosen = chooseLayout(known.layouts, known.info, wanted);
  const layout = chosen?.layout;
  const asksDevice = wanted !== 'none' && (!layout || Object.keys(layout.usages).length > 0);
  const described = asksDevice ? describedLayout(known.described, layout?.usages) : undefined;
  const given = layout?.controls ?? [];
  const controls = layered([described?.layout?.controls ?? [], given, byName(own)]).map((control) => {
    const change = changes.find(({ name }) => name === control.name);
    if (!change) return control;
    const { as, deadzone, invert } = change;
    return {
      ...control,
      as: as === 'usual' ? control.as : as,
      deadzone: deadzone ?? control.deadzone,
      invert: invert !== control.invert,
    };
  });
  const reports = layout?.reports.length ? layout.reports : (described?.layout?.reports ?? []);
  const outputs = layout?.reports.length ? layout.outputs : (described?.layout?.outputs ?? []);
  const words = layout?.name ?? (described?.layout ? 'what it says of itself' : 'own controls');
  const unknown = controls.length === 0 ? unknownWords(described?.fault) : '';
  const isNumbered = isNumberedBy(known.described) ?? controls.some(({ report }) => report > 0);
  const note = [unknown, ...known.faults.slice(0, 1)].filter(Boolean).join(' ');
  return { controls, reports, outputs, atStart: layout?.atStart ?? [], isNumbered, words, note };
}

function describedLayout(bytes: Uint8Array | undefined, names: HidLayout['usages'] = {}) {
  if (!bytes) return { fault: 'this system does not tell how it describes itself' };
  let descriptor: ReportDescriptor;
  try {
    descriptor = parseReportDescriptor(bytes);
  } catch (error) {
    return { fault: `what it says of itself cannot be read (${messageOf(error)})` };
  }
  return { layout: layoutOfDescriptor(descriptor, names) };
}

function isNumberedBy(bytes: Uint8Array | undefined): boolean | undefined {
  try {
    return bytes && parseReportDescriptor(bytes).hasIds;
  } catch {
    return undefined;
  }
}

function unknownWords(fault: string | undefined): string {
  return `Nothing is known of its reports${fault ? `: ${fault}` : ''}. Learn its controls, or give it a layout.`;
}

/** Those of one name that a later list has hold. A layout has several of one name where a device speaks in several ways. */
function layered(lists: readonly (readonly HidControl[])[]): HidControl[] {
  return lists.flatMap((list, index) => {
    const later = new Set(lists.slice(index + 1).flatMap((each) => each.map(({ name }) => name)));
    return list.filter(({ name }) => !later.has(name));
  });
}

/** Of two of one name the later one holds. */
function byName(controls: readonly HidControl[]): HidControl[] {
  return [...new Map(controls.map((control) => [control.name, control])).values()];
}
