import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError, UnavailableError } from '../../../src-main/contract/errors.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { millis } from '../../../src-main/contract/units.ts';
import DevicesPage from '../../../src-renderer/devices/DevicesPage.svelte';
import { DevicesState } from '../../../src-renderer/devices/devices-state.svelte.ts';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { fakeStats } from '../fake-parts.ts';
import { attachedState, mountArea } from '../page-host.ts';
import { deviceStatus, oscBridge, sacnBridge } from './bridges.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function openPage(engine = rig()) {
  const state = await attachedState(engine);
  const messages = new MessageBoard();
  const devices = new DevicesState(state, messages);
  cleanups.push(devices.follow());
  const area = mountArea(DevicesPage, { devices }, { state });
  cleanups.push(area.unmount);
  flushSync();
  return { engine, state, devices, messages, ...area };
}

function rig(): FakeEngine {
  const engine = new FakeEngine({
    ...emptyShow('rig', 'Rig'),
    bridges: [oscBridge(), sacnBridge(), oscBridge({ id: 'spare', number: 3, name: 'spare', enabled: false })],
  });
  engine.devices = [
    deviceStatus({ bridgeId: 'osc-id' }),
    deviceStatus({
      bridgeId: 'sacn-id',
      state: 'broken',
      reason: 'No network card eth9.',
      retryAt: millis(1_795_295_650_000),
    }),
    deviceStatus({ bridgeId: 'spare', state: 'off' }),
  ];
  return engine;
}

const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
const row = (name: RegExp): HTMLElement => screen.getByRole('row', { name });
const deviceRows = (): HTMLElement[] =>
  within(screen.getByRole('grid', { name: 'Devices' }))
    .getAllByRole('row')
    .slice(1);
const lastEdit = (engine: FakeEngine): unknown => engine.calls.filter((call) => call.name === 'edit').at(-1)?.args;

function fields(...labels: string[]): string[] {
  return labels.map((label) => screen.getByLabelText<HTMLInputElement>(label).value);
}

async function type(label: string, text: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText(label), { target: { value: text } });
}

describe('Devices page', () => {
  it('[UI115] goes from the form of a new bridge to its row, also when the tab did not show it', async () => {
    const { devices } = await openPage();
    devices.tab = 'off';
    devices.startAdding('osc');
    flushSync();
    screen.getByLabelText('name').focus();
    await type('name', 'Balcony');
    await fireEvent.click(button('Add bridge'));
    await waitFor(() => expect(document.activeElement).toBe(row(/Balcony/)));
  });

  it('[BF21] names what a new bridge wants, and asks for a repair of what was typed only', async () => {
    const { devices } = await openPage();
    devices.startAdding('mqtt');
    flushSync();
    expect(screen.getByText('Fill in the broker below, and this bridge can be added.')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    await type('broker', 'ftp');
    expect(screen.getByRole('alert').textContent).toMatch(/^A URL such as mqtt:/);
    await type('broker', '');
    expect(screen.queryByRole('alert')).toBeNull();
    await type('broker', 'mqtt://10.0.0.5');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.queryByText(/^Fill in/)).toBeNull();
  });

  it('[DU43] says of the chosen device what it says of itself, while it is there', async () => {
    const { engine } = await openPage();
    await fireEvent.click(row(/node-a/));
    const device = { model: 'ENTTEC Pro', serialNumber: '1004', firmware: '1.44' };
    engine.emit('devices', [deviceStatus({ bridgeId: 'sacn-id', device })]);
    flushSync();
    expect(screen.getByText('ENTTEC Pro, serial number 1004, firmware 1.44')).toBeTruthy();
    engine.emit('devices', [deviceStatus({ bridgeId: 'sacn-id' })]);
    flushSync();
    expect(screen.queryByText(/1004/)).toBeNull();
  });

  it('[BF21] says what a new bridge wants also while a device is chosen, not what that one does', async () => {
    const { devices } = await openPage();
    await fireEvent.click(row(/node-a/));
    devices.startAdding('serial');
    flushSync();
    expect(screen.getByText('Fill in the port below, and this bridge can be added.')).toBeTruthy();
  });

  it('[BF21] asks for no repair of a row that was just added, and names what it wants', async () => {
    const { devices } = await openPage();
    devices.startAdding('http');
    flushSync();
    await fireEvent.click(button('Add webhook'));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText('Fill in the URL of webhook 1 below, and this bridge can be added.')).toBeTruthy();
    await type('URL', 'nowhere');
    expect(screen.getByRole('alert').textContent).toMatch(/^A URL such as/);
  });

  it('[BF22] leads from Enter in a form that wants something to the field that wants it, and says there what', async () => {
    const { devices, engine } = await openPage();
    devices.startAdding('mqtt');
    flushSync();
    screen.getByLabelText('name').focus();
    // What a browser makes of Enter in a field.
    await fireEvent.submit(screen.getByRole('form', { name: 'New bridge' }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('broker')));
    expect(screen.getByRole('alert').textContent).toMatch(/^A URL such as mqtt:/);
    expect(engine.calls.some(({ name }) => name === 'edit')).toBe(false);
    devices.startAdding('websocket');
    flushSync();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('[UI55] shows each device with its state and reason in words and the countdown to the next try', async () => {
    await openPage();
    expect(row(/^device 2, node-a, sACN, Broken, No network card eth9. Retrying in 3 s$/)).toBeTruthy();
    expect(within(row(/node-a/)).getByText('Retrying in 3 s')).toBeTruthy();
    expect(row(/spare, OSC, Off, switched off/)).toBeTruthy();
  });

  it('[UI55] sorts devices under tabs with their counts', async () => {
    await openPage();
    await fireEvent.click(button('Trouble 1'));
    expect(deviceRows()).toHaveLength(1);
    await fireEvent.click(button('Off 1'));
    expect(row(/spare/)).toBeTruthy();
    await fireEvent.click(button('All 3'));
    expect(deviceRows()).toHaveLength(3);
  });

  it('[UI51] adds an sACN bridge that works as it is, as one edit', async () => {
    const { engine } = await openPage();
    await fireEvent.click(button(/^Bridge/));
    await fireEvent.click(button('sACN'));
    expect(
      screen.getByText('Flyrail sends universe 5 to everyone on the lighting network, 44 times a second.'),
    ).toBeTruthy();
    await fireEvent.click(button('Add bridge'));
    await waitFor(() => expect(engine.document.bridges).toHaveLength(4));
    expect(engine.document.bridges.at(-1)).toMatchObject({ kind: 'sacn', number: 4, name: 'sacn', enabled: true });
    expect(engine.show.undoLabel).toBe('add sacn');
  });

  it('[UI52] says at the field what to repair and adds nothing until it is', async () => {
    const { engine } = await openPage();
    await fireEvent.click(button(/^Bridge/));
    await type('listens on port', '70000');
    expect(screen.getByRole('alert').textContent).toContain('A port is a whole number from 1 to 65\u2009535.');
    await fireEvent.click(button('Add bridge'));
    expect(engine.document.bridges).toHaveLength(3);
    await type('listens on port', '8123');
    await fireEvent.submit(screen.getByRole('form', { name: 'New bridge' }));
    await waitFor(() => expect(engine.document.bridges.at(-1)?.settings).toMatchObject({ listenPort: 8123 }));
  });

  it('[UI54] warns that another output sends the universe, and lets it be', async () => {
    await openPage();
    await fireEvent.click(button(/^Bridge/));
    await fireEvent.click(button('sACN'));
    await type('universes', '4-6@120');
    expect(screen.getByText('node-a sends universe 4 too, at priority 100: this one wins.')).toBeTruthy();
    expect(button('Add bridge').hasAttribute('disabled')).toBe(false);
  });

  it('[UI56] keeps what was typed with its device until it is applied or taken back', async () => {
    const { engine, devices } = await openPage();
    await fireEvent.click(row(/foh-desk/));
    await type('name', 'pit-desk');
    await fireEvent.click(row(/node-a/));
    expect(row(/foh-desk, OSC, Connected, changes not applied, /)).toBeTruthy();
    await fireEvent.click(row(/foh-desk/));
    await fireEvent.click(button('Apply'));
    await waitFor(() => expect(engine.document.bridges[0]?.name).toBe('pit-desk'));
    await waitFor(() => expect(devices.isChanged('osc-id')).toBe(false));
    await type('name', 'x');
    await fireEvent.click(button(/^Take back/));
    expect(screen.getByLabelText<HTMLInputElement>('name').value).toBe('pit-desk');
  });

  it('[UI56] shows why an edit was refused and keeps what was typed', async () => {
    const { engine } = await openPage();
    await fireEvent.click(row(/foh-desk/));
    await type('name', 'pit-desk');
    engine.refuse('edit', new InputError('duplicate-number', 'Number 1 is taken. Nothing was changed.'));
    await fireEvent.click(button('Apply'));
    await screen.findByText('Number 1 is taken. Nothing was changed.');
    expect(screen.getByLabelText<HTMLInputElement>('name').value).toBe('pit-desk');
  });

  it('[UI57] switches a device off with its rope lock, duplicates it switched off, and deletes it undoably', async () => {
    const { engine, host } = await openPage();
    await fireEvent.click(within(row(/foh-desk/)).getByRole('switch'));
    await waitFor(() => expect(engine.document.bridges[0]?.enabled).toBe(false));
    await fireEvent.click(row(/node-a/));
    await fireEvent.click(button('Duplicate'));
    await waitFor(() => expect(engine.document.bridges[2]).toMatchObject({ name: 'node-a-2', enabled: false }));
    await screen.findByRole('form', { name: 'node-a-2' });
    await fireEvent.click(button('Delete'));
    await waitFor(() => expect(engine.document.bridges).toHaveLength(3));
    expect(lastEdit(engine)).toMatchObject({ label: 'delete node-a-2' });
    await waitFor(() => expect(host.messages.list.at(-1)?.fact).toBe('node-a-2 is deleted'));
    host.messages.list.at(-1)?.action?.run();
    await waitFor(() => expect(engine.document.bridges).toHaveLength(4));
  });

  it('[UI57] goes on at the next device after a deletion by key or button, and at the one that an undo brought back', async () => {
    const { engine, host } = await openPage();
    row(/foh-desk/).focus();
    await fireEvent.click(row(/foh-desk/));
    host.actions.all.find((action) => action.id === 'devices.delete')?.run();
    await waitFor(() => expect(engine.document.bridges).toHaveLength(2));
    await waitFor(() => expect(document.activeElement).toBe(row(/node-a/)));
    (document.activeElement as HTMLElement).blur();
    host.messages.list.at(-1)?.action?.run();
    await waitFor(() => expect(document.activeElement).toBe(row(/foh-desk/)));
    button('Delete').focus();
    await fireEvent.click(button('Delete'));
    await waitFor(() => expect(document.activeElement).toBe(row(/node-a/)));
  });

  it('[UI87] puts what was typed into the device as another window left it', async () => {
    const { engine } = await openPage();
    await fireEvent.click(row(/node-a/));
    await type('universes', '1-4, 9');
    const theirs = sacnBridge({ settings: { universes: [{ first: 1, last: 4, priority: 150 }] } });
    await engine.edit({ label: 'theirs', steps: [{ do: 'put', list: 'bridges', item: theirs }] });
    await fireEvent.click(button('Apply'));
    await waitFor(() =>
      expect(engine.document.bridges[1]?.settings).toMatchObject({
        universes: [
          { first: 1, last: 4, priority: 150 },
          { first: 9, last: 9, priority: 150 },
        ],
      }),
    );
  });

  it('[UI86] adds a bridge whose number another window took meanwhile', async () => {
    const { engine } = await openPage();
    await fireEvent.click(button(/^Bridge/));
    await engine.edit({ label: 'x', steps: [{ do: 'put', list: 'bridges', item: oscBridge({ id: 'z', number: 4 }) }] });
    await fireEvent.click(button('Add bridge'));
    await waitFor(() => expect(engine.document.bridges.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]));
  });

  it('[UI88] says that another window deleted the device first', async () => {
    const { engine, host } = await openPage();
    await fireEvent.click(row(/node-a/));
    const edit = engine.edit.bind(engine);
    engine.edit = async (request) => {
      engine.edit = edit;
      await edit({ label: 'theirs', steps: [{ do: 'remove', list: 'bridges', id: 'sacn-id' }] });
      return edit(request);
    };
    await fireEvent.click(button('Delete'));
    await waitFor(() =>
      expect(host.messages.list.map(({ fact }) => fact)).toEqual(['node-a was deleted in another window.']),
    );
  });

  it('[UI84] says the whole reason of a broken device on top of its inspector', async () => {
    const { devices, target } = await openPage();
    devices.select('sacn-id');
    flushSync();
    const note = target.querySelector('[data-region="inspector"] [role="alert"]');
    expect(note?.textContent).toContain('No network card eth9.');
    devices.select('osc-id');
    flushSync();
    expect(target.querySelector('[data-region="inspector"] [role="alert"]')).toBeNull();
  });

  it('[UI57] moves along the devices with the arrow keys and leaves with Escape', async () => {
    const { devices, host } = await openPage();
    row(/foh-desk/).focus();
    await fireEvent.keyDown(row(/foh-desk/), { key: 'ArrowDown' });
    expect(devices.selectedId).toBe('sacn-id');
    expect(document.activeElement).toBe(row(/node-a/));
    host.actions.all.find((action) => action.id === 'devices.leave')?.run();
    expect(devices.selectedId).toBeUndefined();
  });

  it('[UI55] comes to a device, or to a new one, when another part of the page sends the operator there', async () => {
    const { devices, host } = await openPage();
    host.navigation.go('devices', { intent: 'inspect', id: 'sacn-id' });
    await waitFor(() => expect(devices.selectedId).toBe('sacn-id'));
    host.navigation.go('devices', { intent: 'new' });
    await waitFor(() => expect(devices.adding?.kind).toBe('osc'));
  });

  it('[UI55] remembers the rates of the last minute, one sample a second', async () => {
    const { engine, devices } = await openPage();
    for (let second = 0; second < 64; second++) {
      engine.emit('devices', [deviceStatus({ bridgeId: 'osc-id', inPerSecond: second })]);
      engine.emit('stats', fakeStats({ at: millis(second * 1000) }));
      flushSync();
    }
    const { inPerSecond } = devices.rates.of('osc-id');
    expect(inPerSecond).toHaveLength(60);
    expect(inPerSecond.at(-1)).toBe(63);
    expect(devices.rates.of('sacn-id').inPerSecond).toEqual([]);
  });
});

describe('the form of a new bridge', () => {
  it('[UI153] is kept when a device is looked at, says so, and is gone on with', async () => {
    const { messages } = await openPage();
    await fireEvent.click(button(/^Bridge/));
    await type('name', 'monitor desk');
    await type('listens on port', '9123');
    await fireEvent.click(row(/foh-desk/));
    expect(messages.list.map(({ fact }) => fact)).toEqual(['The new bridge is kept']);
    await fireEvent.click(button(/^Bridge/));
    expect(fields('name', 'listens on port')).toEqual(['monitor desk', '9123']);
    await fireEvent.click(row(/foh-desk/));
    messages.list.at(-1)?.action?.run();
    flushSync();
    expect(fields('name', 'listens on port')).toEqual(['monitor desk', '9123']);
  });

  it('[UI153] stays as it is when Bridge is pressed again, and over a look at the other kind', async () => {
    const { engine } = await openPage();
    await fireEvent.click(button(/^Bridge/));
    await type('listens on port', '9124');
    await type('prefix', '/mon');
    await fireEvent.click(button(/^Bridge/));
    expect(fields('listens on port', 'prefix')).toEqual(['9124', '/mon']);
    await fireEvent.click(button('sACN'));
    await type('universes', '7');
    await type('name', 'Balcony');
    await fireEvent.click(button(/^Bridge/));
    expect(fields('universes', 'name')).toEqual(['7', 'Balcony']);
    await fireEvent.click(button('OSC'));
    expect(fields('name', 'listens on port', 'prefix')).toEqual(['Balcony', '9124', '/mon']);
    await fireEvent.click(button('Add bridge'));
    await waitFor(() => expect(screen.queryByRole('form', { name: 'New bridge' })).toBeNull());
    expect(engine.document.bridges.at(-1)).toMatchObject({ name: 'Balcony', kind: 'osc' });
    await fireEvent.click(button(/^Bridge/));
    expect(fields('name')).toEqual(['osc']);
  });

  it('[UI153] is gone only when it is cancelled or added, not when its sheet is put away', async () => {
    await openPage();
    await fireEvent.click(button(/^Bridge/));
    await type('name', 'monitor desk');
    await fireEvent.click(button('Close inspector'));
    await fireEvent.click(button(/^Bridge/));
    expect(fields('name')).toEqual(['monitor desk']);
    await fireEvent.click(button(/^Cancel/));
    await fireEvent.click(button(/^Bridge/));
    expect(fields('name')).toEqual(['osc']);
  });

  it('[UI151] adds its bridge once, also when the engine that made it could not say so', async () => {
    const { engine, state } = await openPage();
    await fireEvent.click(button(/^Bridge/));
    const edit = engine.edit.bind(engine);
    engine.edit = async (request) => {
      engine.edit = edit;
      // Nor does the page hear that it is made.
      const emit = engine.emit.bind(engine);
      engine.emit = () => undefined;
      await edit(request);
      engine.emit = emit;
      return new Promise(() => undefined);
    };
    await fireEvent.click(button('Add bridge'));
    state.connection = 'lost';
    state.detach();
    flushSync();
    await screen.findByText(/Whether it was changed shows/);
    await state.attach(engine);
    await waitFor(() => expect(screen.queryByText(/Whether it was changed shows/)).toBeNull());
    const { revision } = engine;
    await fireEvent.click(button('Add bridge'));
    await waitFor(() => expect(screen.queryByRole('form', { name: 'New bridge' })).toBeNull());
    expect(engine.document.bridges).toHaveLength(4);
    expect(engine.revision).toBe(revision);
  });
});

describe('what was typed for a device that is gone', () => {
  it('[UI154] is named in a fault that stays until the device is back with it', async () => {
    const { engine, messages } = await openPage();
    await fireEvent.click(row(/node-a/));
    await type('name', 'typed for node-a');
    await type('universes', '9');
    await engine.edit({ label: 'theirs', steps: [{ do: 'remove', list: 'bridges', id: 'sacn-id' }] });
    flushSync();
    expect(messages.list).toMatchObject([
      {
        tone: 'fault',
        fact: 'node-a was deleted in another window.',
        consequence: 'Not applied: “typed for node-a” as name, “9” as universes.',
      },
    ]);
    await engine.undo();
    flushSync();
    expect(messages.list).toEqual([]);
    await fireEvent.click(row(/node-a/));
    expect(fields('name', 'universes')).toEqual(['typed for node-a', '9']);
  });

  it('[UI154] is not missed when the device was deleted here', async () => {
    const { engine, messages } = await openPage();
    await fireEvent.click(row(/node-a/));
    await type('name', 'typed for node-a');
    await fireEvent.click(button('Delete'));
    await waitFor(() => expect(engine.document.bridges).toHaveLength(2));
    flushSync();
    expect(messages.list).toEqual([]);
  });

  it('[UI154] never reaches the device of another show, and is said', async () => {
    const { engine, messages, state } = await openPage();
    await fireEvent.click(row(/foh-desk/));
    await type('name', 'typed for Monday');
    const tuesday = { ...engine.document, id: 'tuesday', bridges: [oscBridge({ name: 'Tuesday desk' })] };
    engine.lay(tuesday);
    flushSync();
    expect(fields('name')).toEqual(['Tuesday desk']);
    expect(messages.list[0]).toMatchObject({
      fact: 'foh-desk stays as it is: another show is on the table.',
      consequence: 'Not applied: “typed for Monday” as name.',
    });
    await type('name', 'typed for Tuesday');
    state.connection = 'lost';
    state.detach();
    await engine.edit({ label: 'theirs', steps: [{ do: 'rename', name: 'x' }] });
    await state.attach(engine);
    flushSync();
    expect(fields('name')).toEqual(['typed for Tuesday']);
  });
});

describe('web page access', () => {
  it('[UI58] offers no link in the desktop window, whose engine has no port for browsers', async () => {
    const engine = rig();
    engine.paths = true;
    await openPage(engine);
    expect(screen.queryByRole('button', { name: 'New link for another browser' })).toBeNull();
    expect(screen.getByText('No page has asked. Pages of this machine come in unasked.')).toBeTruthy();
  });

  it('[UI58] lists pages that were refused and lets the operator allow and forbid them', async () => {
    const engine = rig();
    engine.access = {
      allowedOrigins: [],
      refusedOrigins: [{ origin: 'http://10.0.0.7:8080', count: 4, lastAt: millis(1_795_295_000_000) }],
    };
    await openPage(engine);
    expect(screen.getByText(/^Refused 4 times, last at/)).toBeTruthy();
    await fireEvent.click(button('Allow'));
    await screen.findByText('May send and hear signals');
    engine.refuse('forbidOrigin', new UnavailableError('cannot-write-file', 'The list could not be written.'));
    await fireEvent.click(button('Forbid'));
    await screen.findByText('The list could not be written.');
    await fireEvent.click(button('Forbid'));
    await waitFor(() => expect(engine.access.allowedOrigins).toEqual([]));
  });

  it('[UI58] makes a link for another browser, and hides the button where there is none to be had', async () => {
    const { engine } = await openPage();
    await fireEvent.click(button('New link for another browser'));
    await screen.findByText('http://127.0.0.1:7380/#secret');
    await fireEvent.click(button('Put away'));
    engine.refuse('makeUiLink', new UnavailableError('cannot-open-port', 'There is no interface port.'));
    await fireEvent.click(button('New link for another browser'));
    await screen.findByText('There is no interface port.');
    expect(screen.queryByRole('button', { name: 'New link for another browser' })).toBeNull();
  });
});
