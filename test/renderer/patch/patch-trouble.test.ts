import { cleanup } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LiveMapping } from '../../../src-main/contract/live-events.ts';
import { InputError, UnavailableError } from '../../../src-main/contract/errors.ts';
import { millis } from '../../../src-main/contract/units.ts';
import type { FakeEngine } from '../fake-engine.ts';
import { fakeLive } from '../fake-parts.ts';
import type { TurnedClock } from '../page-host.ts';
import { giveRoom, opened, press, row, settled } from '../opened-app.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const lost = new UnavailableError('link-closed', 'There is no connection to the engine. Nothing was changed.');

describe('what a target does not take', () => {
  it('[UI112] is said at the row and in the inspector, and does not flow', async () => {
    const { page, engine, clock } = await opened();
    carry({ engine, clock }, { refused: null });
    expect(row(page, 'm1')?.className).toContain('flowing');
    expect(tab(page, 'Flowing')).toContain('1');
    carry({ engine, clock }, { refused: 'locked by Phone' });
    const shown = row(page, 'm1');
    expect(shown?.className).not.toContain('flowing');
    expect(shown?.querySelector('.why')?.textContent).toBe('locked by Phone');
    expect(shown?.querySelector('.target .value')).toBeNull();
    expect(shown?.querySelector('svg.trouble')).not.toBeNull();
    expect(shown?.querySelector('.plate')?.className).not.toContain('broken');
    expect(tab(page, 'Flowing')).toContain('0');
    expect(tab(page, 'Broken')).toContain('0');
    expect(page.querySelector('[data-region="inspector"] [role="status"]')?.textContent).toContain('locked by Phone');
    expect(page.querySelector('.chain')?.className).not.toContain('flowing');
    carry({ engine, clock }, { refused: null });
    expect(row(page, 'm1')?.className).toContain('flowing');
    expect(row(page, 'm1')?.querySelector('.why')).toBeNull();
  });

  it('[UI113] a set that the engine stopped is broken, with the reason', async () => {
    const { page, engine } = await opened();
    const reason = 'Stopped: it made 20 000 signals of one.';
    engine.emit('problems', [{ mappingId: 'm1', code: 'mapping-flood', reason }]);
    await settled();
    expect(row(page, 'm1')?.className).toContain('broken');
    expect(row(page, 'm1')?.querySelector('.why')?.textContent).toBe(reason);
    expect(page.querySelector('[data-region="inspector"] [role="status"]')?.textContent).toContain(reason);
  });
});

describe('what was said of trouble', () => {
  it('[UI111] that there was no engine goes when it is back', async () => {
    const { page, engine, state } = await opened();
    engine.refuse('edit', lost);
    await press(' ', row(page, 'm1'));
    expect(alerts(page)).toContain('There is no connection');
    state.connection = 'lost';
    await settled();
    expect(alerts(page)).toContain('There is no connection');
    state.connection = 'ready';
    await settled();
    expect(alerts(page)).not.toContain('There is no connection');
  });

  it('[UI111] a refusal of the engine itself stays over a reconnect', async () => {
    const { page, engine, state } = await opened();
    engine.refuse('edit', new InputError('bad-value', 'That will not do.'));
    await press(' ', row(page, 'm1'));
    state.connection = 'lost';
    await settled();
    state.connection = 'ready';
    await settled();
    expect(alerts(page)).toContain('That will not do.');
  });

  it('[UI111] that a set is gone goes when the set is back, on every page', async () => {
    const { page, engine } = await opened();
    const edit = engine.edit.bind(engine);
    engine.edit = async (request) => {
      engine.edit = edit;
      await edit({ label: 'theirs', steps: [{ do: 'remove', list: 'mappings', id: 'm1' }] });
      return edit(request);
    };
    await press('Delete', row(page, 'm1'));
    expect(alerts(page)).toContain('Set 1 was deleted in another window.');
    await press('9');
    expect(alerts(page)).toContain('Set 1 was deleted in another window.');
    await engine.undo();
    await settled();
    expect(alerts(page)).not.toContain('Set 1');
  });
});

/** One signal through set 1, and time for the page to show it. */
function carry(rig: { engine: FakeEngine; clock: TurnedClock }, change: Partial<LiveMapping>): void {
  const now = rig.clock.now();
  rig.engine.emit('live', { at: millis(now), mappings: [fakeLive('m1', now, change)] });
  rig.clock.advance(300);
  flushSync();
}

function tab(page: HTMLElement, words: string): string {
  const tabs = [...page.querySelectorAll('[aria-label="Which mappings"] button')];
  return tabs.find((one) => one.textContent.includes(words))?.textContent ?? '';
}

function alerts(page: HTMLElement): string {
  return [...page.querySelectorAll('[role="alert"]')].map((alert) => alert.textContent).join(' | ');
}
