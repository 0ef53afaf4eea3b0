import { render } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, vi } from 'vitest';
import { emptyShow, type ShowDocument } from '../../src-main/contract/show.ts';
import App from '../../src-renderer/App.svelte';
import { FakeEngine } from './fake-engine.ts';
import { fakeMapping } from './fake-parts.ts';
import { attachedState, TurnedClock } from './page-host.ts';

/** Two sets without a group, and one in a group. */
export const smallShow: ShowDocument = {
  ...emptyShow('s', 'Winterreise'),
  groups: [{ id: 'g1', name: 'Desk', folded: false }],
  mappings: [fakeMapping(1), fakeMapping(2), fakeMapping(3, { groupId: 'g1' })],
};

/** happy-dom lays nothing out: rows are drawn only where there is height. */
export function giveRoom(): void {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(900);
  });
}

/** The whole window on an engine in memory. */
export async function opened(document: ShowDocument = smallShow, { engine = new FakeEngine(document) } = {}) {
  const clock = new TurnedClock();
  const state = await attachedState(engine, clock);
  const { container: page } = render(App, { engine: state, shell: undefined, clock });
  await settled();
  return { page, engine, state, clock };
}

export function row(page: HTMLElement, id: string): HTMLElement | null {
  return page.querySelector(`[data-row="${id}"]`);
}

export async function press(
  key: string,
  target: Element | null = document.body,
  more: KeyboardEventInit = {},
): Promise<void> {
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true, ...more }));
  await settled();
}

export async function type(input: HTMLInputElement | null | undefined, text: string): Promise<void> {
  if (!input) throw new Error('There is no such field.');
  input.focus();
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
}

export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await tick();
}
