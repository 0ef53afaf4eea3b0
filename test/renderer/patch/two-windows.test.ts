import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../../src-main/contract/errors.ts';
import type { Edit } from '../../../src-main/contract/show-edit.ts';
import type { Transform } from '../../../src-main/contract/show.ts';
import type { FakeEngine } from '../fake-engine.ts';
import { fakeMapping } from '../fake-parts.ts';
import { giveRoom, opened, press, row, settled, smallShow, type } from '../opened-app.ts';
import { button, labelled } from './inspector-fields.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const scale = (outMax: number): Transform => ({
  type: 'scale',
  enabled: true,
  inMin: 0,
  inMax: 1,
  outMin: 0,
  outMax,
});
const clamp: Transform = { type: 'clamp', enabled: true, min: 0, max: 1 };

describe('a number that is typed into a step while another window', () => {
  it.each([
    ['moves the step', [scale(10), clamp], [clamp, scale(10)], [clamp, scale(77)]],
    ['removes the step before it', [clamp, scale(10)], [scale(10)], [scale(77)]],
    ['removes one of its kind', [scale(20), scale(10)], [scale(10)], [scale(77)]],
    ['adds a step before it', [scale(10)], [clamp, scale(10)], [clamp, scale(77)]],
  ])('[UI131] %s, goes into that step', async (_what, before, theirs, after) => {
    const { page, engine } = await opened(chained(before));
    const at = before.findLastIndex((step) => step.type === 'scale') - (before[0]?.type === 'clamp' ? 1 : 0);
    const field = labelled(page, 'to', at);
    await type(field, '77');
    await setChain(engine, theirs);
    expect(field.isConnected).toBe(true);
    expect(field.value).toBe('77');
    await press('Enter', field);
    expect(engine.document.mappings[0]?.transforms).toEqual(after);
    expect(page.querySelector('[role="alert"]')).toBeNull();
  });

  it.each([
    ['alone', [scale(10)], []],
    ['beside another of its kind', [scale(10), scale(20)], [scale(20)]],
    ['before another kind', [scale(10), clamp], [clamp]],
  ])('[UI131] removes the step, %s, changes no other and is said', async (_where, before, theirs) => {
    const { page, engine } = await opened(chained(before));
    const field = labelled(page, 'to');
    await type(field, '77');
    await setChain(engine, theirs);
    expect(field.isConnected).toBe(false);
    field.dispatchEvent(new Event('blur'));
    await settled();
    expect(engine.document.mappings[0]?.transforms).toEqual(theirs);
    const said = page.querySelector('[role="alert"]')?.textContent;
    expect(said).toContain('Not taken: “77” as to of Scale of set 1');
    expect(said).toContain('Scale is not in the chain any more. Nothing was changed.');
  });

  it('[UI131] goes nowhere when the step was removed before the engine heard of it', async () => {
    const { page, engine } = await opened(chained([scale(10), scale(20)]));
    const field = labelled(page, 'to');
    await type(field, '77');
    const edit = engine.edit.bind(engine);
    engine.edit = async (request) => {
      engine.edit = edit;
      await setChain(engine, [scale(20)]);
      expect(request.steps).toHaveLength(1);
      // What the engine says to an edit that was made from an older show.
      throw new InputError('changed-meanwhile', 'Somebody was faster.');
    };

    await press('Enter', field);
    await settled();
    await settled();
    expect(engine.document.mappings[0]?.transforms).toEqual([scale(20)]);
    expect(page.querySelector('[role="alert"]')?.textContent).toContain('The step is not in the chain any more.');
  });

  it.each([true, false])(
    '[UI171] puts a new step of its kind there over an outage, stays out of it, left before: %s',
    async (left) => {
      const { page, engine, state } = await opened(chained([scale(10), clamp]));
      const field = labelled(page, 'to');
      await type(field, '77');
      state.connection = 'lost';
      state.detach();
      await settled();
      if (left) field.blur();
      await settled();
      engine.document = chained([clamp, scale(99)]);
      engine.revision = 9;
      await state.attach(engine);
      await settled();
      expect(engine.document.mappings[0]?.transforms).toEqual([clamp, scale(99)]);
      expect(page.querySelector('[role="alert"]')?.textContent).toContain('Not taken: “77” as to of Scale of set 1');
    },
  );

  it.each(['in its field', 'left', 'handed on'] as const)(
    '[UI408] puts a step of its kind in its very place over an outage, stays out of it and is quoted: %s',
    async (how) => {
      const { page, engine, state } = await opened(chained([scale(10), clamp]));
      const field = labelled(page, 'to');
      await type(field, '77');
      const edit = engine.edit.bind(engine);
      engine.edit = () => new Promise(() => undefined);
      if (how === 'handed on') await press('Enter', field);
      engine.edit = edit;
      state.connection = 'lost';
      state.detach();
      await settled();
      if (how === 'left') field.blur();
      await settled();
      engine.document = chained([scale(99), clamp]);
      engine.revision = 9;
      await state.attach(engine);
      await settled();
      expect(engine.document.mappings[0]?.transforms).toEqual([scale(99), clamp]);
      expect(labelled(page, 'to').value).toBe('99');
      expect(alerts(page).join()).toContain('Not taken: “77” as to');
    },
  );

  it('[UI408] leaves it as it is, gets its numbers over an outage, also several and behind a step that came', async () => {
    const { page, engine, state } = await opened(chained([scale(10), clamp]));
    const edit = engine.edit.bind(engine);
    engine.edit = () => new Promise(() => undefined);
    await type(labelled(page, 'to'), '77');
    await press('Enter', labelled(page, 'to'));
    await type(labelled(page, 'to'), '88');
    await press('Enter', labelled(page, 'to'));
    engine.edit = edit;
    state.connection = 'lost';
    state.detach();
    engine.document = chained([clamp, scale(10), clamp]);
    engine.revision = 9;
    await state.attach(engine);
    await settled();
    expect(engine.document.mappings[0]?.transforms).toEqual([clamp, scale(88), clamp]);
    expect(alerts(page)).toEqual([]);
  });
});

describe('another show with sets of the same ids', () => {
  it('[UI132] gets no text that was typed for the one before, which is said', async () => {
    const { page, engine } = await opened(chained([scale(10)]));
    for (const [label, text] of [
      ['name', 'Balcony'],
      ['target', '/sacn/1/99'],
      ['to', '77'],
    ] as const) {
      const field = labelled(page, label);
      await type(field, text);
      await replaceShow(engine);
      expect(labelled(page, label).value).not.toBe(text);
      field.dispatchEvent(new Event('blur'));
      await settled();
      expect(engine.document).toEqual(chained([scale(10)]));
      expect(page.textContent).toContain(`Not taken: “${text}” as ${label} of`);
      expect(page.textContent).toContain('Another show is on the table now. Nothing was changed in it.');
    }
  });

  it('[UI132] gets no name for a group, and no key meant for a row', async () => {
    const { page, engine } = await opened();
    button(page, 'Rename Desk').click();
    await settled();
    const field = row(page, 'g1')?.querySelector('input') as HTMLInputElement;
    await type(field, 'Light');
    await replaceShow(engine, smallShow);
    expect(row(page, 'g1')?.querySelector('input')).toBeNull();
    expect(engine.document.groups[0]?.name).toBe('Desk');
    expect(page.textContent).toContain('Not taken: “Light” as name of the group');
    row(page, 'm2')?.focus();
    await replaceShow(engine, smallShow);
    expect(page.querySelector('[role="treegrid"]')?.contains(document.activeElement)).toBe(false);
  });

  it('[UI132] leaves a new mapping that is being written as it is', async () => {
    const { page, engine } = await opened();
    await press('n');
    const field = labelled(page, 'source');
    await type(field, '/desk/knob/1');
    await replaceShow(engine, smallShow);
    expect(document.activeElement).toBe(field);
    expect(field.value).toBe('/desk/knob/1');
  });
});

describe('a text that will not do', () => {
  it('[UI133] is said when another row is chosen, with what it wants', async () => {
    const { page, engine } = await opened(chained([scale(10)]));
    await type(labelled(page, 'source'), '/desk//fader/99');
    row(page, 'm2')?.click();
    await settled();
    expect(page.textContent).toContain('Not taken: “/desk//fader/99” as source of set 1');
    expect(page.textContent).toContain('Two slashes meet. Remove one.');
    row(page, 'm1')?.click();
    await settled();
    await type(labelled(page, 'to'), 'ten');
    row(page, 'm2')?.click();
    await settled();
    expect(page.textContent).toContain('Not taken: “ten” as to of Scale of set 1');
    expect(engine.calls.some(({ name }) => name === 'edit')).toBe(false);
  });

  it('[UI133] is not said of what was cancelled, deleted or removed by who typed it', async () => {
    const { page } = await opened(chained([scale(10)]));
    await type(labelled(page, 'to'), 'ten');
    button(page, 'Remove Scale').click();
    await settled();
    await type(labelled(page, 'source'), '/desk//1');
    button(page, 'Delete set 1').click();
    await settled();
    await press('n');
    const add = page.querySelector('[aria-label="Add step"]') as HTMLSelectElement;
    add.selectedIndex = 1;
    add.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
    await type(labelled(page, 'to'), 'ten');
    button(page, 'Cancel').click();
    await settled();
    expect(page.textContent).not.toContain('Not taken');
  });
});

describe('a set that another window deletes', () => {
  const remove: Edit = { label: 'theirs', steps: [{ do: 'remove', list: 'mappings', id: 'm1' }] };

  it('[UI406] leaves the text that was typed for it quoted, also when the set is back', async () => {
    const { page, engine } = await opened();
    await type(labelled(page, 'name'), 'Front of house');
    await engine.edit(remove);
    await settled();
    const quoted = 'Not taken: “Front of house” as name of set 1 Set 1 was deleted in another window.';
    expect(alerts(page)).toEqual([quoted]);
    await engine.undo();
    await settled();
    expect(alerts(page)).toEqual([quoted]);
  });

  it('[UI406] leaves the text that was on its way quoted', async () => {
    const { page, engine } = await opened();
    const edit = engine.edit.bind(engine);
    engine.edit = async () => {
      engine.edit = edit;
      await edit(remove);
      throw new InputError('changed-meanwhile', 'Set 1 was changed meanwhile.');
    };
    await type(labelled(page, 'name'), 'Front of house');
    await press('Enter', labelled(page, 'name'));
    expect(alerts(page)).toContainEqual(expect.stringContaining('Not taken: “Front of house” as name'));
  });

  it('[UI406] leaves nothing of a text that was typed for a set deleted here', async () => {
    const { page } = await opened();
    await type(labelled(page, 'name'), 'Front of house');
    button(page, 'Delete set 1').click();
    await settled();
    expect(alerts(page)).toEqual([]);
  });
});

function alerts(page: HTMLElement): string[] {
  const found = [...page.querySelectorAll('[aria-label="Messages"] [role="alert"]')];
  return found.map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());
}

function chained(transforms: Transform[]) {
  return { ...smallShow, mappings: [fakeMapping(1, { transforms }), fakeMapping(2)] };
}

async function setChain(engine: FakeEngine, transforms: Transform[]): Promise<void> {
  const item = fakeMapping(1, { transforms });
  await engine.edit({ label: 'theirs', steps: [{ do: 'put', list: 'mappings', item }] });
  await settled();
}

async function replaceShow(engine: FakeEngine, document = chained([scale(10)])): Promise<void> {
  engine.lay(document);
  await settled();
}
