import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../../src-main/contract/errors.ts';
import type { EditStep } from '../../../src-main/contract/show-edit.ts';
import { emptyShow, signalRuleSchema, type ShowDocument, type SignalRule } from '../../../src-main/contract/show.ts';
import { FakeEngine } from '../fake-engine.ts';
import { withLateAnswer } from '../late-answer.ts';
import { opened, press, settled, type } from '../opened-app.ts';
import { button, labelled } from '../patch/inspector-fields.ts';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const rule = (id: string, pattern: string, more: Partial<SignalRule> = {}): SignalRule =>
  signalRuleSchema.parse({ id, pattern, ...more });
const ruled: ShowDocument = {
  ...emptyShow('s', 'Winterreise'),
  signalRules: [
    rule('wide', '/desk/**', { strategy: 'max' }),
    rule('one', '/desk/master', { strategy: 'lock', datatype: 'number', range: { min: 0, max: 1 } }),
    rule('free', '/sacn/**', { enforce: false }),
  ],
};

async function openedSignals(document = ruled, more: { engine?: FakeEngine } = {}) {
  const window = await opened(document, more);
  await press('9');
  tab(window.page, 'Signals').click();
  await settled();
  return window;
}

const tab = (page: HTMLElement, label: string): HTMLButtonElement => {
  const found = [...page.querySelectorAll<HTMLButtonElement>('.tabs button')].find((one) =>
    one.textContent.trim().startsWith(label),
  );
  if (!found) throw new Error(`There is no tab ${label}.`);
  return found;
};
const line = (page: HTMLElement, id: string): HTMLElement | null => page.querySelector(`[data-row="${id}"]`);
const lines = (page: HTMLElement): string[] =>
  [...page.querySelectorAll<HTMLElement>('[data-row]')].map((each) => each.dataset['row'] ?? '');
const alerts = (page: HTMLElement): string =>
  [...page.querySelectorAll('[role="alert"]')].map(({ textContent }) => textContent).join(' ');
const choose = async (field: HTMLElement, value: string): Promise<void> => {
  (field as HTMLSelectElement).value = value;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  await settled();
};
const ruleIn = (engine: FakeEngine, id: string) => engine.document.signalRules.find((each) => each.id === id);

/** What another window does. */
async function elsewhere(engine: FakeEngine, step: EditStep): Promise<void> {
  await engine.edit({ label: 'elsewhere', steps: [step] });
  await settled();
}

describe('the rules of signals', () => {
  it('[UI410] stand on a page of the area Show in the order in which they count, each in words', async () => {
    const { page } = await openedSignals();
    expect(lines(page)).toEqual(['one', 'wide', 'free']);
    expect(line(page, 'one')?.getAttribute('aria-label')).toBe(
      'rule for /desk/master, first writer locks, values number, 0 to 1',
    );
    expect(line(page, 'free')?.getAttribute('aria-label')).toBe(
      'rule for /sacn/**, as announced, values as announced, announcements do not hold',
    );
    expect(tab(page, 'Signals').textContent).toContain('3');
    expect(page.querySelector('nav [aria-current="page"]')?.textContent).toContain('Show');
    line(page, 'one')?.click();
    await settled();
    expect(page.querySelector('.sentence')?.textContent).toBe(
      'Where writes meet, the first writer holds the lock until it unlocks or leaves. Only numbers are taken. ' +
        'Numbers outside 0 to 1 are refused.',
    );
    tab(page, 'Files').click();
    await settled();
    expect(page.querySelector('h1')?.textContent).toBe('Show');
    expect(page.querySelector('[aria-label="Keeping"]')).not.toBeNull();
  });

  it('[UI410] are said to be none where there are none, with what holds then', async () => {
    const { page } = await openedSignals(emptyShow('s', 'Winterreise'));
    expect(page.querySelector('.empty')?.textContent).toContain('Everywhere the last write holds');
    expect(page.querySelector('[data-region="inspector"]')).toBeNull();
    page.querySelector<HTMLElement>('.empty button')?.click();
    await settled();
    expect(document.activeElement).toBe(labelled(page, 'addresses'));
  });

  it('[UI411] are added with N: a pattern of its own is needed, and Enter takes it', async () => {
    const { page, engine } = await openedSignals();
    await press('n');
    const pattern = labelled(page, 'addresses');
    expect(document.activeElement).toBe(pattern);
    await type(pattern, '/meter');
    await press('Enter', pattern);
    expect(engine.document.signalRules.at(-1)).toMatchObject({ pattern: '/meter', strategy: 'lww' });
    await press('n');
    const second = labelled(page, 'addresses');
    await type(second, '/desk/**');
    expect(alerts(page)).toContain('There is a rule for it already. Change that one.');
    expect(button(page, 'Add rule').disabled).toBe(true);
    await press('Enter', second);
    expect(engine.document.signalRules).toHaveLength(4);
  });

  it('[UI411] are added with what was chosen, and one undo takes it back', async () => {
    const { page, engine } = await openedSignals();
    await press('n');
    await type(labelled(page, 'addresses'), '/meter/**');
    await choose(labelled(page, 'writes that meet'), 'min');
    await choose(labelled(page, 'type of values'), 'i16');
    await choose(labelled(page, 'range of numbers'), 'own');
    const to = labelled(page, 'to');
    await type(to, '255');
    labelled(page, 'addresses').focus();
    await settled();
    await choose(labelled(page, 'announced ranges and types'), 'hold');
    expect(engine.document).toEqual(ruled);
    button(page, 'Add rule').click();
    await settled();
    const added = engine.document.signalRules.at(-1);
    expect(added).toEqual({
      id: added?.id,
      pattern: '/meter/**',
      strategy: 'min',
      datatype: 'i16',
      range: { min: 0, max: 255 },
      enforce: true,
    });
    expect(engine.show.undoLabel).toBe('add the rule for /meter/**');
    expect(document.activeElement).toBe(line(page, added?.id ?? ''));
    await press('z', document.activeElement, { ctrlKey: true });
    expect(engine.document).toEqual(ruled);
  });

  it('[UI411] that were begun are kept while another is looked at, told when the page goes, and gone after Cancel', async () => {
    const { page } = await openedSignals();
    await press('n');
    await type(labelled(page, 'addresses'), '/meter/**');
    line(page, 'wide')?.click();
    await settled();
    expect(labelled(page, 'addresses').value).toBe('/desk/**');
    const leave = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(leave);
    expect(leave.defaultPrevented).toBe(true);
    await press('n');
    expect(labelled(page, 'addresses').value).toBe('/meter/**');
    button(page, 'Cancel').click();
    await settled();
    const again = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(again);
    expect(again.defaultPrevented).toBe(false);
  });

  it('[UI412] are changed field by field, each an edit that says what it was and can be undone', async () => {
    const { page, engine } = await openedSignals();
    line(page, 'one')?.click();
    await settled();
    await choose(labelled(page, 'writes that meet'), 'open');
    expect(engine.show.undoLabel).toBe('change the rule for /desk/master: writes that meet');
    await choose(labelled(page, 'type of values'), 'open');
    await choose(labelled(page, 'announced ranges and types'), 'pass');
    const from = labelled(page, 'from');
    await type(from, '2');
    expect(alerts(page)).toContain('Type 1 or less.');
    await type(from, '-1');
    await press('Enter', from);
    const pattern = labelled(page, 'addresses');
    await type(pattern, '/desk/x**');
    await press('Enter', pattern);
    expect(alerts(page)).toContain('Two stars stand alone between slashes');
    await type(pattern, '/desk/main');
    await press('Enter', pattern);
    expect(ruleIn(engine, 'one')).toEqual({
      ...{ id: 'one', pattern: '/desk/main', strategy: null, datatype: null, enforce: false },
      range: { min: -1, max: 1 },
    });
    await choose(labelled(page, 'range of numbers'), 'open');
    expect(ruleIn(engine, 'one')?.range).toBeNull();
    for (let i = 0; i < 6; i++) await press('z', document.body, { ctrlKey: true });
    expect(engine.document).toEqual(ruled);
  });

  it('[UI413] keep what was refused in its field, with the reason, until it is taken or taken back', async () => {
    const { page, engine } = await openedSignals();
    line(page, 'wide')?.click();
    await settled();
    const pattern = labelled(page, 'addresses');
    engine.refuse('edit', new InputError('duplicate-pattern', 'There is a rule for /meter already.'));
    await type(pattern, '/meter');
    await press('Enter', pattern);
    await settled();
    expect(labelled(page, 'addresses').value).toBe('/meter');
    expect(pattern.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(pattern.getAttribute('aria-describedby') ?? '')?.textContent).toContain(
      'There is a rule for /meter already.',
    );
    expect(line(page, 'wide')?.getAttribute('aria-label')).toContain('a change was refused');
    // Another field goes through beside it.
    await choose(labelled(page, 'writes that meet'), 'min');
    expect(ruleIn(engine, 'wide')).toMatchObject({ pattern: '/desk/**', strategy: 'min' });
    expect(labelled(page, 'addresses').value).toBe('/meter');
    button(page, 'Try again').click();
    await settled();
    expect(ruleIn(engine, 'wide')).toMatchObject({ pattern: '/meter', strategy: 'min' });
    expect(alerts(page)).toBe('');
    engine.refuse('edit', new InputError('bad-arguments', 'Not so.'));
    await choose(labelled(page, 'writes that meet'), 'lock');
    await settled();
    expect(labelled(page, 'writes that meet').value).toBe('lock');
    button(page, 'Take back').click();
    await settled();
    expect(labelled(page, 'writes that meet').value).toBe('min');
    expect(alerts(page)).toBe('');
  });

  it('[UI413] keep nothing of it for a rule of the same id in another show', async () => {
    const { page, engine } = await openedSignals();
    line(page, 'wide')?.click();
    await settled();
    engine.refuse('edit', new InputError('bad-arguments', 'Not so.'));
    await choose(labelled(page, 'writes that meet'), 'lock');
    await settled();
    expect(alerts(page)).toContain('Not so.');
    engine.lay({ ...ruled, id: 'copy', name: 'Copy' });
    await settled();
    expect(labelled(page, 'addresses').value).toBe('/desk/**');
    expect(labelled(page, 'writes that meet').value).toBe('max');
    expect(alerts(page)).toBe('');
  });

  it('[UI414] are changed in two windows at once, and both keep what they did', async () => {
    const { page, engine } = await openedSignals();
    line(page, 'one')?.click();
    await settled();
    const to = labelled(page, 'to');
    await type(to, '5');
    const { strategy: _strategy, ...rest } = ruled.signalRules[1] ?? rule('one', '/x');
    await elsewhere(engine, { do: 'put', list: 'signalRules', item: { ...rest, strategy: 'merge' } });
    expect(labelled(page, 'to')).toBe(to);
    expect(to.value).toBe('5');
    await press('Enter', to);
    expect(ruleIn(engine, 'one')).toMatchObject({ strategy: 'merge', range: { min: 0, max: 5 } });
  });

  it('[UI414] that another window deletes take no text with them unsaid, and no other rule gets it', async () => {
    const { page, engine } = await openedSignals();
    line(page, 'one')?.click();
    await settled();
    await type(labelled(page, 'addresses'), '/desk/typed');
    await elsewhere(engine, { do: 'remove', list: 'signalRules', id: 'one' });
    expect(lines(page)).toEqual(['wide', 'free']);
    expect(alerts(page)).toContain('Not taken: “/desk/typed” as addresses of the rule for /desk/master');
    expect(alerts(page)).toContain('is not in the show any more');
    expect(engine.document.signalRules.map(({ pattern }) => pattern)).toEqual(['/desk/**', '/sacn/**']);
  });

  it('[UI415] are reached by keys: arrows, Home and End, Enter inspects, Delete takes out, and the corner brings back', async () => {
    const { page, engine } = await openedSignals();
    line(page, 'one')?.focus();
    await press('ArrowDown', line(page, 'one'));
    expect(document.activeElement).toBe(line(page, 'wide'));
    await press('End', document.activeElement);
    expect(document.activeElement).toBe(line(page, 'free'));
    await press('Home', document.activeElement);
    await press('Enter', document.activeElement);
    expect(document.activeElement).toBe(labelled(page, 'addresses'));
    expect(labelled(page, 'addresses').value).toBe('/desk/master');
    await press('Escape', document.activeElement);
    expect(document.activeElement).toBe(line(page, 'one'));
    await press('Delete', document.activeElement);
    expect(lines(page)).toEqual(['wide', 'free']);
    expect(document.activeElement).toBe(line(page, 'wide'));
    button(page, 'Undo').click();
    await settled();
    expect(engine.document.signalRules).toHaveLength(3);
    expect(engine.document).toEqual(ruled);
  });

  it('[UI415] a late answer to a new rule leaves the row that was chosen meanwhile', async () => {
    const { page, engine } = await openedSignals();
    await press('n');
    await type(labelled(page, 'addresses'), '/meter/**');
    const answer = withLateAnswer(engine);
    await press('Enter', labelled(page, 'addresses'));
    line(page, 'free')?.click();
    await settled();
    answer();
    await settled();
    await settled();
    expect(lines(page)).toHaveLength(4);
    expect(line(page, 'free')?.getAttribute('aria-selected')).toBe('true');
    expect(labelled(page, 'addresses').value).toBe('/sacn/**');
  });
});

describe('what holds for all signals', () => {
  const field = (page: HTMLElement, label: string): HTMLInputElement => {
    const id = [...page.querySelectorAll('label')].find((one) => one.textContent === label)?.getAttribute('for');
    return document.getElementById(id ?? '') as HTMLInputElement;
  };
  const lock = (page: HTMLElement, name: string) =>
    page.querySelector<HTMLElement>(`[role="switch"][aria-label="${name}"]`);

  it('[UI416] is switched and chosen above the rules: announced ranges and types, and late bundles', async () => {
    const { page, engine } = await openedSignals();
    lock(page, 'Announced ranges hold')?.click();
    await settled();
    lock(page, 'Announced types hold')?.click();
    await settled();
    expect(engine.show.undoLabel).toBe('change which announcements hold');
    await choose(field(page, 'late bundles'), 'drop');
    const tolerance = field(page, 'when later than');
    await type(tolerance, '3600001');
    await press('Enter', tolerance);
    expect(alerts(page)).toContain('Type 0 to 3');
    await type(tolerance, '20');
    await press('Enter', tolerance);
    expect(engine.document.settings).toEqual({
      ...ruled.settings,
      signals: { enforceRanges: true, enforceTypes: true },
      lateBundles: { policy: 'drop', toleranceMs: 20 },
    });
    engine.refuse('edit', new InputError('bad-arguments', 'Not so.'));
    lock(page, 'Announced types hold')?.click();
    await settled();
    expect(alerts(page)).toContain('Not so.');
  });

  it('[UI416] is changed in two windows at once, and both keep what they did', async () => {
    const { page, engine } = await openedSignals();
    const edit = engine.edit.bind(engine);
    engine.edit = async (request) => {
      engine.edit = edit;
      const settings = { ...ruled.settings, signals: { ...ruled.settings.signals, enforceTypes: true } };
      await elsewhere(engine, { do: 'settings', settings });
      expect(request.basedOn).toBe(1);
      throw new InputError('changed-meanwhile', 'Somebody was faster.');
    };
    lock(page, 'Announced ranges hold')?.click();
    await settled();
    await settled();
    expect(engine.document.settings.signals).toEqual({ enforceRanges: true, enforceTypes: true });
  });

  it('[UI416] says where the command line goes before the show', async () => {
    const engine = new FakeEngine(ruled);
    engine.lateBundlesGiven = { policy: 'drop', toleranceMs: 1000 };
    const { page } = await openedSignals(ruled, { engine });
    expect(page.textContent).toContain(
      'Now they are dropped after 1\u2009000 ms: --late-bundles goes before the show.',
    );
  });
});
