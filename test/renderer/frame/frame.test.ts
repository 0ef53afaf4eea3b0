import { describe, expect, it } from 'vitest';
import type { DeviceState } from '../../../src-main/contract/device.ts';
import { barHeight, railRoom, railSets, restWords } from '../../../src-renderer/frame/rail-sets.ts';
import { searchActions } from '../../../src-renderer/frame/palette-search.ts';
import { heldCommandsMax, ShellCommands } from '../../../src-renderer/frame/shell-commands.ts';
import type { Action } from '../../../src-renderer/widgets/actions.svelte.ts';
import { fakeDevice, fakeOscBridge } from '../fake-parts.ts';

describe('device rail', () => {
  const bridges = Array.from({ length: 14 }, (_, i) => fakeOscBridge(i + 1, `dev-${i + 1}`));
  const statusOf = (id: string) => fakeDevice(id, { state: id === 'b13' ? 'broken' : 'connected' });

  it('[UI14] shows every set in order while there is room', () => {
    expect(railSets(bridges.slice(0, 10), statusOf)).toMatchObject({ rest: [] });
    expect(railSets(bridges.slice(0, 3), statusOf).sets.map((set) => set.number)).toEqual([1, 2, 3]);
  });

  it('[UI14] brings trouble to the front and counts the healthy rest when there is none', () => {
    const rail = railSets(bridges, statusOf);
    expect(rail.sets.map((set) => set.number)).toEqual([13, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(rail.rest).toHaveLength(5);
    expect(railSets(bridges, statusOf, railRoom(200)).sets.map((set) => set.number)).toEqual([13]);
  });

  it('[UI560] shows what is broken before what wants a look, where there is no room for both', () => {
    const troubled = (id: string) =>
      fakeDevice(id, { state: id === 'b13' ? 'broken' : ['b2', 'b9'].includes(id) ? 'trouble' : 'connected' });
    expect(railSets(bridges, troubled, 4).sets.map((set) => set.number)).toEqual([13, 2, 9]);
    expect(railSets(bridges, troubled, 2).sets.map((set) => set.number)).toEqual([13]);
  });

  it('[UI98] says how the devices stand that there is no room for', () => {
    const rest = (states: (DeviceState | undefined)[]) =>
      railSets(
        [...bridges.slice(0, 9), ...states.map((_, i) => fakeOscBridge(50 + i, `x-${i}`))],
        (id) => {
          const state = states[Number(id.slice(1)) - 50];
          return Number(id.slice(1)) < 50 ? fakeDevice(id, { state: 'broken' }) : state && fakeDevice(id, { state });
        },
        10,
      ).rest;
    expect(restWords(rest(['off', 'off']), false)).toBe('off');
    expect(restWords(rest(['off', 'connected', 'off', 'connected', 'late']), false)).toBe(
      '1 in trouble, 2 good, 2 off',
    );
    expect(restWords(rest(['connected', undefined]), false)).toBe('1 connecting, 1 good');
    expect(restWords(rest(['connected', 'connected']), false)).toBe('good');
    expect(restWords(rest(['connected', 'connected']), true)).toBe('more');
    expect(restWords([], false)).toBe('');
  });

  it('[UI14] shows one message a second and keeps a thousand inside the bar', () => {
    expect(barHeight(0)).toBe(0);
    expect(barHeight(1)).toBeGreaterThan(0.1);
    expect(barHeight(1_000_000)).toBe(1);
  });
});

describe('commands of the desktop shell', () => {
  it('[UI83] obeys what was held one after the other, and holds no more than anyone gives', async () => {
    const done: string[] = [];
    const commands = new ShellCommands({
      engine: { connection: 'opening', offline: false, connectionReason: '' },
      obey: async (command) => {
        await Promise.resolve();
        done.push(command.type);
      },
    });
    for (let i = 0; i < heldCommandsMax + 5; i++) commands.hear({ type: i === 0 ? 'undo' : 'save' });
    expect(done).toEqual([]);
    await commands.release();
    expect(done).toEqual(['undo', ...Array.from({ length: heldCommandsMax - 1 }, () => 'save')]);
    await commands.release();
    expect(done).toHaveLength(heldCommandsMax);
  });

  it('[UI83] holds without an engine only a file to open, and takes the reason that the shell gives', async () => {
    const done: string[] = [];
    const engine = { connection: 'lost' as const, offline: true, connectionReason: '' };
    const commands = new ShellCommands({ engine, obey: async ({ type }) => void done.push(type) });
    commands.hear({ type: 'open-path', path: '/media/usb/Tour.flyrail' });
    commands.hear({ type: 'save' });
    commands.hear({ type: 'engine', state: 'restarting', reason: 'The engine ended.' });
    expect(done).toEqual(['save']);
    expect(engine.connectionReason).toBe('The engine ended.');
    await commands.release();
    expect(done).toEqual(['save', 'open-path']);
  });
});

describe('command palette', () => {
  const action = (id: string, label: string, more: Partial<Action> = {}): Action => ({
    id,
    label,
    group: 'Patch',
    run: () => undefined,
    ...more,
  });
  const actions = [
    action('a', 'Add a mapping'),
    action('b', 'Delete the set', { blocked: () => 'choose a set first' }),
    action('c', 'Go to Patch'),
    action('d', 'Row up', { keyOnly: true }),
  ];

  it('[UI15] finds by all words in any order and puts the beginnings of words first', () => {
    expect(searchActions(actions, 'mapping add').now.map((hit) => hit.action.id)).toEqual(['a']);
    expect(searchActions(actions, 'g').now.map((hit) => hit.action.id)).toEqual(['c', 'a']);
    expect(searchActions(actions, '').now.map((hit) => hit.action.id)).toEqual(['a', 'c']);
  });

  it('[UI15] shows what cannot be done now, with the reason', () => {
    expect(searchActions(actions, 'set').notNow).toMatchObject([
      { action: { id: 'b' }, blocked: 'choose a set first' },
    ]);
  });
});
