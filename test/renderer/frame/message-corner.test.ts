import { fireEvent, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import MessageCorner from '../../../src-renderer/frame/MessageCorner.svelte';
import { showHistory } from '../../../src-renderer/frame/show-history.ts';
import { goodNewsMs, MessageBoard, offerMs } from '../../../src-renderer/widgets/messages.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('[UI96] takes an offer to undo away with the show it was made for, and holds it back without an engine', async () => {
  const engine = new FakeEngine();
  const state = await attachedState(engine);
  const { host, unmount } = mountArea(MessageCorner, {}, { state });
  flushSync();
  const ran: string[] = [];
  const offer = (): void => {
    host.messages.good('Set 2 deleted', { action: { label: 'Undo', run: () => ran.push('undo') } });
    host.messages.good('Copied');
    flushSync();
  };
  for (const lay of [() => engine.newShow({ name: 'Blank' }), () => engine.restoreBackup({ id: 'b1' })]) {
    offer();
    await lay();
    flushSync();
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
    expect(screen.getByText('Copied')).toBeTruthy();
  }
  offer();
  state.connection = 'lost';
  flushSync();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Undo' }).disabled).toBe(true);
  await state.attach(engine);
  flushSync();
  await fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(ran).toEqual(['undo']);
  await unmount();
});

it('[UI554] leaves good news for 4 s, what offers something for 20 s, and both while somebody is at them', async () => {
  vi.useFakeTimers();
  const { host, unmount } = mountArea(MessageCorner, {}, { state: await attachedState(new FakeEngine()) });
  flushSync();
  const shown = (): string[] => {
    flushSync();
    return ['Copied', 'Set 2 deleted'].filter((fact) => screen.queryByText(fact));
  };
  host.messages.good('Copied');
  host.messages.good('Set 2 deleted', { action: { label: 'Undo', run: () => undefined } });
  expect(shown()).toEqual(['Copied', 'Set 2 deleted']);
  vi.advanceTimersByTime(goodNewsMs);
  expect(shown()).toEqual(['Set 2 deleted']);
  screen.getByRole('button', { name: 'Undo' }).focus();
  vi.advanceTimersByTime(2 * offerMs);
  expect(shown()).toEqual(['Set 2 deleted']);
  screen.getByRole('button', { name: 'Undo' }).blur();
  vi.advanceTimersByTime(goodNewsMs);
  expect(shown()).toEqual([]);
  await unmount();
});

it('[UI555] says of undo and redo the last alone, which takes the offers of edits before it away', async () => {
  vi.useFakeTimers();
  const messages = new MessageBoard();
  const run = (): void => undefined;
  messages.good('Set 2 deleted', { action: { label: 'Undo', run, isUndo: true } });
  messages.good('WebSocket is removed', { action: { label: 'Put back', run } });
  const show = await new FakeEngine().newShow({ name: 'Blank' });
  const receipt = { revision: 2, show: { ...show, undoLabel: 'lock set 1', redoLabel: 'delete set 2' } };
  const answer = (): Promise<typeof receipt> => Promise.resolve(receipt);
  const history = showHistory({ undo: answer, redo: answer, problemOf: () => undefined }, messages);
  await history.undo();
  expect(messages.list.map(({ fact }) => fact)).toEqual(['WebSocket is removed', 'Undone: delete set 2']);
  await history.redo();
  expect(messages.list.map(({ fact }) => fact)).toEqual(['WebSocket is removed', 'Done again: lock set 1']);
});
