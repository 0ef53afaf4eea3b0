import { cleanup, render } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../src-main/contract/errors.ts';
import type { ShellApi, ShellCommand } from '../../src-main/contract/shell-api.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import { millis } from '../../src-main/contract/units.ts';
import App from '../../src-renderer/App.svelte';
import { EngineState } from '../../src-renderer/engine/engine-state.svelte.ts';
import { FakeEngine } from './fake-engine.ts';
import { fakeDevice, fakeLive, fakeMapping, fakeOscBridge } from './fake-parts.ts';
import { giveRoom, opened, press, row, settled, smallShow, type } from './opened-app.ts';
import { TurnedClock } from './page-host.ts';

const show = smallShow;

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('the window by keyboard', () => {
  it('[UI16] goes through the areas with their printed numbers', async () => {
    const { page } = await opened();
    for (const [key, area] of [
      ['8', 'Monitor'],
      ['9', 'Show'],
      ['7', 'Devices'],
      ['1', 'Patch'],
    ] as const) {
      await press(key);
      expect(page.querySelector('nav [aria-current="page"]')?.textContent).toContain(area);
    }
  });

  it('[UI127] goes on at the heading of the area that a key or the palette led to', async () => {
    const { page } = await opened();
    const focused = () => `${document.activeElement?.localName} ${document.activeElement?.textContent}`;
    for (const [key, area] of [
      ['8', 'Monitor'],
      ['9', 'Show'],
      ['7', 'Devices'],
      ['1', 'Patch'],
    ] as const) {
      await press(key, document.activeElement);
      expect(focused()).toBe(`h1 ${area}`);
    }
    await press('k', document.body, { ctrlKey: true });
    const query = page.querySelector<HTMLInputElement>('dialog input');
    await type(query, 'go devices');
    await press('Enter', query);
    await settled();
    expect(focused()).toBe('h1 Devices');
  });

  it('[UI127] leaves the focus to the bar that was pressed, and to who is in the area already', async () => {
    const { page } = await opened();
    const [patch, devices] = page.querySelectorAll<HTMLElement>('nav button');
    devices?.focus();
    devices?.click();
    await settled();
    expect(document.activeElement).toBe(devices);
    patch?.click();
    await settled();
    row(page, 'm2')?.focus();
    await press('1', row(page, 'm2'));
    expect(document.activeElement).toBe(row(page, 'm2'));
  });

  it('[UI16] leaves bare keys to the field that has focus', async () => {
    const { page } = await opened();
    await press('/');
    const finder = page.querySelector<HTMLInputElement>('input[type="search"]');
    expect(document.activeElement).toBe(finder);
    await press('9', finder);
    expect(page.querySelector('nav [aria-current="page"]')?.textContent).toContain('Patch');
  });

  it('[UI17] moves the cursor with the arrows, one tab stop in the table, and from Enter into the inspector', async () => {
    const { page } = await opened();
    expect(stops(page)).toEqual(['m1']);
    await press('ArrowDown', row(page, 'm1'));
    expect(stops(page)).toEqual(['m2']);
    expect(document.activeElement).toBe(row(page, 'm2'));
    await press('End', row(page, 'm2'));
    expect(stops(page)).toEqual(['m3']);
    await press('Enter', row(page, 'm3'));
    expect(document.activeElement?.closest('[data-region="inspector"]')).not.toBeNull();
    expect(page.querySelector('[data-region="inspector"] input')).toBe(document.activeElement);
  });

  it('[UI17] locks with Space, moves with Alt and the arrows, deletes, and takes it back', async () => {
    const { page, engine } = await opened();
    await press(' ', row(page, 'm1'));
    expect(engine.document.mappings[0]?.enabled).toBe(false);
    await press('ArrowDown', row(page, 'm1'), { altKey: true });
    expect(engine.document.mappings.map((one) => one.id)).toEqual(['m2', 'm1', 'm3']);
    await press('Delete', row(page, 'm1'));
    expect(engine.document.mappings.map((one) => one.id)).toEqual(['m2', 'm3']);
    expect(document.activeElement).toBe(row(page, 'm3'));
    expect(page.textContent).toContain('Set 1 deleted');
    await press('z', document.body, { ctrlKey: true });
    expect(engine.document.mappings.map((one) => one.id)).toEqual(['m2', 'm1', 'm3']);
    expect(page.textContent).toContain('Undone: delete set 1');
  });

  it('[UI18] says the row in one sentence', async () => {
    const { page, engine, clock } = await opened();
    engine.emit('live', { at: millis(clock.now()), mappings: [fakeLive('m1', clock.now(), { source: f64(0.65) })] });
    clock.advance(600);
    flushSync();
    expect(row(page, 'm1')?.getAttribute('aria-label')).toBe(
      'set 1, desk fader 1, 0.650, to slot 1 of universe 1, flowing',
    );
  });

  it('[UI23] writes a new mapping in the inspector and adds it with Enter', async () => {
    const { page, engine } = await opened();
    await press('n');
    const fields = [...page.querySelectorAll<HTMLInputElement>('[data-region="inspector"] input')];
    expect(document.activeElement).toBe(fields[0]);
    await type(fields[0], '/desk/knob/*');
    await type(fields[1], '/osc/knob/{2}');
    expect(page.textContent).toContain('The source has 1 *, so nothing stands for {2}.');
    await press('Enter', fields[1]);
    expect(engine.document.mappings).toHaveLength(3);
    await type(fields[1], '/osc/knob/{1}');
    await press('Enter', fields[1]);
    expect(engine.document.mappings.find((mapping) => mapping.number === 4)).toMatchObject({
      source: { pattern: '/desk/knob/*' },
      target: { address: '/osc/knob/{1}' },
    });
  });

  it('[UI29] learns the source of the set with the cursor, Enter takes what was likeliest touched', async () => {
    const { page, engine } = await opened();
    await press('ArrowDown', row(page, 'm1'));
    await press('l');
    expect(page.textContent).toContain('Listening for the source of set 2');
    const [at, value] = [millis(0), f64(1)];
    const touched = {
      address: '/midi/1/cc/7',
      value,
      kind: 'param',
      count: 9,
      firstAt: at,
      lastAt: at,
      travel: 90,
    } as const;
    engine.emit('learn', { candidates: [touched], among: 1 });
    await settled();
    await press('Enter', page.querySelector('[role="listbox"]'));
    expect(engine.document.mappings[1]?.source.pattern).toBe('/midi/1/cc/7');
    expect(engine.calls.map((call) => call.name)).toContain('stopLearn');
    expect(page.textContent).not.toContain('Listening');
  });

  it('[UI19] shows a refusal of the engine where the change was made', async () => {
    const { page, engine } = await opened();
    engine.refuse('edit', new InputError('mapping-loop', 'Set 1 would feed itself by set 2. Nothing was changed.'));
    const field = page.querySelectorAll<HTMLInputElement>('[data-region="inspector"] input')[1];
    await type(field, '/desk/fader/1');
    await press('Enter', field);
    const alert = page.querySelector('[data-region="inspector"] [role="alert"]');
    expect(alert?.textContent).toContain('Set 1 would feed itself by set 2.');
    expect(engine.document.mappings[0]?.target.address).toBe('/sacn/1/1');
  });

  it('[UI15] runs what the palette finds and lists every key', async () => {
    const { page } = await opened();
    await press('k', document.body, { ctrlKey: true });
    const query = page.querySelector<HTMLInputElement>('dialog input');
    await type(query, 'go monitor');
    await press('Enter', query);
    await settled();
    expect(page.querySelector('nav [aria-current="page"]')?.textContent).toContain('Monitor');
    expect(page.querySelector('dialog')).toBeNull();
    await press('?', document.body, { shiftKey: true });
    expect(page.querySelector('dialog')?.textContent).toContain('Ctrl Shift Z');
  });

  it('[UI10] says that there is no connection and keeps the last picture', async () => {
    const { page, state } = await opened();
    state.connection = 'lost';
    state.connectionReason = 'The engine does not answer.';
    await settled();
    expect(page.textContent).toContain('No connection to the engine.');
    expect(row(page, 'm1')).not.toBeNull();
    state.connection = 'refused';
    await settled();
    expect(page.textContent).toContain('A link to this page works once.');
  });

  it('[UI80] disables edits while there is no engine, keeps what is typed, and gives both back', async () => {
    const { page, engine, state } = await opened();
    const field = page.querySelectorAll<HTMLInputElement>('[data-region="inspector"] input')[1];
    await type(field, '/sacn/1/9');
    state.connection = 'lost';
    await settled();
    expect(page.querySelector('main fieldset')?.getAttribute('aria-disabled')).toBe('true');
    field?.dispatchEvent(new FocusEvent('blur'));
    await settled();
    expect(field?.value).toBe('/sacn/1/9');
    expect(engine.calls.some(({ name }) => name === 'edit')).toBe(false);
    state.connection = 'ready';
    await settled();
    expect(page.querySelector('main fieldset')?.hasAttribute('aria-disabled')).toBe(false);
    await press('Enter', field);
    expect(engine.document.mappings[0]?.target.address).toBe('/sacn/1/9');
  });

  it('[UI80] leaves the monitor to be looked through, and answers keys that would edit in words', async () => {
    const { page, engine, state } = await opened();
    state.connection = 'lost';
    await settled();
    await press('n');
    expect(page.textContent).toContain('Add a mapping: there is no connection to the engine.');
    await press('8');
    expect(page.querySelector('main fieldset')?.hasAttribute('aria-disabled')).toBe(false);
    expect(engine.calls.some(({ name }) => name === 'edit')).toBe(false);
  });

  it('[UI80] shows figures that are not known as dashes and no device in green', async () => {
    const engine = new FakeEngine({ ...show, bridges: [fakeOscBridge(1, 'desk')] });
    engine.devices = [fakeDevice('b1', { inPerSecond: 40 })];
    const { page, state } = await opened(show, { engine });
    expect(page.querySelector('[data-region="rail"] .connected.active')).not.toBeNull();
    state.connection = 'lost';
    await settled();
    expect(page.querySelector('[data-region="rail"] .active')).toBeNull();
    expect(page.querySelector('[data-region="monitor"]')?.textContent).toMatch(/– msg\/s.*– sessions.*p99 –/);
    expect(page.querySelector('header')?.textContent).toContain('No engine');
    await press('7');
    expect([...page.querySelectorAll('[data-row="b1"] .figure')].map((each) => each.textContent)).toEqual(['–', '–']);
  });

  it('[UI83] keeps a file opened from the desktop until the show is known, and then asks about unsaved work', async () => {
    const engine = new FakeEngine(show);
    engine.patchShow({ unsaved: true });
    const clock = new TurnedClock();
    const state = new EngineState(clock);
    let command: ((command: ShellCommand) => void) | undefined;
    const shell: ShellApi = {
      platform: 'linux',
      pickShowToOpen: () => Promise.resolve(undefined),
      pickShowToSave: () => Promise.resolve(undefined),
      openExternal: () => Promise.resolve(false),
      onCommand: (run) => {
        command = run;
        return () => undefined;
      },
      onSettle: () => () => undefined,
    };
    const { container: page } = render(App, { engine: state, shell, clock });
    await settled();
    command?.({ type: 'open-path', path: '/media/usb/Tour.flyrail' });
    await settled();
    await state.attach(engine);
    await settled();
    expect(engine.calls.map(({ name }) => name)).not.toContain('openShow');
    expect(page.textContent).toContain('Winterreise has edits that are not in its file');
  });

  it('[UI158] hands on what stands in a field before the page goes, and tells the shell when the engine has it', async () => {
    const engine = new FakeEngine(show);
    const clock = new TurnedClock();
    const state = new EngineState(clock);
    let settle: ((withinMs: number) => Promise<readonly string[]>) | undefined;
    const shell = {
      onCommand: () => () => undefined,
      onSettle: (run: (withinMs: number) => Promise<readonly string[]>) => {
        settle = run;
        return () => undefined;
      },
    } as Partial<ShellApi> as ShellApi;
    await state.attach(engine);
    const { container: page } = render(App, { engine: state, shell, clock });
    await settled();
    await press('9');
    const name = page.querySelector<HTMLInputElement>('main input');
    await type(name, 'Second cast');
    expect(await settle?.(800)).toEqual([]);
    expect(engine.document.name).toBe('Second cast');
    await type(name, 'Third cast');
    window.dispatchEvent(new Event('pagehide'));
    await settled();
    expect(engine.document.name).toBe('Third cast');
  });

  it('[UI158] lets a browser ask before it drops a text that waits for the engine', async () => {
    const { page, state, engine } = await opened(show);
    const leave = (): boolean => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    await press('9');
    await type(page.querySelector<HTMLInputElement>('main input'), 'Second cast');
    expect(leave()).toBe(true);
    await settled();
    expect(engine.document.name).toBe('Second cast');
    await type(page.querySelector<HTMLInputElement>('main input'), 'Third cast');
    state.connection = 'lost';
    state.detach();
    await settled();
    expect(leave()).toBe(false);
  });

  it('[UI20] keeps the page small with ten thousand mappings', async () => {
    const many = { ...show, mappings: Array.from({ length: 10_000 }, (_, i) => fakeMapping(i + 1)) };
    const { page } = await opened(many);
    expect(page.querySelectorAll('[data-row]').length).toBeLessThan(60);
    expect(page.querySelector('[role="treegrid"]')?.getAttribute('aria-rowcount')).toBe('10002');
  });
});

function stops(page: HTMLElement): (string | undefined)[] {
  return [...page.querySelectorAll<HTMLElement>('[data-row][tabindex="0"]')].map((each) => each.dataset['row']);
}
