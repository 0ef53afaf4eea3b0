import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withLateAnswer } from '../late-answer.ts';
import { giveRoom, opened, press, row, settled, smallShow, type } from '../opened-app.ts';
import { labelled } from './inspector-fields.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function openedDraft() {
  const window = await opened();
  await press('n');
  await type(labelled(window.page, 'source'), '/desk/knob/1');
  await type(labelled(window.page, 'target'), '/osc/knob');
  return window;
}

describe('an answer that comes late', () => {
  it('[UI175] to a delete leaves the set that was chosen meanwhile, and the field that is typed in', async () => {
    const { page, engine } = await opened();
    row(page, 'm1')?.click();
    await settled();
    const answer = withLateAnswer(engine);
    row(page, 'm1')?.focus();
    await press('Delete', row(page, 'm1'));
    row(page, 'm3')?.click();
    await settled();
    const name = labelled(page, 'name');
    await type(name, 'Fr');
    answer();
    await settled();
    expect(document.activeElement).toBe(name);
    await type(name, 'Front');
    await press('Enter', name);
    expect(engine.document.mappings.map(({ name: saved }) => saved)).toEqual([smallShow.mappings[1]?.name, 'Front']);
  });

  it('[UI175] to a new mapping leaves the focus in the field that is typed in', async () => {
    const { page, engine } = await openedDraft();
    const answer = withLateAnswer(engine);
    await press('Enter', labelled(page, 'target'));
    const name = labelled(page, 'name');
    await type(name, 'Fro');
    answer();
    await settled();
    expect(engine.document.mappings).toHaveLength(4);
    expect(document.activeElement).toBe(name);
  });

  it('[UI175] to a new mapping leaves the set that was chosen meanwhile, and keeps no second one', async () => {
    const { page, engine } = await openedDraft();
    const answer = withLateAnswer(engine);
    await press('Enter', labelled(page, 'target'));
    row(page, 'm3')?.click();
    await settled();
    answer();
    await settled();
    expect(row(page, 'm3')?.getAttribute('aria-selected')).toBe('true');
    await press('n');
    expect(labelled(page, 'source').value).toBe('');
  });
});

describe('a new mapping that was begun before another show took the table', () => {
  it('[UI177] belongs to the show it is added to, with what is typed meanwhile', async () => {
    const { page, engine } = await openedDraft();
    engine.lay({ ...smallShow, name: 'B' });
    await settled();
    const answer = withLateAnswer(engine);
    const target = labelled(page, 'target');
    await press('Enter', target);
    const name = labelled(page, 'name');
    await type(name, 'Front');
    answer();
    await settled();
    await press('Enter', name);
    expect(engine.document.mappings.find(({ source }) => source.pattern === '/desk/knob/1')?.name).toBe('Front');
    expect(page.querySelector('[role="alert"]')).toBeNull();
  });
});
