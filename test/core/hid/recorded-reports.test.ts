import { describe, expect, it } from 'vitest';
import { ControlReader, type ControlChange } from '../../../src-main/core/hid/control-reader.ts';
import { readLayouts } from '../../../src-main/platform/hid/read-layouts.ts';
import { builtInLayouts } from '../../bridges/hid/fake-hid.ts';
import { hex } from '../../fixtures/hid/descriptors.ts';
import { recordedReports } from '../../fixtures/hid/recorded-reports.ts';

const { layouts } = await readLayouts({ builtIn: builtInLayouts, own: undefined });

describe('recorded reports', () => {
  for (const { layout: id, reports, says } of recordedReports) {
    it(`[HI10] say what was pressed and moved, by the layout ${id}: ${reports[0]?.slice(0, 30)}`, () => {
      const layout = layouts.find((each) => each.id === id)?.layout;
      const reader = new ControlReader(layout?.controls ?? [], 0.08);
      const heard = reports.flatMap((report) => reader.take(hex(report))).filter((change) => wasDone(change));
      expect(heard.map(word)).toEqual(says);
    });
  }

  it('[HI10] are there for every layout that has positions of its own', () => {
    const positioned = layouts.filter(({ layout }) => layout.controls.length > 0).map(({ id }) => id);
    expect([...new Set(recordedReports.map(({ layout }) => layout))].toSorted()).toEqual(positioned.toSorted());
  });
});

function wasDone(change: ControlChange): boolean {
  // Triggers and faders tell where they stand at first.
  return change.is === 'jog' || !change.isFirst || change.name.startsWith('trigger');
}

function word(change: ControlChange): string {
  if (change.is === 'jog') return `${change.name} ${change.steps > 0 ? '+' : ''}${change.steps}`;
  return `${change.name} ${change.is === 'button' ? Number(change.pressed) : change.value}`;
}
