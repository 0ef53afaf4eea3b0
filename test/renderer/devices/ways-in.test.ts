import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../src-main/contract/errors.ts';
import { DevicesState } from '../../../src-renderer/devices/devices-state.svelte.ts';
import WaysIn from '../../../src-renderer/devices/WaysIn.svelte';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';
import { doorStatus, sampleDoors } from './network.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function openWays(doors = sampleDoors()) {
  const engine = new FakeEngine();
  engine.doors = doors;
  const state = await attachedState(engine);
  const messages = new MessageBoard();
  const devices = new DevicesState(state, messages);
  cleanups.push(mountArea(WaysIn, { devices }, { state }).unmount);
  flushSync();
  return { engine, state, devices, messages };
}

const row = (name: RegExp): HTMLElement => screen.getByRole('row', { name });
const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
const field = (label: string): HTMLInputElement => screen.getByLabelText<HTMLInputElement>(label);
const asked = (engine: FakeEngine, name: string): unknown[] =>
  engine.calls.filter((call) => call.name === name).map(({ args }) => args);

async function choose(label: string, value: string): Promise<void> {
  await fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

describe('Ways in', () => {
  it('[UI440] tells of each way in how it stands, where it is, who came, and why nobody can', async () => {
    await openWays();
    expect(
      row(/^WebSocket, ws:\/\/127.0.0.1:7330\/clasp, always open, Open, 3 now, 0 in all, 0 refused$/),
    ).toBeTruthy();
    expect(row(/^QUIC, quic:.*, of the command line, Open, 2 now, 1204 in all, 17 refused$/)).toBeTruthy();
    expect(row(/^TCP, .* 0 refused, Other machines come in and nobody is asked who they are.$/)).toBeTruthy();
    expect(row(/^Serial, .*, Waiting, Nothing is plugged in there yet./)).toBeTruthy();
    expect(row(/^UDP, 192.168.10.5:7334, Broken, Port 7334 .* Flyrail keeps trying./)).toBeTruthy();
    expect(row(/^Bluetooth, any device, Opening/)).toBeTruthy();
    expect(row(/^WebSocket over TLS, 0.0.0.0:7444, Off/)).toBeTruthy();
  });

  it('[UI440] gives the WebSocket port no lock, and those of the command line no form', async () => {
    await openWays();
    const websocket = within(row(/^WebSocket, /));
    expect(websocket.queryByRole('switch')).toBeNull();
    expect(websocket.getByText('always open')).toBeTruthy();
    const given = within(row(/^QUIC/));
    expect(given.getByRole('switch', { name: /for this run$/ })).toBeTruthy();
    expect(given.queryByRole('button', { name: /^Change/ })).toBeNull();
    expect(given.getByText('command line')).toBeTruthy();
  });

  it('[UI440] is never green, and shows dashes without an engine', async () => {
    const { state } = await openWays();
    expect(document.querySelector('svg.active')).toBeNull();
    state.connection = 'lost';
    flushSync();
    expect(row(/^TCP, .*Not known, No connection to the engine/)).toBeTruthy();
    expect(within(row(/^TCP/)).getAllByText('–')).toHaveLength(3);
  });

  it('[UI441] is switched by its lock, and says at its row what was refused', async () => {
    const { engine } = await openWays();
    await fireEvent.click(within(row(/^TCP/)).getByRole('switch'));
    await waitFor(() => expect(asked(engine, 'switchDoor')).toEqual([{ id: 'all', enabled: false }]));
    engine.refuse('switchDoor', new InputError('unauthenticated-host', '0.0.0.0 lets others in.'));
    await fireEvent.click(within(row(/^WebSocket over TLS/)).getByRole('switch'));
    expect((await within(row(/^WebSocket over TLS/)).findByRole('alert')).textContent).toBe(
      'Refused: 0.0.0.0 lets others in.',
    );
    await fireEvent.click(within(row(/^WebSocket over TLS/)).getByRole('switch'));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('[UI442] adds one that works as it is offered, on a port that no other has, and goes to its row', async () => {
    const { engine } = await openWays();
    await fireEvent.click(button('Add a way in'));
    expect(field('port').value).toBe('7333');
    await fireEvent.submit(screen.getByRole('form', { name: 'New way in' }));
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
    expect(asked(engine, 'putDoor')).toMatchObject([
      { enabled: true, isForAnyone: false, settings: { kind: 'tcp', port: 7333, host: '127.0.0.1' } },
    ]);
    await waitFor(() => expect(document.activeElement).toBe(screen.getAllByRole('row').at(-1)));
  });

  it('[UI442] says at the field what to repair, and adds nothing until it is', async () => {
    const { engine } = await openWays();
    await fireEvent.click(button('Add a way in'));
    await choose('kind', 'serial');
    await fireEvent.submit(screen.getByRole('form', { name: 'New way in' }));
    expect(screen.getByRole('alert').textContent).toContain('Name the port');
    expect(asked(engine, 'putDoor')).toEqual([]);
    await fireEvent.input(field('serial port'), { target: { value: '/dev/ttyUSB0' } });
    await choose('stop bits', '2');
    await fireEvent.click(button('Add way in'));
    await waitFor(() =>
      expect(asked(engine, 'putDoor')).toMatchObject([
        { settings: { kind: 'serial', device: '/dev/ttyUSB0', stopBits: 2 } },
      ]),
    );
  });

  it('[UI448] a web door is called by what is spoken there, of which some can be left out', async () => {
    const { engine } = await openWays();
    await fireEvent.click(button('Add a way in'));
    await choose('kind', 'http');
    const spoken = (name: string): HTMLElement =>
      within(screen.getByRole('group', { name: 'spoken there' })).getByRole('button', { name });
    expect(spoken('MQTT').getAttribute('aria-pressed')).toBe('true');
    for (const name of ['MQTT', 'Socket.IO', 'WebSocket', 'REST and events']) await fireEvent.click(spoken(name));
    expect(screen.getByRole('alert').textContent).toContain('Choose at least one of them.');
    await fireEvent.click(button('Add way in'));
    expect(asked(engine, 'putDoor')).toEqual([]);
    await fireEvent.click(spoken('REST and events'));
    await fireEvent.click(spoken('WebSocket'));
    await fireEvent.click(button('Add way in'));
    await waitFor(() =>
      expect(asked(engine, 'putDoor')).toMatchObject([{ settings: { kind: 'http', services: ['rest', 'websocket'] } }]),
    );
    expect(await screen.findByRole('row', { name: /^HTTP and WebSocket, / })).toBeTruthy();
  });

  it('[UI444] says in words why others may not come in unasked, keeps the form, and takes the explicit choice', async () => {
    const { engine } = await openWays();
    await fireEvent.click(button('Add a way in'));
    expect(screen.queryByLabelText('other machines')).toBeNull();
    await choose('clients come from', '0.0.0.0');
    engine.refuse('putDoor', new InputError('unauthenticated-host', 'Ask for tokens, or say that anyone may come.'));
    await fireEvent.click(button('Add way in'));
    expect((await screen.findByRole('alert')).textContent).toContain('Ask for tokens, or say that anyone may come.');
    await choose('other machines', 'anyone');
    expect(screen.queryByRole('alert')).toBeNull();
    await fireEvent.click(button('Add way in'));
    await waitFor(() => expect(asked(engine, 'putDoor').at(-1)).toMatchObject({ isForAnyone: true }));
  });

  it('[UI444] forgets the choice with the network: this machine alone is nobody else', async () => {
    const { engine } = await openWays();
    await fireEvent.click(button('Add a way in'));
    await choose('clients come from', '0.0.0.0');
    await choose('other machines', 'anyone');
    await choose('clients come from', '127.0.0.1');
    await fireEvent.click(button('Add way in'));
    await waitFor(() => expect(asked(engine, 'putDoor')).toMatchObject([{ isForAnyone: false }]));
  });

  it('[UI445] puts back from the corner what was changed and what was deleted', async () => {
    const { engine, devices, messages } = await openWays([doorStatus()]);
    await fireEvent.click(button(/^Change TCP/));
    await fireEvent.input(field('port'), { target: { value: '9000' } });
    await fireEvent.click(button('Apply'));
    await waitFor(() => expect(engine.doors[0]?.settings).toMatchObject({ port: 9000 }));
    await waitFor(() => expect(messages.list.at(-1)?.fact).toBe('TCP 127.0.0.1:7332 is changed'));
    messages.list.at(-1)?.action?.run();
    await waitFor(() => expect(engine.doors[0]?.settings).toMatchObject({ port: 7332 }));
    row(/^TCP/).focus();
    await fireEvent.keyDown(row(/^TCP/), { key: 'Delete' });
    await waitFor(() => expect(engine.doors).toEqual([]));
    expect(devices.begun).toEqual([]);
    messages.list.at(-1)?.action?.run();
    await waitFor(() => expect(engine.doors[0]?.settings).toMatchObject({ kind: 'tcp', port: 7332 }));
  });

  it('[UI445] keeps the choice to let anyone in through a change, a deletion and the way back, also of one that is off', async () => {
    const settings = { kind: 'tcp', port: 7332, host: '0.0.0.0' } as const;
    const off = { enabled: false, state: 'off', url: '' } as const;
    const { engine, messages } = await openWays([doorStatus({ ...off, settings, isAnyoneChosen: true })]);
    await fireEvent.click(button(/^Change TCP/));
    expect(field('other machines').value).toBe('anyone');
    await fireEvent.input(field('port'), { target: { value: '9000' } });
    await fireEvent.click(button('Apply'));
    const isForAnyone = true;
    await waitFor(() => expect(asked(engine, 'putDoor')).toMatchObject([{ enabled: false, isForAnyone }]));
    row(/^TCP/).focus();
    await fireEvent.keyDown(row(/^TCP/), { key: 'Delete' });
    await waitFor(() => expect(messages.list.at(-1)?.fact).toBe('TCP 0.0.0.0:9000 is deleted'));
    messages.list.at(-1)?.action?.run();
    await waitFor(() =>
      expect(asked(engine, 'putDoor').at(-1)).toMatchObject({ settings: { port: 9000 }, isForAnyone }),
    );
  });

  it('[UI445] says of the form of one that another window deleted that it is gone', async () => {
    const { engine } = await openWays([doorStatus()]);
    await fireEvent.keyDown(row(/^TCP/), { key: 'Enter' });
    expect(screen.getByRole('form', { name: 'Change TCP 127.0.0.1:7332' })).toBeTruthy();
    engine.emit('doors', []);
    flushSync();
    expect(screen.getByText('It was deleted in another window')).toBeTruthy();
  });

  it('[UI446] counts what was typed for a way in among what goes with the page, and Escape takes it back', async () => {
    const { devices } = await openWays();
    await fireEvent.click(button('Add a way in'));
    expect(devices.begun).toEqual([]);
    await fireEvent.input(field('port'), { target: { value: '9001' } });
    expect(devices.begun).toEqual(['a new way in']);
    await fireEvent.keyDown(field('port'), { key: 'Escape' });
    expect(devices.begun).toEqual([]);
    expect(screen.queryByRole('form')).toBeNull();
  });

  it('[UI441] is reached by arrows, and Enter on a control of a row is for that control', async () => {
    await openWays();
    row(/^WebSocket, /).focus();
    await fireEvent.keyDown(row(/^WebSocket, /), { key: 'End' });
    await waitFor(() => expect(document.activeElement).toBe(row(/^WebSocket over TLS/)));
    const remove = within(row(/^WebSocket over TLS/)).getByRole('button', { name: /^Delete/ });
    expect(remove.tabIndex).toBe(0);
    expect(await fireEvent.keyDown(remove, { key: 'Enter' })).toBe(true);
    expect(screen.queryByRole('form')).toBeNull();
  });
});
