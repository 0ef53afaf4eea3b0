import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync, tick } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { FoundKind, FoundThing } from '../../../src-main/contract/discovery.ts';
import type { ShellApi } from '../../../src-main/contract/shell-api.ts';
import { InputError } from '../../../src-main/contract/errors.ts';
import { millis } from '../../../src-main/contract/units.ts';
import DevicesPage from '../../../src-renderer/devices/DevicesPage.svelte';
import { DevicesState } from '../../../src-renderer/devices/devices-state.svelte.ts';
import { foundRow, webPageOf } from '../../../src-renderer/devices/found-row.ts';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { giveRoom } from '../opened-app.ts';
import { attachedState, mountArea } from '../page-host.ts';
import { foundThing, sampleThings } from './network.ts';

giveRoom();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function openPage(things: readonly FoundThing[] = sampleThings(), openExternal?: ShellApi['openExternal']) {
  const engine = new FakeEngine();
  engine.found = { mode: 'find', things, troubles: ['Another program has port 6454.'] };
  const state = await attachedState(engine);
  const devices = new DevicesState(state, new MessageBoard());
  const area = mountArea(DevicesPage, { devices, openExternal }, { state });
  cleanups.push(area.unmount);
  flushSync();
  await tick();
  return { engine, state, devices, messages: area.host.messages };
}

const table = (): HTMLElement => screen.getByRole('grid', { name: 'Found on the network' });
const row = (name: RegExp): HTMLElement => within(table()).getByRole('row', { name });
const rows = (): HTMLElement[] => within(table()).getAllByRole('row').slice(1);
const change = (part: object) => ({ mode: 'find' as const, troubles: [], changed: [], gone: [], ...part });
const around = { now: millis(1_795_295_647_000), isGone: false };

describe('Found on the network', () => {
  it('[UI451] tells of each thing its kind, address, how and since when it is known, and what can be done', async () => {
    await openPage();
    expect(row(/^ETC Nomad, OSC, 192.168.10.33:8000, from mDNS eth0, since .*\d$/)).toBeTruthy();
    expect(
      row(
        /^house-lx, sACN, U 1–3, 7 · 192.168.10.5, from sACN eth0, .*What it sends appears under an address of its own/,
      ),
    ).toBeTruthy();
    expect(
      row(/^Flyrail on monitor-desk, CLASP, ws:.*from mDNS eth0 eth1, broadcast eth0.*There is no link/),
    ).toBeTruthy();
    expect(within(row(/^ODE/)).queryByRole('button')).toBeNull();
    expect(within(row(/^ETC/)).getByText('7 s')).toBeTruthy();
  });

  it('[UI451] says when a thing was seen: now, in seconds, in minutes', () => {
    const seen = (agoMs: number) => foundRow(foundThing({ lastSeen: millis(around.now - agoMs) }), around).seen;
    expect([0, 1400, 1500, 9_999, 65_000].map(seen)).toEqual(['now', 'now', '1 s', '9 s', '1:05']);
  });

  it('[AN34] tells the firmware of a node beside who said it, and of nothing else', () => {
    const whom = (kind: FoundKind) => foundRow(foundThing({ kind, features: ['firmware 2.11'] }), around).fromWhom;
    expect([whom('artnet').split('\n').at(-1), whom('clasp').includes('firmware')]).toEqual(['firmware 2.11', false]);
  });

  it('[UI450] follows what comes and goes: what is known keeps its place, what is new comes last', async () => {
    const { engine, state } = await openPage();
    engine.emit(
      'found',
      change({ gone: ['lx'], changed: [foundThing({ name: 'Nomad 2' }), foundThing({ key: 'new' })] }),
    );
    flushSync();
    expect(state.found.things.map(({ key, name }) => `${key} ${name}`)).toEqual([
      'nomad Nomad 2',
      'web truss node',
      'clasp Flyrail on monitor-desk',
      'node ODE Mk3',
      'new ETC Nomad',
    ]);
    expect(screen.queryByText('Another program has port 6454.')).toBeNull();
  });

  it('[UI452] Connect adds the bridge, goes to its row, and can be undone from the corner', async () => {
    const { engine, messages } = await openPage();
    const button = within(row(/^house-lx/)).getByRole('button', { name: 'Connect' });
    button.focus();
    await fireEvent.click(button);
    await waitFor(() => expect(engine.document.bridges).toMatchObject([{ kind: 'sacn', name: 'house-lx' }]));
    const devices = screen.getByRole('grid', { name: 'Devices' });
    await waitFor(() => expect(document.activeElement).toBe(within(devices).getByRole('row', { name: /house-lx/ })));
    expect(messages.list).toMatchObject([{ fact: 'house-lx is added', consequence: undefined }]);
    messages.list[0]?.action?.run();
    await waitFor(() => expect(engine.document.bridges).toEqual([]));
  });

  it('[UI452] says at the row why it was refused, and leaves the focus where it is', async () => {
    const { engine } = await openPage();
    engine.refuse('connectFound', new InputError('unknown-id', 'It is not on the network any more.'));
    await fireEvent.keyDown(row(/^ETC/), { key: 'Enter' });
    expect((await within(row(/^ETC/)).findByRole('alert')).textContent).toBe(
      'Refused: It is not on the network any more.',
    );
    expect(engine.document.bridges).toEqual([]);
  });

  it('[UI453] opens pages of the web and nothing else, in a window that knows nothing of this one', async () => {
    await openPage();
    const link = within(row(/^truss node/)).getByRole('link', { name: 'Open' });
    expect(link.getAttribute('href')).toBe('http://192.168.10.60:8080/setup');
    expect(link.getAttribute('rel')).toBe('noopener noreferrer');
    expect(link.getAttribute('target')).toBe('_blank');
    for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'http://a:b@c/', 'x', 'data:text/html,a', null])
      expect(webPageOf(url)).toBeUndefined();
    const odd = foundThing({ kind: 'http', url: 'javascript:alert(1)', offer: { does: 'open' } });
    expect(foundRow(odd, around)).toMatchObject({ does: 'nothing', words: 'Its address is not that of a web page.' });
  });

  it('[UI453] the desktop window has the system open a page, by button and by Enter, and says when it does not', async () => {
    const asked: string[] = [];
    let answer = true;
    await openPage(sampleThings(), (url) => {
      asked.push(url);
      return Promise.resolve(answer);
    });
    expect(screen.queryByRole('link')).toBeNull();
    const page = 'http://192.168.10.60:8080/setup';
    await fireEvent.click(within(row(/^truss node/)).getByRole('button', { name: 'Open' }));
    await waitFor(() => expect(asked).toEqual([page]));
    expect(within(table()).queryByRole('alert')).toBeNull();
    answer = false;
    await fireEvent.keyDown(row(/^truss node/), { key: 'Enter' });
    expect((await within(row(/^truss node/)).findByRole('alert')).textContent).toBe(
      `Refused: No browser of this machine opens ${page}`,
    );
    expect(asked).toEqual([page, page]);
  });

  it('[UI454] keeps the place of what went while somebody is at the list', async () => {
    const { engine } = await openPage();
    const list = table().parentElement;
    if (!list) throw new Error('The list is in nothing.');
    await fireEvent.pointerEnter(list);
    engine.emit('found', change({ gone: ['nomad'], changed: [foundThing({ key: 'new', name: 'new' })] }));
    flushSync();
    await tick();
    expect(rows().map((each) => each.dataset['row'])).toEqual(['nomad', 'lx', 'web', 'clasp', 'node', 'new']);
    expect(row(/^ETC Nomad.*gone$/)).toBeTruthy();
    expect(within(row(/^ETC Nomad/)).queryByRole('button')).toBeNull();
    await fireEvent.pointerLeave(list);
    flushSync();
    await tick();
    expect(rows().map((each) => each.dataset['row'])).toEqual(['lx', 'web', 'clasp', 'node', 'new']);
  });

  it('[UI455] says what each mode means, asks again, and tells troubles and emptiness in words', async () => {
    const { engine } = await openPage([]);
    expect(screen.getByText('Another program has port 6454.')).toBeTruthy();
    expect(screen.getByText('Nothing has answered yet. What does appears here by itself.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Look again' }));
    expect(engine.calls.at(-1)?.name).toBe('lookAgain');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Look again' }).hasAttribute('disabled')).toBe(false),
    );
    await fireEvent.click(screen.getByRole('button', { name: 'Look and be found' }));
    await waitFor(() => expect(screen.getByText(/others find this router/)).toBeTruthy());
    await fireEvent.click(screen.getByRole('button', { name: 'Off' }));
    await waitFor(() => expect(screen.getByText('Nothing is sent, nothing is heard.')).toBeTruthy());
    expect(screen.getByRole('button', { name: 'Look again' }).hasAttribute('disabled')).toBe(true);
    engine.refuse('setDiscovery', new InputError('bad-arguments', 'The settings cannot be written.'));
    await fireEvent.click(screen.getByRole('button', { name: 'Look' }));
    expect((await screen.findByRole('alert')).textContent).toContain('The settings cannot be written.');
  });

  it('[UI456] draws only what is in sight of two thousand, and keys reach the last', async () => {
    const many = Array.from({ length: 2000 }, (_none, index) =>
      foundThing({ key: `k${index}`, name: `desk ${index}` }),
    );
    await openPage(many);
    expect(rows().length).toBeLessThan(60);
    row(/^desk 0,/).focus();
    await fireEvent.keyDown(row(/^desk 0,/), { key: 'End' });
    await waitFor(() => expect(document.activeElement?.getAttribute('data-row')).toBe('k1999'));
    expect(rows().length).toBeLessThan(60);
  });

  it('[UI456] Delete in the list is not for the device that is chosen', async () => {
    await openPage();
    expect(await fireEvent.keyDown(row(/^ETC/), { key: 'Delete' })).toBe(false);
  });
});
