import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { giveRoom, opened, press, row, settled, smallShow, type } from '../opened-app.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

type Opened = Awaited<ReturnType<typeof opened>>;

const field = (page: HTMLElement, label: string): HTMLInputElement => {
  const found = [...page.querySelectorAll('main label')].find((each) => each.textContent.trim() === label);
  return page.querySelector<HTMLInputElement>(
    `#${CSS.escape(found?.getAttribute('for') ?? 'none')}`,
  ) as HTMLInputElement;
};

async function renaming(page: HTMLElement): Promise<HTMLInputElement> {
  row(page, 'g1')?.querySelector<HTMLElement>('[aria-label="Rename Desk"]')?.click();
  await settled();
  return row(page, 'g1')?.querySelector('input') as HTMLInputElement;
}

async function lose({ state }: Opened): Promise<void> {
  state.detach();
  state.connection = 'lost';
  await settled();
}

async function find({ state, engine }: Opened): Promise<void> {
  await state.attach(engine);
  await settled();
}

describe('a text that was being typed when the engine went', () => {
  it('[UI120] is handed on by its field when the engine is back, also when it was left meanwhile', async () => {
    const window = await opened();
    const name = field(window.page, 'name');
    await type(name, 'Back light');
    await lose(window);
    name.blur();
    expect(name.value).toBe('Back light');
    await find(window);
    expect(window.engine.document.mappings[0]?.name).toBe('Back light');
  });

  it('[UI120] stays a draft while the cursor is still in it', async () => {
    const window = await opened();
    await type(field(window.page, 'name'), 'Back li');
    await lose(window);
    await find(window);
    expect(window.engine.calls.some(({ name }) => name === 'edit')).toBe(false);
    expect(field(window.page, 'name').value).toBe('Back li');
  });

  it('[UI120] waits, when its field goes away, and the page says so and what became of it', async () => {
    for (const go of [
      async ({ page }: Opened) => row(page, 'm2')?.click(),
      async () => press('8'),
      async () => press('9'),
      async ({ state }: Opened) => (state.connection = 'refused'),
    ]) {
      const window = await opened();
      const name = field(window.page, 'name');
      await type(name, 'Side light');
      await lose(window);
      name.blur();
      await go(window);
      await settled();
      expect(window.engine.document.mappings[0]?.name).toBe('');
      if (window.state.offline) expect(window.page.textContent).toContain('Not taken yet: “Side light” as name');
      await find(window);
      expect(window.engine.document.mappings[0]?.name).toBe('Side light');
      expect(window.page.textContent).toContain('Taken: “Side light” as name');
      expect(window.page.textContent).not.toContain('Not taken yet');
      cleanup();
    }
  });

  it('[UI120] waits as an address, as a number and as the name of the show as well', async () => {
    for (const [area, label, text, got] of [
      ['1', 'target', '/sacn/1/77', (window: Opened) => window.engine.document.mappings[0]?.target.address],
      ['9', 'autosave after', '77', (window: Opened) => window.engine.document.settings.autosaveSeconds],
      ['9', 'name', '77', (window: Opened) => window.engine.document.name],
    ] as const) {
      const window = await opened();
      await press(area);
      const input = field(window.page, label);
      await type(input, text);
      await lose(window);
      input.blur();
      await press('8');
      await find(window);
      expect(String(got(window)).endsWith('77'), label).toBe(true);
      cleanup();
    }
  });

  it('[UI120] waits as the name of a group as well, for that group wherever its row is by then', async () => {
    const window = await opened();
    const { page, state, engine } = window;
    await type(await renaming(page), 'Light');
    await lose(window);
    // What is searched for leaves the row out.
    await type(page.querySelector<HTMLInputElement>('input[type="search"]'), '/desk/fader/1');
    await settled();
    expect(row(page, 'g1')).toBeNull();
    expect(page.textContent).toContain('Not taken yet: “Light” as name of the group');
    engine.document = { ...engine.document, groups: [{ id: 'g0', name: 'First', folded: false }, ...smallShow.groups] };
    await find(window);
    expect(state.document.groups.map((group) => group.name)).toEqual(['First', 'Light']);
    expect(page.textContent).toContain('Taken: “Light” as name of the group');
  });

  it('[UI120] is handed on by the field of a group that stays, and no empty name is', async () => {
    for (const [text, got] of [
      ['Light', 'Light'],
      ['  ', 'Desk'],
    ] as const) {
      const window = await opened();
      const input = await renaming(window.page);
      await type(input, text);
      await lose(window);
      input.blur();
      await settled();
      expect(input.value).toBe(text);
      await find(window);
      expect(window.engine.document.groups[0]?.name).toBe(got);
      expect(row(window.page, 'g1')?.querySelector('input')).toBeNull();
      cleanup();
    }
  });

  it('[UI150] waits as well when it was on its way, is said for as long as it waits, and stands in its field', async () => {
    vi.useFakeTimers();
    try {
      const window = await opened();
      const { page, engine } = window;
      const edit = engine.edit.bind(engine);
      engine.edit = () => new Promise(() => undefined);
      for (const [label, text] of [
        ['name', 'Back light'],
        ['target', '/sacn/1/77'],
      ] as const) {
        await type(field(page, label), text);
        await press('Enter', field(page, label));
      }
      await lose(window);
      vi.advanceTimersByTime(60_000);
      await settled();
      expect(page.textContent).toContain('Not taken yet: “Back light” as name, “/sacn/1/77” as target');
      await press('8');
      await press('1');
      expect(field(page, 'name').value).toBe('Back light');
      engine.edit = edit;
      await find(window);
      expect(engine.document.mappings[0]).toMatchObject({ name: 'Back light', target: { address: '/sacn/1/77' } });
      expect(page.textContent).not.toContain('Not taken yet');
      expect(page.textContent).toContain('Taken: “Back light” as name');
      expect(page.textContent).toContain('Taken: “/sacn/1/77” as target');
    } finally {
      vi.useRealTimers();
    }
  });

  it('[UI401] is named in a fault when the engine had made it and another window undid it', async () => {
    const window = await opened();
    const { page, engine } = window;
    const edit = engine.edit.bind(engine);
    engine.edit = async (request) => {
      engine.edit = edit;
      await lose(window);
      await edit(request);
      return new Promise(() => undefined);
    };
    await type(field(page, 'name'), 'Back light');
    await press('Enter', field(page, 'name'));
    await engine.undo();
    await find(window);
    expect(engine.document.mappings[0]?.name).toBe('');
    expect(page.querySelector('[aria-label="Messages"] [role="alert"]')?.textContent).toContain(
      'Not taken again: “Back light” as name',
    );
    expect(page.textContent).not.toContain('Not taken yet');
  });

  it('[UI152] is named in a fault that stays when the engine does not say whether it has it', async () => {
    const { page, engine } = await opened();
    engine.edit = () =>
      Promise.reject(new UnavailableError('link-closed', 'The engine did not answer edit within 30 s.'));
    await type(field(page, 'name'), 'Back light');
    await press('Enter', field(page, 'name'));
    await settled();
    expect(page.querySelector('[aria-label="Messages"] [role="alert"]')?.textContent).toContain(
      'Not taken: “Back light” as name',
    );
  });

  it('[UI120] is not put into another show, and said to be refused', async () => {
    const window = await opened();
    await press('9');
    const name = field(window.page, 'name');
    await type(name, 'Second cast');
    await lose(window);
    name.blur();
    await press('8');
    window.engine.lay({ ...smallShow, id: 'other', name: 'Other' });
    await find(window);
    expect(window.engine.document.name).toBe('Other');
    expect(window.page.textContent).toContain('Not taken: “Second cast” as name');
  });

  it('[UI120] is said to be refused by the engine, and to be lost when it will not do', async () => {
    const window = await opened();
    await type(field(window.page, 'target'), '/sacn//9');
    await lose(window);
    await press('8');
    expect(window.page.textContent).toContain('Not taken: “/sacn//9” as target');
    await press('1');
    await find(window);
    await type(field(window.page, 'name'), 'Side light');
    await lose(window);
    await press('8');
    window.engine.refuse('edit', new UnavailableError('cannot-write-file', 'The disk is full.'));
    await find(window);
    expect(window.page.textContent).toContain('Not taken: “Side light” as name');
  });
});

describe('commands on the show', () => {
  it('[UI122] hand on first what stands in the field, and leave the cursor there', async () => {
    const { page, engine } = await opened();
    const name = field(page, 'name');
    await type(name, 'Third');
    await press('s', name, { ctrlKey: true });
    expect(engine.calls.map((call) => call.name).filter((call) => call !== 'snapshot')).toEqual(['edit', 'saveShow']);
    expect(engine.document.mappings[0]?.name).toBe('Third');
    expect(document.activeElement).toBe(name);
    expect(name.value).toBe('Third');
  });

  it('[UI122] hand on first the name of a group, whose field keeps the other keys of the table', async () => {
    const { page, engine } = await opened();
    const input = await renaming(page);
    await type(input, 'Light');
    await press('ArrowDown', input);
    expect(document.activeElement).toBe(input);
    await press('s', input, { ctrlKey: true });
    expect(engine.calls.map((call) => call.name).filter((call) => call !== 'snapshot')).toEqual(['edit', 'saveShow']);
    expect(engine.document.groups[0]?.name).toBe('Light');
    expect(document.activeElement).toBe(input);
    await type(input, 'Lights');
    await press('Escape', input);
    expect(engine.document.groups[0]?.name).toBe('Light');
    expect(document.activeElement).toBe(row(page, 'g1'));
  });

  it('[UI121] say what an undo took back, with the edits counted in that were under way', async () => {
    const { page, engine } = await opened();
    await press(' ', row(page, 'm2'));
    const name = field(page, 'name');
    await type(name, 'Second');
    // Both in one turn of the page: the edit is on its way when the undo is asked for.
    name.dispatchEvent(new FocusEvent('blur'));
    await press('z', document.body, { ctrlKey: true });
    expect(page.textContent).toContain('Undone: change set');
    expect(page.textContent).not.toContain('Undone: lock set 2');
    await press('z', document.body, { ctrlKey: true, shiftKey: true });
    expect(page.textContent).toContain('Done again: change set');
    expect(engine.document.mappings.some((mapping) => mapping.name === 'Second')).toBe(true);
  });

  it('[UI126] without an engine still go to the search of the patch', async () => {
    const window = await opened();
    await lose(window);
    await press('/');
    expect(document.activeElement).toBe(window.page.querySelector('input[type="search"]'));
  });
});

describe('a show of the same id that took the table while there was no engine', () => {
  const tuesday = {
    ...smallShow,
    name: 'Tuesday',
    mappings: smallShow.mappings.map((each) => ({ ...each, name: 'T' })),
  };

  it('[UI400] gets no text of the one before, which is named in a fault', async () => {
    const window = await opened();
    const name = field(window.page, 'name');
    await type(name, 'Back light');
    await lose(window);
    name.blur();
    window.engine.lay(tuesday);
    await find(window);
    expect(window.engine.document).toEqual(tuesday);
    expect(window.page.textContent).toContain('Not taken: “Back light” as name of set 1');
    expect(field(window.page, 'name').value).toBe('T');
  });

  it('[UI400] gets no text that waited for the one before', async () => {
    const window = await opened();
    const name = field(window.page, 'name');
    await type(name, 'Back light');
    await lose(window);
    name.blur();
    row(window.page, 'm2')?.click();
    await settled();
    expect(window.page.textContent).toContain('Not taken yet: “Back light” as name');
    window.engine.lay(tuesday);
    await find(window);
    expect(window.engine.document).toEqual(tuesday);
    expect(window.page.textContent).toContain('Not taken: “Back light” as name');
    expect(window.page.textContent).toContain('Another show is on the table now. Nothing was changed in it.');
  });

  it('[UI400] gets no name and no setting that was typed on the Show page, with the cursor in its field or not', async () => {
    for (const [label, text] of [
      ['name', 'Monday'],
      ['autosave after', '77'],
    ] as const) {
      for (const leaves of [true, false]) {
        const window = await opened();
        await press('9');
        const input = field(window.page, label);
        await type(input, text);
        await lose(window);
        if (leaves) input.blur();
        window.engine.lay(tuesday);
        await find(window);
        expect(window.engine.document).toEqual(tuesday);
        expect(window.page.textContent, label).toContain(`Not taken: “${text}” as ${label} of Winterreise`);
        cleanup();
      }
    }
  });

  it('[UI150] is not another when the engine comes back with what it had', async () => {
    const window = await opened();
    const name = field(window.page, 'name');
    await type(name, 'Back light');
    await lose(window);
    name.blur();
    window.engine.revision += 3;
    await find(window);
    expect(window.engine.document.mappings[0]?.name).toBe('Back light');
  });
});
