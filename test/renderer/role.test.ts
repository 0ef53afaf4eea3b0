import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from './fake-engine.ts';
import { giveRoom, opened, press, row, settled, smallShow } from './opened-app.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function openedAs(role: FakeEngine['role']) {
  const engine = new FakeEngine(smallShow);
  engine.role = role;
  return opened(smallShow, { engine });
}

describe('a page that may not edit', () => {
  for (const [role, word] of [
    ['view', 'View'],
    ['control', 'Control'],
  ] as const) {
    it(`[RS14] says ${word}, shows the rig, and offers nothing that edits`, async () => {
      const { page, engine } = await openedAs(role);
      expect(page.querySelector('header .role')?.textContent).toBe(word);
      expect(row(page, 'm1')).not.toBeNull();
      expect(page.querySelector('nav')?.textContent).not.toContain('Show');
      expect(page.querySelector('main fieldset')?.hasAttribute('data-look-only')).toBe(true);
      await press('n');
      expect(page.textContent).toContain(`Add a mapping: this page has the role ${word}.`);
      const tabs = page.querySelectorAll<HTMLElement>('main .tabs button');
      tabs[1]?.click();
      await settled();
      expect(tabs[1]?.getAttribute('aria-pressed')).toBe('true');
      page.querySelector<HTMLElement>('main [role="switch"]')?.click();
      await settled();
      await press('7');
      await press('8');
      await press('9');
      expect(page.querySelector('nav [aria-current="page"]')?.textContent).toContain('Monitor');
      const needed = engine.calls
        .map(({ name }) => name)
        .filter((name) => name !== 'snapshot' && name !== 'watchMonitor');
      expect(needed).toEqual([]);
    });
  }

  it('[RS14] lets Edit do all, and wears no badge', async () => {
    const { page } = await openedAs('edit');
    expect(page.querySelector('header .role')).toBeNull();
    expect(page.querySelector('main fieldset')?.hasAttribute('aria-disabled')).toBe(false);
    expect(page.querySelector('nav')?.textContent).toContain('Show');
  });
});
