import { fireEvent, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import MessageCorner from '../../../src-renderer/frame/MessageCorner.svelte';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';

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
