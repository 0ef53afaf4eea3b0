import { describe, expect, it } from 'vitest';
import { OutputReports } from '../../../src-main/bridges/hid/output-reports.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { ControlReader } from '../../../src-main/core/hid/control-reader.ts';
import { layoutOfDescriptor } from '../../../src-main/core/hid/descriptor-layout.ts';
import { parseReportDescriptor } from '../../../src-main/core/hid/report-descriptor.ts';
import { readLayouts } from '../../../src-main/platform/hid/read-layouts.ts';
import { builtInLayouts } from '../../bridges/hid/fake-hid.ts';
import captured from '../../fixtures/captures/hid.json' with { type: 'json' };

const { layouts } = await readLayouts({ builtIn: builtInLayouts, own: undefined });
const layoutOf = (id: string) => layouts.find((each) => each.id === id)?.layout;

/** What was done, of what is told once more than that it is at rest. */
function done(reader: ControlReader, reports: readonly string[]): unknown[] {
  return reports
    .flatMap((report) => reader.take(Buffer.from(report, 'hex')))
    .flatMap((change) => {
      if (change.is === 'jog' || change.isFirst) return [];
      return [[change.name, change.is === 'button' ? Number(change.pressed) : change.value]];
    });
}

/** hid-tools was told: left stick to the left and near, right stick to the right and away; square; cross instead; D-pad to the right. */
const moved = [
  ...[['left/x', -1] as const, ['left/y', -1] as const, ['right/x', 1] as const, ['right/y', 1] as const],
  ...[['square', 1] as const, ['square', 0] as const, ['cross', 1] as const, ['dpad/x', 1] as const],
];

describe('HID of other programs', () => {
  it.each([
    ['dualsense', 'hidtools-dualsense'],
    ['dualsense', 'hidtools-dualsense-bluetooth'],
    ['dualshock-4', 'hidtools-dualshock-4'],
    ['dualshock-4', 'hidtools-dualshock-4-bluetooth'],
  ] as const)('[HI33] is read by the layout %s as what was pressed and moved: %s', (id, name) => {
    const reader = new ControlReader(layoutOf(id)?.controls ?? [], 0.08);
    expect(done(reader, captured[name]).toSorted()).toEqual(moved.toSorted());
    expect(reader.held.toSorted()).toEqual(['cross', 'dpad/x', 'left/x', 'left/y', 'right/x', 'right/y']);
  });

  it('[HI33] is read by what the device says of itself, the same', () => {
    const descriptor = parseReportDescriptor(Buffer.from(captured['hidtools-dualsense-descriptor'], 'hex'));
    const reader = new ControlReader(layoutOfDescriptor(descriptor).controls, 0.08);
    // A pad that nobody knows names its right stick Z and Rz, and its buttons by number.
    expect(done(reader, captured['hidtools-dualsense'])).toEqual([
      ...[['x', -1] as const, ['y', -1] as const, ['z', 1] as const, ['rz', 1] as const],
      ...[['button/1', 1] as const, ['button/1', 0] as const, ['button/2', 1] as const, ['hat/x', 1] as const],
    ]);
  });

  it.each(['streamdeck-15', 'streamdeck-xl', 'streamdeck-plus', 'streamdeck-original', 'streamdeck-mini'] as const)(
    '[HI33] sets the brightness of a %s by the same bytes',
    async (id) => {
      const { reports = [], outputs = [] } = layoutOf(id) ?? {};
      const sent: string[] = [];
      const sendFeature = (bytes: Uint8Array): Promise<void> => {
        sent.push(Buffer.from(bytes).toString('hex'));
        return Promise.resolve();
      };
      const device = { sendFeature, write: () => Promise.reject(new Error('none')), close: () => Promise.resolve() };
      const own = new OutputReports(device, { reports, outputs }, (error) => expect.fail(String(error)));
      expect(own.put('brightness', f64(0.3))).toBeUndefined();
      own.flush();
      await Promise.resolve();
      // The library sends most of them one zero more than the 32 bytes that their report has.
      expect(sent).toEqual([captured[id].replace(/^(.{64})00$/, '$1')]);
    },
  );
});
