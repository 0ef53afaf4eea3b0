import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../../src-main/contract/errors.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { millis } from '../../../src-main/contract/units.ts';
import MonitorPage from '../../../src-renderer/monitor/MonitorPage.svelte';
import { MonitorState } from '../../../src-renderer/monitor/monitor-state.svelte.ts';
import MonitorStrip from '../../../src-renderer/monitor/MonitorStrip.svelte';
import { deviceStatus, oscBridge } from '../devices/bridges.ts';
import { FakeEngine } from '../fake-engine.ts';
import { fakeMapping, fakeStats } from '../fake-parts.ts';
import { attachedState, mountArea } from '../page-host.ts';
import { monitorEntry } from './entries.ts';

const cleanups: (() => unknown)[] = [];
// The test's document lays nothing out, so the list is told how high it is.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(480);
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function openMonitor(part: 'page' | 'strip' | 'shut strip') {
  const engine = new FakeEngine({ ...emptyShow('rig', 'Rig'), mappings: [fakeMapping(3)], bridges: [oscBridge()] });
  const state = await attachedState(engine);
  let draw: (() => void) | undefined;
  const monitor = new MonitorState(state, (run) => {
    draw = run;
  });
  cleanups.push(monitor.follow());
  const props = { monitor, open: part === 'strip', ontoggle: () => undefined };
  const area =
    part === 'page' ? mountArea(MonitorPage, { monitor }, { state }) : mountArea(MonitorStrip, props, { state });
  cleanups.push(area.unmount);
  flushSync();
  /** Sends entries and draws the next picture. */
  const show = (...entries: Parameters<typeof monitorEntry>[]): void => {
    engine.emit('monitor', { entries: entries.map((args) => monitorEntry(...args)), skipped: 2 });
    draw?.();
    flushSync();
  };
  return { engine, state, monitor, show, ...area };
}

const asked = (engine: FakeEngine): unknown[] =>
  engine.calls
    .filter(({ name }) => name.endsWith('watchMonitor') || name.endsWith('Monitor'))
    .map(({ name, args }) => args ?? name);
const lines = (): string[] => screen.queryAllByRole('option').map((line) => line.textContent);

describe('Monitor page', () => {
  it('[UI67] asks the engine for signals only while somebody looks', async () => {
    const { engine, unmount } = await openMonitor('page');
    expect(asked(engine)).toEqual([{ pattern: '/**' }]);
    await unmount();
    flushSync();
    expect(asked(engine)).toEqual([{ pattern: '/**' }, 'unwatchMonitor']);
  });

  it('[UI67] asks again after the connection was lost and came back', async () => {
    const { engine, state } = await openMonitor('page');
    state.connection = 'lost';
    flushSync();
    await state.attach(engine);
    flushSync();
    expect(asked(engine).filter((call) => call !== 'unwatchMonitor')).toHaveLength(2);
  });

  it('[UI60] shows time, direction, device, address, value and why, trouble with its shape', async () => {
    const { show } = await openMonitor('page');
    show([1], [2, { direction: 'out', device: 'node-a', because: 'set 3, 0.31 ms later' }], [3, { trouble: true }]);
    expect(lines()[0]).toMatch(/\d\d:\d\d:20\.001.*in.*foh-desk.*\/desk\/fader\/1.*0\.500.*operator touch/);
    expect(lines()[1]).toContain('out');
    expect(screen.getByRole('img', { name: 'trouble' })).toBeTruthy();
    expect(screen.getByText('skipped from view 2')).toBeTruthy();
  });

  it('[RT158] shows how many samples came at once, and all about them in the inspector', async () => {
    const { show } = await openMonitor('page');
    show([1, { kind: 'stream', batch: { count: 5, rate: 100, lowest: 0.1, highest: 0.9 } }]);
    expect(lines()[0]).toMatch(/0\.500\s*×5/);
    screen.getByRole('option').click();
    flushSync();
    expect(screen.getByText('5 samples at 100 a second, from 0.100 to 0.900; the last is the value')).toBeTruthy();
  });

  it('[UI99] says that its picture is from before while there is no engine', async () => {
    const { state, show } = await openMonitor('page');
    show([1]);
    expect(screen.getByRole('button', { name: 'Live', pressed: true })).toBeTruthy();
    state.connection = 'lost';
    flushSync();
    expect(screen.getByRole('button', { name: 'Live', pressed: false })).toBeTruthy();
    expect(screen.getAllByText('as last heard')).toHaveLength(2);
    expect(screen.getByText('– msg/s')).toBeTruthy();
    expect(screen.getByText('dropped –')).toBeTruthy();
    expect(lines()).toHaveLength(1);
  });

  it('[UI99] lets no trace flow in the strip, and shows no figure that is not known', async () => {
    const { engine, state, target } = await openMonitor('strip');
    engine.emit('stats', fakeStats({ dropped: 3 }));
    flushSync();
    expect(target.querySelector('.trace .flowing')).not.toBeNull();
    expect(target.textContent).toContain('dropped 3');
    state.connection = 'lost';
    flushSync();
    expect(target.querySelector('.trace .flowing')).toBeNull();
    expect(target.textContent).toMatch(/– msg\/s.*dropped –.*as last heard.*– sessions.*p99 –/);
    expect(target.textContent).toContain('Without an engine nothing is heard.');
  });

  it('[UI63] filters while typing, asks the engine for as much, and says what to repair', async () => {
    const { engine, show } = await openMonitor('page');
    show([1], [2, { address: '/sacn/1/1' }]);
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: '/sacn/**' } });
    await waitFor(() => expect(asked(engine).at(-1)).toEqual({ pattern: '/sacn/**' }));
    show();
    expect(lines()).toHaveLength(1);
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: '/sacn//' } });
    expect(screen.getByRole('alert').textContent).toContain('Two slashes meet. Remove one. Until then: only /sacn/**.');
    expect(lines()).toHaveLength(1);
    expect(asked(engine).at(-1)).toEqual({ pattern: '/sacn/**' });
  });

  it('[UI63] says why the engine refuses a pattern', async () => {
    const { engine } = await openMonitor('page');
    engine.refuse('watchMonitor', new InputError('bad-pattern', 'That is too much to watch.'));
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: '/a/**' } });
    await screen.findByText('That is too much to watch.');
  });

  it('[UI62] freezes when a line is chosen, counts what is new, and goes on', async () => {
    const { monitor, show } = await openMonitor('page');
    show([1], [2]);
    await fireEvent.click(screen.getAllByRole('option')[0] as HTMLElement);
    show([3], [4], [5]);
    expect(lines()).toHaveLength(2);
    expect(document.querySelector('.held')?.textContent).toBe('3 new');
    await fireEvent.click(screen.getByRole('button', { name: 'Live' }));
    show();
    expect(lines()).toHaveLength(5);
    expect(monitor.feed.frozen).toBe(false);
  });

  it('[UI62] clears the chosen line with the others, also while frozen', async () => {
    const { monitor, show } = await openMonitor('page');
    show([1], [2]);
    await fireEvent.click(screen.getAllByRole('option')[0] as HTMLElement);
    expect(monitor.selected).toBeDefined();
    expect(screen.getByText(/^\/desk\/fader\/1 came in from/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(monitor.selected).toBeUndefined();
    expect(screen.queryByText(/^\/desk\/fader\/1 came in from/)).toBeNull();
  });

  it('[UI65] tells the story of the chosen line and leads to its set', async () => {
    const { host, show } = await openMonitor('page');
    show([1, { because: 'set 3, 0.31 ms later' }]);
    await fireEvent.click(screen.getAllByRole('option')[0] as HTMLElement);
    expect(screen.getByText(/^\/desk\/fader\/1 came in from foh-desk at/)).toBeTruthy();
    expect(screen.getByText('float, 64 bit')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Open set 3' }));
    expect(host.navigation.area).toBe('patch');
    expect(host.navigation.take('patch')).toEqual({ intent: 'inspect', id: 'm3' });
  });

  it('[UI65] moves along the lines with the arrow keys', async () => {
    const { monitor, show } = await openMonitor('page');
    show([1], [2], [3]);
    const list = screen.getByRole('listbox');
    for (const key of ['ArrowUp', 'ArrowUp']) await fireEvent.keyDown(list, { key });
    expect(monitor.selected?.sequence).toBe(2);
    await fireEvent.keyDown(list, { key: 'Home' });
    expect(monitor.selected?.sequence).toBe(1);
  });

  it('[UI61] draws only the lines that are seen', async () => {
    const { monitor, show } = await openMonitor('page');
    show(...Array.from({ length: 4000 }, (_, i): [number] => [i]));
    expect(monitor.feed.count).toBe(4000);
    expect(lines().length).toBeGreaterThan(0);
    expect(lines().length).toBeLessThan(60);
  });

  it('[UI66] flags on the ribbon when a device breaks and when it is back', async () => {
    const { engine, monitor } = await openMonitor('page');
    for (const [second, status] of (['connected', 'broken', 'broken', 'connected'] as const).entries()) {
      engine.emit('stats', fakeStats({ at: millis(second * 1000) }));
      engine.emit('devices', [deviceStatus({ bridgeId: 'osc-id', state: status })]);
      flushSync();
    }
    expect(monitor.history.flags.map(({ text, tone }) => [text, tone])).toEqual([
      ['foh-desk broken', 'fault'],
      ['foh-desk back', 'plain'],
    ]);
  });
});

describe('Monitor strip', () => {
  it('[UI68] carries the vital figures while shut, and asks for no signals', async () => {
    const { engine, target } = await openMonitor('shut strip');
    engine.emit('stats', fakeStats({ messagesPerSecond: 12_840, dropped: 7, sessions: 1 }));
    flushSync();
    const head = target.textContent;
    for (const words of ['12\u2009840 msg/s', 'dropped 7', '1 session', 'p99 0.4 ms']) expect(head).toContain(words);
    expect(asked(engine)).toEqual([]);
  });

  it('[UI68] shows the last five lines while open, newest first', async () => {
    const { show, target } = await openMonitor('strip');
    show(...Array.from({ length: 9 }, (_, i): [number] => [i + 1]));
    const addresses = [...target.querySelectorAll('.address')].map((address) => address.textContent);
    expect(addresses).toEqual([9, 8, 7, 6, 5].map((number) => `/desk/fader/${number}`));
  });
});
