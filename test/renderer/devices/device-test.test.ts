import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { MonitorEntry } from '../../../src-main/contract/live-events.ts';
import { InputError, UnavailableError } from '../../../src-main/contract/errors.ts';
import { emptyShow, mappingSchema, type Bridge } from '../../../src-main/contract/show.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import DevicesPage from '../../../src-renderer/devices/DevicesPage.svelte';
import { trafficLinesMax } from '../../../src-renderer/devices/device-traffic.svelte.ts';
import { DevicesState } from '../../../src-renderer/devices/devices-state.svelte.ts';
import { checkTestDraft, knownAddresses, newTestDraft } from '../../../src-renderer/devices/test-draft.ts';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import {
  httpSettings,
  ltcSettings,
  midiSettings,
  mqttSettings,
  socketioSettings,
  websocketSettings,
} from '../../bridges/bridge-settings.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea, TurnedClock } from '../page-host.ts';
import { deviceStatus, oscBridge, sacnBridge } from './bridges.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const mapping = (number: number, source: string, target: string) =>
  mappingSchema.parse({
    id: `m${number}`,
    number,
    source: { pattern: source },
    target: { address: target },
    transforms: [],
  });

async function openPage(device: Bridge = oscBridge()) {
  const engine = new FakeEngine({
    ...emptyShow('rig', 'Rig'),
    bridges: [device, sacnBridge()],
    mappings: [mapping(1, '/desk/*', '/osc/level'), mapping(2, '/osc/*', '/sacn/1/7')],
  });
  engine.devices = [deviceStatus({ bridgeId: 'osc-id', outTotal: 4 }), deviceStatus({ bridgeId: 'sacn-id' })];
  const clock = new TurnedClock();
  const state = await attachedState(engine, clock);
  const messages = new MessageBoard();
  const devices = new DevicesState(state, messages);
  cleanups.push(devices.follow(), state.live.start());
  const area = mountArea(DevicesPage, { devices }, { state });
  cleanups.push(area.unmount);
  devices.select(device.id);
  devices.view = 'traffic';
  flushSync();
  return { engine, state, clock, devices, messages, ...area };
}

const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
const inspector = (): HTMLElement => screen.getByRole('form', { name: 'foh-desk' });
const sent = (engine: FakeEngine) => engine.calls.filter(({ name }) => name === 'sendSignal').map(({ args }) => args);
const asked = (engine: FakeEngine) =>
  engine.calls.filter(({ name }) => /Device$/.test(name)).map(({ name, args }) => args ?? name);

function line(sequence: number, more: Partial<MonitorEntry> = {}): MonitorEntry {
  return {
    ...{ sequence, at: micros(1_000_000 * sequence), direction: 'in', device: 'foh-desk', kind: 'param' },
    ...{ address: parseAddress(`/osc/fader/${sequence}`), value: f64(0.5), because: '', trouble: false },
    ...more,
  };
}

describe('a test of a device', () => {
  it('[UI472] goes to an address that the show knows, with a value of the type that was chosen', async () => {
    const { engine } = await openPage();
    expect(screen.getByLabelText<HTMLInputElement>('address').value).toBe('/osc/level');
    await fireEvent.input(screen.getByLabelText('it is'), { target: { value: '0,5' } });
    await fireEvent.click(button(/^Test once/));
    await waitFor(() => expect(sent(engine)).toEqual([{ kind: 'param', address: '/osc/level', value: 0.5 }]));
    await fireEvent.change(screen.getByLabelText('value'), { target: { selectedIndex: 1 } });
    await fireEvent.change(screen.getByLabelText('kind'), { target: { selectedIndex: 1 } });
    await fireEvent.keyDown(screen.getByLabelText('it is'), { key: 'Enter' });
    await waitFor(() =>
      expect(sent(engine)[1]).toEqual({ kind: 'event', address: '/osc/level', value: 1, whole: true }),
    );
    expect(engine.calls.filter(({ name }) => name === 'edit')).toEqual([]);
  });

  it('[UI472] says what came of it: sent, refused by the router, or refused by the device and why', async () => {
    const { engine, clock } = await openPage();
    const said = () =>
      within(inspector())
        .queryAllByText(/^(Sent|Refused|Not sent|Handed on)/)
        .map(({ textContent }) => textContent);
    await fireEvent.click(button(/^Test once/));
    await waitFor(() => expect(said()).toEqual(['Handed on']));
    engine.emit('devices', [deviceStatus({ bridgeId: 'osc-id', outTotal: 5 })]);
    flushSync();
    expect(said()).toEqual(['Sent']);
    engine.refuse('sendSignal', new InputError('param-locked', 'Locked by Phone.'));
    await fireEvent.click(button(/^Test once/));
    await screen.findByText('Locked by Phone.');
    await fireEvent.click(button(/^Test once/));
    const refused = { address: '/osc/level', why: 'the value is no level' };
    engine.emit('devices', [deviceStatus({ bridgeId: 'osc-id', outTotal: 5, refusedTotal: 1, refused })]);
    await screen.findByText('The value is no level.');
    await fireEvent.click(button(/^Test once/));
    clock.advance(3000);
    flushSync();
    await screen.findByText('The router has it; foh-desk has sent nothing of it yet.');
  });

  it('[UI472] asks for a repair at its fields, and sends nothing until then', async () => {
    const { engine } = await openPage();
    await fireEvent.input(screen.getByLabelText('address'), { target: { value: '/elsewhere/x' } });
    expect(screen.getByText('An address of this device begins with its prefix: /osc/.')).toBeTruthy();
    expect(button(/^Test once/).hasAttribute('disabled')).toBe(true);
    await fireEvent.keyDown(screen.getByLabelText('address'), { key: 'Enter' });
    expect(sent(engine)).toEqual([]);
  });

  it('[UI472] is shown by the first press of T, and sent by the next', async () => {
    const { engine, devices, host } = await openPage();
    devices.view = 'settings';
    const press = () => host.actions.all.find(({ id }) => id === 'devices.test')?.run();
    press();
    flushSync();
    expect(sent(engine)).toEqual([]);
    expect(button(/^Test once/)).toBeTruthy();
    press();
    await waitFor(() => expect(sent(engine)).toHaveLength(1));
  });

  it.each([
    ['LTC', ltcSettings({ direction: 'in' }), ltcSettings({ direction: 'both' })],
    ['MIDI', midiSettings({ output: '' }), midiSettings({ output: '', mode: 'virtual' })],
    ['OSC', oscBridge({ settings: { direction: 'in' } }), oscBridge({ settings: { direction: 'out' } })],
  ] as const)('[TC39] is not offered where %s only reads', async (_kind, reads, sends) => {
    const { engine, devices, host } = await openPage(reads);
    expect(screen.getByText('It only reads: there is nothing to send to it.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^(Test once|Send now)/ })).toBeNull();
    host.actions.all.find(({ id }) => id === 'devices.test')?.run();
    await devices.test.send(reads);
    expect(sent(engine)).toEqual([]);
    expect(devices.test.isOffered(sends)).toBe(true);
  });

  it.each([
    ['number', 'x', 'A number, as 0.5.'],
    ['number', '1,000', 'Type 1\u2009000 or 1.000: a comma can mean both.'],
    ['whole', '1.5', 'A whole number, as 127.'],
    ['whole', '1,000', 'Type 1\u2009000 or 1.000: a comma can mean both.'],
    ['json', '[1', 'This is no JSON. Texts stand in double quotes: ["go", 1].'],
  ] as const)('[UI472] wants a %s in “%s” repaired', (type, text, repair) => {
    const draft = { ...newTestDraft(oscBridge(), []), type, text };
    expect(checkTestDraft(draft, '/osc').problems).toEqual({ text: repair });
  });

  it('[UI472] begins at a slot of the first universe, or at an address that a set names, patterns left out', () => {
    expect(newTestDraft(sacnBridge(), []).address).toBe('/sacn/1/1');
    expect(newTestDraft(oscBridge(), []).address).toBe('/osc/test');
    const mappings = [mapping(1, '/desk/*', '/osc/level'), mapping(2, '/osc/**', '/oscillator/x')];
    expect(knownAddresses({ mappings }, '/osc', ['/osc/heard', '/osc/level'])).toEqual(['/osc/level', '/osc/heard']);
  });

  it.each([
    [httpSettings({ webhooks: [{ from: '/lamp/*', url: 'http://10.0.0.5/{1}' }] }), '/http/lamp/1'],
    [mqttSettings({ publications: [{ from: '/a/**' }, {}] }), '/mqtt/a/1'],
    [mqttSettings(), '/mqtt/heard'],
    [websocketSettings({ gives: [{ from: '/go' }] }), '/ws/go'],
    [socketioSettings({ emissions: [{ from: '/*/level' }] }), '/socketio/1/level'],
  ])('[UI550] begins with an address that the first rule of the device covers', (bridge, address) => {
    expect(newTestDraft(bridge, ['/mqtt/heard']).address).toBe(address);
  });
});

describe('what comes and goes at a device', () => {
  it('[UI475] is listed newest first with address, value and time, and why, while somebody looks', async () => {
    const { engine, devices } = await openPage();
    expect(asked(engine)).toEqual([{ bridgeId: 'osc-id' }]);
    engine.emit('traffic', { entries: [line(1), line(2, { direction: 'out', because: 'sent by hand' })], skipped: 3 });
    flushSync();
    const lines = within(screen.getByRole('list', { name: 'Last messages of foh-desk' })).getAllByRole('listitem');
    expect(lines).toHaveLength(2);
    expect(lines[0]?.textContent).toMatch(/out.*\/osc\/fader\/2.*0\.500.*sent by hand/s);
    expect(screen.getByText('3 more than could be shown.')).toBeTruthy();
    const many = Array.from({ length: trafficLinesMax }, (_none, index) => line(index + 3));
    engine.emit('traffic', { entries: many, skipped: 0 });
    expect(devices.traffic.lines).toHaveLength(trafficLinesMax);
    devices.view = 'settings';
    flushSync();
    expect(asked(engine)).toEqual([{ bridgeId: 'osc-id' }, 'unwatchDevice']);
  });

  it('[UI475] is of the device that is chosen, and is asked for anew when its addresses begin elsewhere', async () => {
    const { engine, devices } = await openPage();
    engine.emit('traffic', { entries: [line(1)], skipped: 0 });
    await engine.edit({
      label: 'x',
      steps: [{ do: 'put', list: 'bridges', item: oscBridge({ settings: { prefix: '/o' } }) }],
    });
    flushSync();
    expect(asked(engine)).toEqual([{ bridgeId: 'osc-id' }, 'unwatchDevice', { bridgeId: 'osc-id' }]);
    expect(devices.traffic.lines).toHaveLength(1);
    devices.select('sacn-id');
    flushSync();
    expect(asked(engine).at(-1)).toEqual({ bridgeId: 'sacn-id' });
    expect(devices.traffic.lines).toEqual([]);
    expect(screen.getByText('Nothing came or went since this was opened.')).toBeTruthy();
  });

  it('[UI475] stands beside its counts, and names what was refused and why', async () => {
    const { engine } = await openPage();
    const refused = { address: '/osc/x', why: 'the value is no level' };
    engine.emit('devices', [deviceStatus({ bridgeId: 'osc-id', inTotal: 12_345, refusedTotal: 2, refused })]);
    flushSync();
    expect(inspector().textContent).toContain('12\u2009345');
    expect(inspector().textContent).toContain('/osc/x was not sent: the value is no level.');
  });
});

describe('what stands', () => {
  it('[UI474] is sent again to all devices, and to the one that is looked at, and the corner counts it', async () => {
    const { engine, messages } = await openPage();
    engine.resends = 12;
    await fireEvent.click(button('Send all again'));
    await waitFor(() => expect(messages.list.at(-1)?.fact).toBe('12 values sent to the devices'));
    engine.resends = 0;
    await fireEvent.click(button('Send now'));
    await waitFor(() =>
      expect(messages.list.at(-1)).toMatchObject({
        fact: 'Nothing was sent',
        consequence: 'No value stands for foh-desk.',
      }),
    );
    engine.refuse('resend', new UnavailableError('link-closed', 'foh-desk is not there.'));
    await fireEvent.click(button('Send now'));
    await waitFor(() =>
      expect(messages.list.at(-1)).toMatchObject({ tone: 'fault', consequence: 'foh-desk is not there.' }),
    );
    const resent = engine.calls.filter(({ name }) => name === 'resend').map(({ args }) => args);
    expect(resent).toEqual([{}, { bridgeId: 'osc-id' }, { bridgeId: 'osc-id' }]);
  });

  it('[UI474] waits at a device that asks, with how much it is, until somebody sends or leaves it', async () => {
    const { engine, devices } = await openPage();
    expect(screen.queryByText(/values wait/)).toBeNull();
    engine.emit('devices', [deviceStatus({ bridgeId: 'osc-id', asks: 12 })]);
    devices.view = 'settings';
    flushSync();
    expect(screen.getByText('foh-desk: 12 values wait.')).toBeTruthy();
    await fireEvent.click(button('Leave'));
    await fireEvent.click(button('Send'));
    const answers = engine.calls.filter(({ name }) => name === 'leaveAsIs' || name === 'resend');
    expect(answers).toMatchObject([
      { name: 'leaveAsIs', args: { bridgeId: 'osc-id' } },
      { name: 'resend', args: { bridgeId: 'osc-id' } },
    ]);
  });
});

describe('the settings of a device', () => {
  it('[UI477] are copied as the JSON that a show has of them', async () => {
    const { devices, host } = await openPage();
    devices.view = 'settings';
    flushSync();
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await fireEvent.click(button('Copy as JSON'));
    await waitFor(() => expect(host.messages.list.at(-1)?.fact).toBe('Copied'));
    expect(JSON.parse(writeText.mock.calls[0]?.[0] ?? '')).toEqual(oscBridge());
    writeText.mockRejectedValue(new Error('closed'));
    await fireEvent.click(button('Copy as JSON'));
    await waitFor(() => expect(host.messages.list.at(-1)?.consequence).toBe('The clipboard is closed to this page.'));
    writeText.mockRestore();
  });
});
