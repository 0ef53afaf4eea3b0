import { cleanup, render } from '@testing-library/svelte';
import { flushSync, tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyShow, type ShowDocument } from '../../../src-main/contract/show.ts';
import { millis } from '../../../src-main/contract/units.ts';
import App from '../../../src-renderer/App.svelte';
import { fakeLive, FakeEngine, fakeMapping } from '../fake-engine.ts';
import { attachedState, TurnedClock } from '../page-host.ts';

const show: ShowDocument = {
  ...emptyShow('s', 'Winterreise'),
  groups: [{ id: 'g1', name: 'Desk', folded: false }],
  mappings: [fakeMapping(1), fakeMapping(2), fakeMapping(3, { groupId: 'g1' })],
};

beforeEach(() => {
  // happy-dom lays nothing out: rows are drawn only where there is height.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(900);
});
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
    expect(page.textContent).toContain('Nothing was changed.');
    expect(engine.document.mappings.map((one) => `${one.id}${one.name}`)).toEqual(['m1', 'm3']);
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
    const groups = [...page.querySelectorAll('[data-region="inspector"] [role="group"]')];
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

async function opened(document: ShowDocument = show) {
  const engine = new FakeEngine(document);
  const clock = new TurnedClock();
  const state = await attachedState(engine, clock);
  const { container: page } = render(App, { engine: state, shell: undefined, clock });
  await settled();
  return { page, engine, clock };
}

function row(page: HTMLElement, id: string): HTMLElement | null {
  return page.querySelector(`[data-row="${id}"]`);
}

function field(page: HTMLElement, index: number): HTMLInputElement {
  const found = page.querySelectorAll<HTMLInputElement>('[data-region="inspector"] input')[index];
  if (!found) throw new Error(`There is no field ${index}.`);
  return found;
}

function labelled(page: HTMLElement, label: string): HTMLInputElement {
  const labels = [...page.querySelectorAll('[data-region="inspector"] label')];
  const id = labels.find((one) => one.textContent === label)?.getAttribute('for') ?? '';
  const found = document.getElementById(id);
  if (!found) throw new Error(`There is no field ${label}.`);
  return found as HTMLInputElement;
}

function button(page: HTMLElement, words: string): HTMLButtonElement {
  const found = [...page.querySelectorAll('button')].find((one) => one.textContent.trim() === words);
  if (!found) throw new Error(`There is no button ${words}.`);
  return found;
}

function addButton(page: HTMLElement): HTMLButtonElement {
  return button(page, 'Add mapping');
}

async function press(key: string, target: Element | null = document.body, more: KeyboardEventInit = {}): Promise<void> {
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true, ...more }));
  await settled();
}

async function type(input: HTMLInputElement | null | undefined, text: string): Promise<void> {
  if (!input) throw new Error('There is no such field.');
  input.focus();
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await tick();
}
