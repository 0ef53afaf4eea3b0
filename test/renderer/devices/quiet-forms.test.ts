import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { bridgeKinds } from '../../../src-main/contract/bridges/bridge-form.ts';
import { doorKinds } from '../../../src-main/contract/door.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import AccessPanel from '../../../src-renderer/devices/AccessPanel.svelte';
import DevicesPage from '../../../src-renderer/devices/DevicesPage.svelte';
import { DevicesState } from '../../../src-renderer/devices/devices-state.svelte.ts';
import WaysIn from '../../../src-renderer/devices/WaysIn.svelte';
import PatchForm from '../../../src-renderer/dmx/PatchForm.svelte';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';
import { deviceStatus, oscBridge } from './bridges.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function open(page: Component<never>, more: object = {}) {
  const engine = new FakeEngine({ ...emptyShow('rig', 'Rig'), bridges: [oscBridge()] });
  const state = await attachedState(engine);
  const devices = new DevicesState(state, new MessageBoard());
  cleanups.push(mountArea(page as Component<object>, { devices, ...more }, { state }).unmount);
  flushSync();
  return { engine, devices };
}

const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
const alerts = (): string[] => screen.queryAllByRole('alert').map(({ textContent }) => textContent.trim());
const edits = ({ calls }: FakeEngine): unknown[] => calls.filter(({ name }) => ['edit', 'putDoor'].includes(name));

async function type(label: string, text: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText(label), { target: { value: text } });
}

async function choose(label: string, value: string): Promise<void> {
  await fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

describe('a form says nothing of a field before somebody was at it', () => {
  it.each(bridgeKinds)(
    '[BF25] the form of a new bridge of kind %s; its button leads to what is missing',
    async (kind) => {
      const { devices, engine } = await open(DevicesPage);
      devices.startAdding(kind);
      flushSync();
      expect(alerts()).toEqual([]);
      const wants = devices.asked.open.length > 0;
      await fireEvent.click(button('Add bridge'));
      if (wants) await waitFor(() => expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true'));
      expect([alerts().length > 0, edits(engine).length > 0]).toEqual([wants, !wants]);
    },
  );

  it('[BF25] the form of a device to which a row was added; Apply leads to what is missing', async () => {
    const { devices, engine } = await open(DevicesPage);
    devices.select('osc-id');
    flushSync();
    await fireEvent.click(button('Add target'));
    expect(alerts()).toEqual([]);
    expect(
      screen.getByText(/^Fill in the host of target 2( and the port of target 2)? below, and it can be applied.$/),
    ).toBeTruthy();
    await fireEvent.click(button('Apply'));
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true'));
    expect([alerts().length > 0, edits(engine)]).toEqual([true, []]);
    await fireEvent.click(button(/^Take back/));
    await fireEvent.click(button('Add target'));
    expect(alerts()).toEqual([]);
  });

  it('[BF25] the form of a device that is broken leads to the field, past the reason', async () => {
    const { devices, engine } = await open(DevicesPage);
    engine.emit('devices', [deviceStatus({ bridgeId: 'osc-id', state: 'broken', reason: 'Port 8000 is taken.' })]);
    devices.select('osc-id');
    flushSync();
    expect(alerts()).toHaveLength(1);
    await type('listens on port', '70000');
    await fireEvent.click(button('Apply'));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('listens on port')));
  });

  it.each(doorKinds)(
    '[BF25] the form of a new way in of kind %s; its button leads to what is missing',
    async (kind) => {
      const { engine } = await open(WaysIn);
      await fireEvent.click(button('Add a way in'));
      await choose('kind', kind);
      await choose('who comes may', 'own');
      expect(alerts()).toEqual([]);
      await fireEvent.click(button('Add way in'));
      const first = kind === 'serial' ? 'serial port' : 'scopes';
      await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(first)));
      expect([alerts().length, edits(engine)]).toEqual([kind === 'serial' ? 2 : 1, []]);
    },
  );

  it('[BF25] nor one that was typed in and emptied again keeps silent', async () => {
    await open(WaysIn);
    await fireEvent.click(button('Add a way in'));
    await choose('kind', 'serial');
    await type('serial port', 'COM3');
    await type('serial port', '');
    expect(alerts()).toEqual(['Name the port, as /dev/ttyUSB0, COM3 or usb=0403:6001.']);
  });

  it('[BF25] leads to what is no field of text too', async () => {
    await open(WaysIn);
    await fireEvent.click(button('Add a way in'));
    await choose('kind', 'http');
    for (const name of ['MQTT', 'Socket.IO', 'WebSocket', 'REST and events']) await fireEvent.click(button(name));
    await fireEvent.click(button('Add way in'));
    await waitFor(() => expect(document.activeElement).toBe(button('REST and events')));
  });

  it('[BF25] the form of a new token', async () => {
    const { engine } = await open(AccessPanel, { now: 0 });
    await fireEvent.click(button('New token'));
    await choose('who has it may', 'own');
    await choose('it ends', 'own');
    expect(alerts()).toEqual([]);
    await fireEvent.click(button('Make token'));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('scopes')));
    expect(alerts()).toHaveLength(2);
    expect(engine.calls.some(({ name }) => name === 'createToken')).toBe(false);
  });

  it('[BF25] the rates of clients', async () => {
    const { engine } = await open(AccessPanel, { now: 0 });
    await fireEvent.click(button('Add a pattern'));
    await type('pattern 1', '/lamp/**');
    expect(alerts()).toEqual([]);
    await fireEvent.click(button('Apply rates'));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('messages a second, pattern 1')));
    expect(alerts()).toEqual(['Type how many a second, or take the row out.']);
    expect(engine.calls.some(({ name }) => name === 'setAccessRules')).toBe(false);
  });

  it('[BF25] the patch of fixtures, also where the show has no profile', async () => {
    const ended = { onclose: () => undefined, ondone: () => undefined };
    const { engine } = await open(PatchForm, { place: { bridgeId: 'osc-id', universe: 1 }, patched: [], ...ended });
    expect(alerts()).toEqual([]);
    await fireEvent.click(button('Patch'));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('profile')));
    expect([alerts()[0], edits(engine)]).toEqual(['Import a profile first, or choose one.', []]);
  });
});
