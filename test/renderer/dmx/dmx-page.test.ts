import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { UniverseEntry } from '../../../src-main/contract/dmx.ts';
import { InputError } from '../../../src-main/contract/errors.ts';

import type { Role } from '../../../src-main/contract/role.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { browserClock } from '../../../src-renderer/engine/page-clock.ts';
import DmxPage from '../../../src-renderer/dmx/DmxPage.svelte';
import { DmxState } from '../../../src-renderer/dmx/dmx-state.svelte.ts';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';
import { sacnBridge } from '../devices/bridges.ts';
import { bytes, fixtureAt, flyrail, par, universe } from './rig.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const places: readonly UniverseEntry[] = [
  { bridgeId: 'node-a', universe: 1, shown: '1', bridgeName: 'Node A', direction: 'out', isRunning: true, parked: 0 },
  { bridgeId: 'node-a', universe: 2, shown: '2', bridgeName: 'Node A', direction: 'out', isRunning: false, parked: 0 },
];
const view = universe({
  levels: bytes({ 5: 158, 6: 1 }),
  winners: bytes({ 5: 0, 6: 0, 7: 0 }, 255),
  sources: [flyrail],
});

async function openPage({ universes = places, role = 'edit' }: { universes?: typeof places; role?: Role } = {}) {
  const engine = new FakeEngine({
    ...emptyShow('rig', 'Rig'),
    bridges: [sacnBridge({ id: 'node-a', name: 'Node A' })],
    profiles: [par],
    patch: [fixtureAt(5)],
  });
  engine.role = role;
  engine.universes = universes;
  engine.slot = { level: 158, sources: [{ ...flyrail, level: 158, wins: true }], because: 'PAR 5, dimmer drives it.' };
  const state = await attachedState(engine);
  const messages = new MessageBoard();
  const dmx = new DmxState(state, messages, browserClock);
  const area = mountArea(DmxPage, { dmx }, { state });
  cleanups.push(area.unmount);
  flushSync();
  return { engine, dmx, messages, board: area.host.messages };
}

/** The page once the picture of its universe has come. */
async function openUniverse(more: Parameters<typeof openPage>[0] = {}) {
  const page = await openPage(more);
  await waitFor(() => expect(asked(page.engine, 'watchUniverse')).toHaveLength(1));
  page.engine.emit('universe', view);
  flushSync();
  return page;
}

function asked(engine: FakeEngine, name: string): unknown[] {
  return engine.calls.filter((call) => call.name === name).map(({ args }) => args);
}

const slot = (name: RegExp): HTMLElement => screen.getByRole('gridcell', { name });
const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });

describe('DMX page', () => {
  it('[UI537] says what brings a universe where there is none', async () => {
    const { engine } = await openPage({ universes: [] });
    expect(await screen.findByText('No universes yet')).toBeTruthy();
    expect(asked(engine, 'watchUniverse')).toEqual([]);
  });

  it('[UI537] shows the first universe with its sources and fixtures, and another when it is chosen', async () => {
    const { engine } = await openUniverse();
    expect(screen.getByRole('grid', { name: 'Slots of universe 1' })).toBeTruthy();
    expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
      'U 1, Node A',
      'U 2, Node A, not begun',
    ]);
    expect(screen.getByRole('list', { name: 'Sources' }).textContent).toContain('Flyrail');
    expect(slot(/^slot 5, 158, PAR 5, Flyrail$/).textContent).toContain('158');
    expect(within(slot(/^slot 5,/)).getByText('PAR 5')).toBeTruthy();
    await fireEvent.change(screen.getByLabelText('universe'), { target: { value: 'node-a 2' } });
    await waitFor(() => expect(asked(engine, 'watchUniverse').at(-1)).toEqual({ bridgeId: 'node-a', universe: 2 }));
  });

  it('[UI538] tells of a chosen slot who drives it, its fixture and its channels, and goes on to the next by arrow', async () => {
    const { engine } = await openUniverse();
    await fireEvent.click(slot(/^slot 5,/));
    expect(await screen.findByText('PAR 5, dimmer drives it.')).toBeTruthy();
    const inspector = screen.getByRole('complementary', { name: 'Inspector' });
    expect(within(inspector).getByRole('region', { name: 'Who is sending slot 5' }).textContent).toContain('Flyrail');
    expect(within(inspector).getByRole('region', { name: 'Fixture' }).textContent).toContain(String(158 * 256 + 1));
    await fireEvent.keyDown(slot(/^slot 5,/), { key: 'ArrowDown' });
    const { slot: next } = asked(engine, 'inspectSlot').at(-1) as { slot: number };
    expect(next).toBeGreaterThan(5);
    await waitFor(() => expect(document.activeElement).toBe(slot(new RegExp(`^slot ${next},`))));
  });

  it('[UI539] parks a slot at its level, lets it go, and holds a test for as long as the button is held', async () => {
    const { engine } = await openUniverse();
    await fireEvent.click(slot(/^slot 5,/));
    await fireEvent.click(await screen.findByRole('button', { name: 'Park' }));
    const place = { bridgeId: 'node-a', universe: 1, slot: 5 };
    expect(asked(engine, 'parkSlot')).toEqual([{ ...place, level: 158 }]);
    engine.slot = { ...engine.slot, parked: 158 };
    await fireEvent.click(await screen.findByRole('button', { name: 'Unpark' }, { timeout: 3000 }));
    expect(asked(engine, 'parkSlot').at(-1)).toEqual({ ...place, level: null });
    await fireEvent.pointerDown(button(/Hold to test/));
    await fireEvent.pointerUp(button(/Hold to test/));
    await waitFor(() =>
      expect(asked(engine, 'testSlot')).toEqual([
        { ...place, level: 255 },
        { ...place, level: null },
      ]),
    );
  });

  it('[UI539] sets the grand master and the blackout, and says what is held', async () => {
    const { engine, messages } = await openUniverse();
    await fireEvent.input(screen.getByRole('slider', { name: /grand master/ }), { target: { value: '40' } });
    expect(asked(engine, 'setMaster')).toEqual([{ level: 0.4 }]);
    await fireEvent.click(button(/Blackout/));
    expect(asked(engine, 'setBlackout')).toEqual([{ on: true }]);
    engine.emit('universe', { ...view, blackout: true });
    flushSync();
    expect(screen.getByText('Blackout: all universes are dark and held.')).toBeTruthy();
    engine.refuse('setBlackout', new InputError('access-refused', 'Not from here.'));
    await fireEvent.click(button(/Release/));
    await waitFor(() => expect(messages.list).toMatchObject([{ tone: 'fault' }]));
  });

  it('[UI562] says under a blackout how many slots are parked', async () => {
    const { engine } = await openUniverse({
      universes: places.map((place, index) => ({ ...place, parked: index + 1 })),
    });
    engine.emit('universe', { ...view, blackout: true });
    flushSync();
    expect(screen.getByText('Blackout: all universes are dark and held, but for 3 parked slots.')).toBeTruthy();
  });

  it('[UI540] patches fixtures in a row, and unpatches one', async () => {
    const { engine } = await openUniverse();
    await fireEvent.click(button(/Patch fixture/));
    const form = screen.getByRole('form', { name: 'Patch fixture' });
    expect(document.activeElement).toBe(within(form).getByLabelText('profile'));
    await fireEvent.input(within(form).getByLabelText('name'), { target: { value: 'Wash 1' } });
    await fireEvent.input(within(form).getByLabelText('first slot'), { target: { value: '5' } });
    expect(within(form).getByText('Slot 5 belongs to PAR 5.')).toBeTruthy();
    await fireEvent.input(within(form).getByLabelText('first slot'), { target: { value: '20' } });
    await fireEvent.input(within(form).getByLabelText('how many'), { target: { value: '2' } });
    await fireEvent.click(within(form).getByRole('button', { name: 'Patch' }));
    await waitFor(() => expect(engine.document.patch.map(({ name }) => name)).toEqual(['PAR 5', 'Wash 1', 'Wash 2']));
    await waitFor(() => expect(screen.queryByRole('form', { name: 'Patch fixture' })).toBeNull());
    await fireEvent.click(slot(/^slot 5,/));
    await fireEvent.click(await screen.findByRole('button', { name: 'Unpatch' }));
    await waitFor(() => expect(engine.document.patch.map(({ name }) => name)).toEqual(['Wash 1', 'Wash 2']));
  });

  it('[UI546] makes, changes and removes a line of the soft patch, with the slot that is chosen', async () => {
    const { engine, board } = await openUniverse();
    await fireEvent.click(slot(/^slot 5,/));
    await fireEvent.click(button(/Soft patch/));
    const panel = within(screen.getByRole('region', { name: 'Soft patch of Node A' }));
    expect(panel.getByText('Every slot leaves where it is asked for.')).toBeTruthy();
    await fireEvent.click(panel.getByRole('button', { name: /New line/ }));
    const form = within(panel.getByRole('form', { name: 'New line of the soft patch' }));
    expect(form.getByLabelText('slot')).toBe(document.activeElement);
    await fireEvent.input(form.getByLabelText('leaves at'), { target: { value: '9.101' } });
    expect(form.getByText('Node A does not send universe 9.')).toBeTruthy();
    await fireEvent.input(form.getByLabelText('leaves at'), { target: { value: '101, 2.1' } });
    expect(form.getByText('U 1 slot 5 leaves at U 1 slot 101 and U 2 slot 1.')).toBeTruthy();
    await fireEvent.click(form.getByRole('button', { name: 'Add line' }));
    await waitFor(() => expect(panel.queryByRole('form')).toBeNull());
    expect(engine.document.softPatch).toMatchObject([{ bridgeId: 'node-a', universe: 1, slot: 5, count: 1 }]);
    expect(panel.getByText('U 1 slot 101, U 2 slot 1')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(panel.getByRole('button', { name: /New line/ })));

    await fireEvent.click(panel.getByRole('button', { name: 'Change U 1 slot 5' }));
    const change = within(panel.getByRole('form', { name: 'Line of the soft patch' }));
    await fireEvent.input(change.getByLabelText('how many'), { target: { value: '2' } });
    await fireEvent.click(change.getByRole('button', { name: 'Change line' }));
    await waitFor(() => expect(engine.document.softPatch).toMatchObject([{ slot: 5, count: 2 }]));
    await fireEvent.click(await panel.findByRole('button', { name: 'Remove U 1 slots 5–6' }));
    await waitFor(() => expect(engine.document.softPatch).toEqual([]));
    await waitFor(() => expect(board.list).toMatchObject([{ fact: 'U 1 slots 5–6 leave at home again' }]));
  });

  it('[UI546] puts the soft patch away by Escape, and shows a refusal in the form', async () => {
    const { engine } = await openUniverse();
    await fireEvent.click(button(/Soft patch/));
    const panel = within(await screen.findByRole('region', { name: 'Soft patch of Node A' }));
    await fireEvent.click(panel.getByRole('button', { name: /New line/ }));
    engine.refuse(
      'edit',
      new InputError('patch-conflict', 'Two slots would leave at U 1 slot 7. Nothing was changed.'),
    );
    await fireEvent.click(panel.getByRole('button', { name: 'Add line' }));
    expect(await panel.findByText(/Two slots would leave at U 1 slot 7/)).toBeTruthy();
    await fireEvent.keyDown(panel.getByLabelText('slot'), { key: 'Escape' });
    await waitFor(() => expect(panel.queryByRole('form')).toBeNull());
    await fireEvent.keyDown(panel.getByRole('button', { name: /New line/ }), { key: 'Escape' });
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Soft patch of Node A' })).toBeNull());
  });

  it('[UI546] shows the lines to who may only look, without what changes them', async () => {
    await openUniverse({ role: 'view' });
    await fireEvent.click(button(/Soft patch/));
    const panel = within(screen.getByRole('region', { name: 'Soft patch of Node A' }));
    expect(panel.getAllByRole('button').map((each) => each.textContent.trim())).toEqual([
      expect.stringMatching(/^Close/),
    ]);
  });

  it('[UI541] lets who may only look see everything and set nothing', async () => {
    await openUniverse({ role: 'view' });
    expect(screen.queryByRole('button', { name: /Patch fixture/ })).toBeNull();
    expect(button(/Blackout/).hasAttribute('disabled')).toBe(true);
    await fireEvent.click(slot(/^slot 5,/));
    expect(await screen.findByText('PAR 5, dimmer drives it.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Park' })).toBeNull();
  });
});
