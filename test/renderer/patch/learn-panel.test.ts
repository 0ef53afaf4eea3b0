import { cleanup } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import type { LearnBatch, LearnCandidate } from '../../../src-main/contract/live-events.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { giveRoom, opened, press, row, settled } from '../opened-app.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it('[UI114] brings the option that Enter takes into sight', async () => {
  const seen: (string | null)[] = [];
  vi.spyOn(HTMLElement.prototype, 'scrollIntoView').mockImplementation(function (this: HTMLElement) {
    seen.push(this.textContent);
  });
  const { page, engine } = await opened();
  await press('l');
  engine.emit('learn', batch([heard('/desk/fader/8', 1), heard('/desk/noise', 0.1)]));
  await settled();
  await press('ArrowDown', page.querySelector('[role="listbox"]'));
  expect(seen).toHaveLength(2);
  expect(seen[1]).toContain('/desk/noise');
});

it('[UI115] goes from learn to the target of a new mapping, and to the row of one that has a target', async () => {
  const { page, engine } = await opened();
  await press('n');
  await press('l', page);
  engine.emit('learn', batch([heard('/desk/fader/8', 1)]));
  await settled();
  await press('Enter', page.querySelector('[role="listbox"]'));
  const focused = document.activeElement;
  expect(focused instanceof HTMLInputElement && focused.labels?.[0]?.textContent).toBe('target');
  await press('Escape', page);
  row(page, 'm2')?.click();
  await press('l', page);
  engine.emit('learn', batch([heard('/desk/fader/9', 1)]));
  await settled();
  await press('Enter', page.querySelector('[role="listbox"]'));
  expect(document.activeElement).toBe(row(page, 'm2'));
  expect(engine.document.mappings[1]?.source.pattern).toBe('/desk/fader/9');
});

function heard(address: string, travel: number): LearnCandidate {
  const at = millis(1_795_295_647_000);
  return { address, kind: 'param', value: f64(0.5), count: 3, travel, firstAt: at, lastAt: at };
}

function batch(candidates: readonly LearnCandidate[]): LearnBatch {
  return { candidates, among: candidates.length };
}
