import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import type { FakeEngine } from '../fake-engine.ts';
import { giveRoom, opened, press, row, settled, smallShow, type } from '../opened-app.ts';
import { labelled } from './inspector-fields.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('what learn hears for', () => {
  it('[UI130] is named, and gets what is picked, also when it was added meanwhile', async () => {
    const { page, engine } = await opened();
    await press('n');
    await type(labelled(page, 'source'), '/desk/knob/1');
    await type(labelled(page, 'target'), '/osc/knob');
    await press('l', page);
    expect(panel(page)).toContain('Listening for the source of set 4');
    labelled(page, 'target').focus();
    await press('Enter', labelled(page, 'target'));
    expect(engine.document.mappings).toHaveLength(4);
    expect(panel(page)).toContain('Listening for the source of set 4');
    await hear(engine, '/desk/fader/9');
    await press('Enter', page.querySelector('[role="listbox"]'));
    expect(engine.document.mappings.find((one) => one.number === 4)?.source.pattern).toBe('/desk/fader/9');
  });

  it.each([
    ['another set is chosen', async (page: HTMLElement) => row(page, 'm3')?.click(), 'shows set 3 now'],
    ['the lock of another set is pressed', async (page: HTMLElement) => lock(page, 'm3').click(), 'shows set 3 now'],
    ['a new one is begun', async () => press('n'), 'shows set 4 now'],
    ['it is deleted here', async (page: HTMLElement) => press('Delete', row(page, 'm2')), 'L listens again'],
  ] as const)('[UI130] is given up, with a word, when %s', async (_when, act, words) => {
    const { page, engine } = await listeningFor2();
    await act(page);
    await settled();
    expect(panel(page)).toBe('');
    expect(page.textContent).toContain('Learn for set 2 has ended');
    expect(page.textContent).toContain(words);
    expect(engine.calls.map(({ name }) => name)).toContain('stopLearn');
    expect(engine.document.mappings.map(({ source }) => source.pattern)).not.toContain('/desk/fader/9');
  });

  it('[UI130] is given up when another window deletes it, and when another show takes the table', async () => {
    const first = await listeningFor2();
    await first.engine.edit({ label: 'theirs', steps: [{ do: 'remove', list: 'mappings', id: 'm2' }] });
    await settled();
    expect(panel(first.page)).toBe('');
    expect(first.page.textContent).toMatch(/Set 2 was deleted in another window\.\s*Learn for it has ended\./);
    cleanup();
    const second = await listeningFor2();
    replaceShow(second.engine);
    await settled();
    expect(panel(second.page)).toBe('');
    expect(second.page.textContent).toContain('Learn has ended: another show is on the table.');
  });

  it('[UI130] a new mapping with nothing in it is given up when another set is chosen', async () => {
    const { page } = await opened();
    await press('n');
    await press('l', page);
    row(page, 'm2')?.click();
    await settled();
    expect(panel(page)).toBe('');
    expect(page.textContent).toContain('Learn for set 4 has ended');
    expect(page.querySelector('[role="alert"]')).toBeNull();
  });
});

async function listeningFor2() {
  const window = await opened();
  row(window.page, 'm2')?.click();
  await press('l');
  await hear(window.engine, '/desk/fader/9');
  expect(panel(window.page)).toContain('Listening for the source of set 2');
  return window;
}

async function hear(engine: FakeEngine, address: string): Promise<void> {
  const at = millis(1_795_295_647_000);
  const candidate = { address, kind: 'param', value: f64(0.5), count: 3, travel: 1, firstAt: at, lastAt: at } as const;
  engine.emit('learn', { candidates: [candidate], among: 1 });
  await settled();
}

function replaceShow(engine: FakeEngine): void {
  engine.lay({ ...smallShow });
}

function panel(page: HTMLElement): string {
  return page.querySelector('[aria-label="Learn"]')?.textContent ?? '';
}

function lock(page: HTMLElement, id: string): HTMLElement {
  return row(page, id)?.querySelector('[role="switch"]') as HTMLElement;
}
