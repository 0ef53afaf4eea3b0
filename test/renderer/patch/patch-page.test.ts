import { cleanup } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import type { FakeEngine } from '../fake-engine.ts';
import { fakeLive, fakeMapping } from '../fake-parts.ts';
import { giveRoom, opened, press, row, settled, smallShow, type } from '../opened-app.ts';
import { button, labelled } from './inspector-fields.ts';

const show = smallShow;

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('a new mapping', () => {
  it('[UI36] is judged by what is seen: a text that will not do is not replaced by the last good one', async () => {
    const { page, engine } = await opened();
    await press('n');
    await type(field(page, 0), '/desk/knob/1');
    await type(field(page, 1), '/osc/knob');
    expect(addButton(page).disabled).toBe(false);
    await type(field(page, 1), '/sacn/1/*');
    expect(addButton(page).disabled).toBe(true);
    await press('Enter', field(page, 0));
    expect(engine.document.mappings).toHaveLength(3);
    expect(page.querySelector('[data-region="inspector"] [role="alert"]')?.textContent).toContain('A target names one');
    await press('Escape', field(page, 1));
    expect(field(page, 1).value).toBe('');
  });

  it('[UI37] that was begun is kept when another row is clicked, and gone on with', async () => {
    const { page, engine } = await opened();
    await press('n');
    await type(field(page, 0), '/desk/knob/1');
    row(page, 'm2')?.click();
    await settled();
    expect(field(page, 0).value).toBe('/desk/fader/2');
    expect(page.textContent).toContain('The new mapping is kept');
    await press('n');
    expect(field(page, 0).value).toBe('/desk/knob/1');
    await type(field(page, 1), '/osc/knob');
    await press('Enter', field(page, 1));
    expect(engine.document.mappings.find((one) => one.number === 4)?.source.pattern).toBe('/desk/knob/1');
    await press('n');
    expect(field(page, 0).value).toBe('');
  });
});

describe('a new mapping with steps', () => {
  it('[UI102] is not added while a number of a step will not do', async () => {
    const { page, engine } = await opened();
    await press('n');
    await type(field(page, 0), '/desk/knob/1');
    await type(field(page, 1), '/osc/knob');
    const add = page.querySelector<HTMLSelectElement>('[aria-label="Add step"]');
    if (add) add.selectedIndex = 1;
    add?.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
    await type(labelled(page, 'to'), 'ten');
    expect(addButton(page).disabled).toBe(true);
    await press('Enter', labelled(page, 'to'));
    expect(engine.document.mappings).toHaveLength(3);
    await type(labelled(page, 'to'), '10');
    await press('Enter', labelled(page, 'to'));
    const added = engine.document.mappings.find((one) => one.number === 4);
    expect(added?.transforms).toMatchObject([{ outMax: 10 }]);
  });

  it('[UI86] is shown and added with another number when its own was taken', async () => {
    const { page, engine } = await opened();
    await press('n');
    await type(field(page, 0), '/desk/knob/1');
    await type(field(page, 1), '/osc/knob');
    await engine.edit({ label: 'theirs', steps: [{ do: 'put', list: 'mappings', item: fakeMapping(4) }] });
    await settled();
    expect(page.querySelector('[data-region="inspector"]')?.textContent).toMatch(/^\s*5/);
    await press('Enter', field(page, 1));
    expect(engine.document.mappings.map((one) => one.number).sort()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('without an engine', () => {
  it('[UI101] shows no rate and nothing that flows', async () => {
    const { page, engine, state, clock } = await opened();
    engine.emit('live', { at: millis(clock.now()), mappings: [fakeLive('m1', clock.now(), { count: 9 })] });
    clock.advance(300);
    flushSync();
    expect(row(page, 'm1')?.className).toContain('flowing');
    state.connection = 'lost';
    await settled();
    expect(row(page, 'm1')?.className).not.toContain('flowing');
    expect(row(page, 'm1')?.querySelector('.rate')?.textContent.trim()).toBe('–');
    expect(page.querySelector('.chain')?.className).not.toContain('flowing');
    expect(page.querySelector<HTMLSelectElement>('[aria-label="Add step"]')?.disabled).toBe(true);
  });

  it.each([
    [' ', {}, 'Lock or unlock the set'],
    ['Delete', {}, 'Delete the set'],
    ['ArrowDown', { altKey: true }, 'Move the set up and down'],
  ] as const)('[UI101] answers the key %j %j in words', async (key, more, words) => {
    const { page, engine, state } = await opened();
    state.connection = 'lost';
    await settled();
    await press(key, row(page, 'm1'), more);
    expect(page.textContent).toContain(`${words}: there is no connection to the engine.`);
    expect(engine.calls.some(({ name }) => name === 'edit')).toBe(false);
  });
});

describe('the table', () => {
  it('[UI38] keeps the focus when the row it goes to is not drawn yet', async () => {
    const many = { ...show, groups: [], mappings: Array.from({ length: 500 }, (_, i) => fakeMapping(i + 1)) };
    const { page } = await opened(many);
    row(page, 'm1')?.focus();
    await press('End', row(page, 'm1'));
    const scroller = page.querySelector<HTMLElement>('.scroller');
    expect(page.querySelector('[role="treegrid"]')?.contains(document.activeElement)).toBe(true);
    // happy-dom has no heights to scroll through.
    if (scroller) scroller.scrollTop = 500 * 42;
    scroller?.dispatchEvent(new Event('scroll'));
    await settled();
    expect(document.activeElement?.getAttribute('data-row')).toBe('m500');
  });

  it('[UI110] keeps the focus when another window moves its row', async () => {
    const { page, engine } = await opened();
    row(page, 'm2')?.click();
    row(page, 'm2')?.focus();
    await moveInAnotherWindow(engine, ['m2', 'm1', 'm3']);
    await moveInAnotherWindow(engine, ['m1', 'm2', 'm3']);
    expect(document.activeElement).toBe(row(page, 'm2'));
  });

  it('[UI110] leaves the focus where the operator is when another window moves rows', async () => {
    const { page, engine } = await opened();
    row(page, 'm2')?.focus();
    labelled(page, 'name').focus();
    await moveInAnotherWindow(engine, ['m2', 'm1', 'm3']);
    await moveInAnotherWindow(engine, ['m1', 'm2', 'm3']);
    expect(document.activeElement).toBe(labelled(page, 'name'));
  });

  it('[UI110] gives no other row the keys of one that another window deleted', async () => {
    const { page, engine } = await opened();
    row(page, 'm2')?.click();
    row(page, 'm2')?.focus();
    expect(page.querySelector('[role="treegrid"]')?.contains(document.activeElement)).toBe(true);
    await engine.edit({ label: 'theirs', steps: [{ do: 'remove', list: 'mappings', id: 'm2' }] });
    await settled();
    expect(page.querySelector('[role="treegrid"]')?.contains(document.activeElement)).toBe(false);
  });

  it('[UI38] has the focus again after Escape in the inspector', async () => {
    const { page } = await opened();
    const name = labelled(page, 'name');
    name.focus();
    await press('Escape', name);
    expect(document.activeElement).toBe(row(page, 'm1'));
  });

  it('[UI39] puts a deleted set back, also after other edits, and takes back nothing else', async () => {
    const { page, engine } = await opened();
    await press('Delete', row(page, 'm1'));
    await press(' ', row(page, 'm2'));
    button(page, 'Undo').click();
    await settled();
    expect(engine.document.mappings.map((one) => one.id)).toEqual(['m1', 'm2', 'm3']);
    expect(engine.document.mappings[1]?.enabled).toBe(false);
  });

  it('[UI40] says which rows are inside a group', async () => {
    const { page } = await opened();
    expect(['m1', 'g1', 'm3'].map((id) => row(page, id)?.getAttribute('aria-level'))).toEqual(['1', '1', '2']);
  });

  it('[UI41] gives the focus back to a group that was renamed', async () => {
    const { page, engine } = await opened();
    row(page, 'g1')?.querySelector<HTMLElement>('[aria-label="Rename Desk"]')?.click();
    await settled();
    const input = row(page, 'g1')?.querySelector('input');
    expect(document.activeElement).toBe(input);
    await type(input, 'Light');
    await press('Enter', input);
    expect(engine.document.groups[0]?.name).toBe('Light');
    expect(document.activeElement).toBe(row(page, 'g1'));
  });
});

describe('the inspector', () => {
  it('[UI42] changes nothing and says so when its set was deleted in another window', async () => {
    const warned = vi.spyOn(console, 'warn');
    const { page, engine } = await opened();
    await press('ArrowDown', row(page, 'm1'));
    await press('Enter', row(page, 'm2'));
    const name = labelled(page, 'name');
    await type(name, 'Balcony');
    await engine.edit({ label: 'delete set 2', steps: [{ do: 'remove', list: 'mappings', id: 'm2' }] });
    await settled();
    // A browser tells a field that goes away that it lost the focus; happy-dom does not.
    name.dispatchEvent(new Event('blur'));
    await settled();
    expect(page.textContent).toContain('Set 2 was deleted in another window.');
    expect(engine.document.mappings.map((one) => `${one.id}${one.name}`)).toEqual(['m1', 'm3']);
    expect(warned.mock.calls.flat().join(' ')).not.toContain('derived_inert');
  });

  it('[UI88] says so when what added its set was undone here', async () => {
    const { page, engine, state } = await opened();
    await press('n');
    await type(field(page, 0), '/desk/knob/1');
    await type(field(page, 1), '/osc/knob');
    await press('Enter', field(page, 1));
    const name = labelled(page, 'name');
    await type(name, 'Balcony');
    await state.api.undo();
    await settled();
    name.dispatchEvent(new Event('blur'));
    await settled();
    expect(engine.document.mappings).toHaveLength(3);
    expect(page.textContent).toContain('Set 4 is no longer in the show: it was taken out in this window.');
  });

  it('[UI88] says once that another window deleted the set first', async () => {
    const { page, engine } = await opened();
    const edit = engine.edit.bind(engine);
    engine.edit = async (request) => {
      engine.edit = edit;
      await edit({ label: 'theirs', steps: [{ do: 'remove', list: 'mappings', id: 'm1' }] });
      return edit(request);
    };
    await press('Delete', row(page, 'm1'));
    expect(page.querySelector('[role="alert"]')?.textContent.trim()).toBe('Set 1 was deleted in another window.');
  });

  it('[UI100] sets an address apart from its sentence', async () => {
    const source = { pattern: '/desk/\u202efader' };
    const { page } = await opened({ ...show, mappings: [fakeMapping(1, { source })] });
    const isolated = [...page.querySelectorAll('[data-region="inspector"] .sentence bdi')];
    expect(isolated.map((part) => part.textContent)).toEqual(['desk \u202efader', 'slot 1 of universe 1']);
  });

  it('[UI43] undoes the last edit from a field with nothing in hand, and leaves a text in hand to the field', async () => {
    const { page, engine } = await opened();
    const name = labelled(page, 'name');
    await type(name, 'Balcony');
    await press('z', name, { ctrlKey: true });
    expect(engine.calls.some((call) => call.name === 'undo')).toBe(false);
    await press('Enter', name);
    expect(engine.document.mappings[0]?.name).toBe('Balcony');
    await press('z', name, { ctrlKey: true });
    expect(engine.document.mappings[0]?.name).toBe('');
    await type(name, 'Stalls');
    await type(name, '');
    const edits = engine.calls.filter((call) => call.name === 'edit').length;
    name.blur();
    await settled();
    expect(engine.calls.filter((call) => call.name === 'edit')).toHaveLength(edits);
  });

  it('[UI44] names the fields of each step by the step', async () => {
    const step = { type: 'invert' as const, enabled: true, min: 0, max: 1 };
    const { page } = await opened({ ...show, mappings: [fakeMapping(1, { transforms: [step, step] })] });
    const groups = [...page.querySelectorAll('[data-region="inspector"] .fields[role="group"]')];
    expect(groups.map((group) => group.getAttribute('aria-label'))).toEqual(['Invert, step 1', 'Invert, step 2']);
  });

  it('[UI41] goes from New group into its field and back to the list', async () => {
    const { page, engine } = await opened();
    const list = labelled(page, 'group');
    if (!(list instanceof HTMLSelectElement)) throw new Error('There is no list of groups.');
    list.selectedIndex = list.options.length - 1;
    list.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
    const input = labelled(page, 'name of the new group');
    expect(document.activeElement).toBe(input);
    await type(input, 'Balcony');
    await press('Enter', input);
    expect(engine.document.groups.map((group) => group.name)).toContain('Balcony');
    expect(document.activeElement).toBe(list);
  });

  it('[UI45] shows no value of the address a set had before', async () => {
    const { page, engine, clock } = await opened();
    engine.emit('live', { at: millis(clock.now()), mappings: [fakeLive('m1', clock.now())] });
    clock.advance(100);
    flushSync();
    expect(row(page, 'm1')?.textContent).toContain('0.5');
    await type(field(page, 1), '/osc/other');
    await press('Enter', field(page, 1));
    clock.advance(100);
    flushSync();
    expect(row(page, 'm1')?.textContent).not.toContain('0.5');
  });
});

async function moveInAnotherWindow(engine: FakeEngine, order: readonly string[]): Promise<void> {
  const steps = order.map((id, index) => ({ do: 'move' as const, list: 'mappings' as const, id, to: index }));
  await engine.edit({ label: 'theirs', steps });
  await settled();
}

function field(page: HTMLElement, index: number): HTMLInputElement {
  const found = page.querySelectorAll<HTMLInputElement>('[data-region="inspector"] input')[index];
  if (!found) throw new Error(`There is no field ${index}.`);
  return found;
}

function addButton(page: HTMLElement): HTMLButtonElement {
  return button(page, 'Add mapping');
}
