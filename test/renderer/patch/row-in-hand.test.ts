import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Transform } from '../../../src-main/contract/show.ts';
import { fakeMapping } from '../fake-parts.ts';
import { giveRoom, opened, press, row, settled, smallShow, type } from '../opened-app.ts';
import { button, labelled } from './inspector-fields.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const scale: Transform = { type: 'scale', enabled: true, inMin: 0, inMax: 1, outMin: 0, outMax: 9 };
const clamp: Transform = { type: 'clamp', enabled: true, min: 0, max: 1 };

describe('the keys of the table', () => {
  it('[UI134] go to the row whose lock or button was pressed', async () => {
    const { page, engine } = await opened({
      ...smallShow,
      groups: [],
      mappings: [1, 2, 3, 4].map((n) => fakeMapping(n)),
    });
    row(page, 'm1')?.click();
    const lock = row(page, 'm3')?.querySelector<HTMLElement>('[role="switch"]');
    lock?.click();
    lock?.focus();
    await settled();
    expect(row(page, 'm3')?.getAttribute('aria-selected')).toBe('true');
    await press('ArrowDown', lock, { altKey: true });
    expect(engine.document.mappings.map(({ id }) => id)).toEqual(['m1', 'm2', 'm4', 'm3']);
  });

  it('[UI134] go to the row that has the focus', async () => {
    const { page, engine } = await opened();
    row(page, 'm1')?.click();
    row(page, 'm2')?.focus();
    await press('ArrowUp', row(page, 'm2'), { altKey: true });
    expect(engine.document.mappings.map(({ id }) => id)).toEqual(['m2', 'm1', 'm3']);
    button(page, 'Rename Desk').click();
    await settled();
    expect(row(page, 'g1')?.getAttribute('aria-selected')).toBe('true');
  });
});

describe('the focus', () => {
  it('[UI135] goes to the copy, however a set was duplicated', async () => {
    for (const duplicate of [
      async (page: HTMLElement) => {
        button(page, 'Duplicate set 1').focus();
        button(page, 'Duplicate set 1').click();
      },
      async () => press('d', document.activeElement, { ctrlKey: true, code: 'KeyD' }),
    ]) {
      const { page, engine } = await opened();
      row(page, 'm1')?.focus();
      await duplicate(page);
      await settled();
      const copy = engine.document.mappings.find((one) => one.number === 4);
      expect(document.activeElement).toBe(row(page, copy?.id ?? ''));
      cleanup();
    }
  });

  it('[UI135] goes on in the chain when a step was removed or moved', async () => {
    const show = { ...smallShow, mappings: [fakeMapping(1, { transforms: [scale, clamp] })] };
    const { page } = await opened(show);
    for (const [pressed, then] of [
      ['Move Scale down', 'Move Scale up'],
      ['Remove Scale', 'Remove Clamp'],
    ] as const) {
      button(page, pressed).focus();
      button(page, pressed).click();
      await settled();
      expect(document.activeElement).toBe(button(page, then));
    }
    button(page, 'Remove Clamp').click();
    await settled();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Add step');
  });

  it('[UI135] goes to the row with the cursor when a group was dissolved', async () => {
    const { page } = await opened();
    button(page, 'Dissolve Desk, keep its mappings').focus();
    button(page, 'Dissolve Desk, keep its mappings').click();
    await settled();
    expect(row(page, 'g1')).toBeNull();
    expect(document.activeElement).toBe(row(page, 'm1'));
  });
});

describe('a new group that gets no name', () => {
  it.each([
    ['Escape', async (input: HTMLInputElement) => press('Escape', input)],
    ['leaving the field', async (input: HTMLInputElement) => input.blur()],
    ['a name of spaces', async (input: HTMLInputElement) => type(input, '  ').then(() => press('Enter', input))],
  ])('[UI136] is none after %s', async (_how, leave) => {
    const { page, engine } = await opened();
    const list = labelled(page, 'group') as unknown as HTMLSelectElement;
    list.selectedIndex = list.options.length - 1;
    list.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
    await leave(labelled(page, 'name of the new group'));
    await settled();
    expect(() => labelled(page, 'name of the new group')).toThrow();
    expect(list.value).toBe('none');
    expect(engine.document.groups).toHaveLength(1);
    // The page itself did not take the key.
    if (_how === 'Escape') expect(document.activeElement).toBe(list);
  });
});

describe('a row', () => {
  it('[UI137] is spoken by number, name, source, target and state', async () => {
    const mappings = [
      fakeMapping(1, { name: 'Front wash' }),
      fakeMapping(2),
      fakeMapping(3, { name: 'Back', enabled: false }),
    ];
    const { page, engine } = await opened({ ...smallShow, groups: [], mappings });
    engine.emit('problems', [{ mappingId: 'm2', code: 'no-device', reason: 'No device takes it.' } as never]);
    await settled();
    expect(['m1', 'm2', 'm3'].map((id) => row(page, id)?.getAttribute('aria-label'))).toEqual([
      'set 1, Front wash, desk fader 1, –, to slot 1 of universe 1, idle',
      'set 2, desk fader 2, to slot 2 of universe 1, No device takes it.',
      'set 3, Back, desk fader 3, to slot 3 of universe 1, off',
    ]);
  });

  it('[UI138] shows its name when it is pointed at, and beside the address where there is room', async () => {
    const { page } = await opened({ ...smallShow, mappings: [fakeMapping(1, { name: 'Front wash' }), fakeMapping(2)] });
    expect(row(page, 'm1')?.title).toBe('set 1: Front wash');
    expect(row(page, 'm1')?.querySelector('.source .name')?.textContent).toBe('Front wash');
    expect(row(page, 'm2')?.hasAttribute('title')).toBe(false);
  });
});
