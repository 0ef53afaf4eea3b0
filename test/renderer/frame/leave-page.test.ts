import { cleanup, render } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ShellApi } from '../../../src-main/contract/shell-api.ts';
import App from '../../../src-renderer/App.svelte';
import { FakeEngine } from '../fake-engine.ts';
import { fakeOscBridge } from '../fake-parts.ts';
import { giveRoom, opened, press, row, settled, smallShow, type } from '../opened-app.ts';
import { attachedState, TurnedClock } from '../page-host.ts';
import { labelled } from '../patch/inspector-fields.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const rig = { ...smallShow, bridges: [fakeOscBridge(1, 'foh-desk')] };

/** Whether a browser would ask before the page goes. */
const asks = (): boolean => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

async function typeDevice(page: HTMLElement, text: string): Promise<void> {
  await press('7');
  page.querySelector<HTMLElement>('[data-row]')?.click();
  await settled();
  await type(labelled(page, 'name'), text);
}

async function inShell() {
  const engine = new FakeEngine(rig);
  const clock = new TurnedClock();
  const state = await attachedState(engine, clock);
  let settle: (withinMs: number) => Promise<readonly string[]> = () => Promise.reject(new Error('not asked for'));
  const shell = {
    onCommand: () => () => undefined,
    onSettle: (run: typeof settle) => {
      settle = run;
      return () => undefined;
    },
  } as Partial<ShellApi> as ShellApi;
  const { container: page } = render(App, { engine: state, shell, clock });
  await settled();
  const lost = async (): Promise<readonly string[]> => {
    const told = settle(800);
    await settled();
    clock.advance(800);
    return told;
  };
  return { page, engine, state, lost };
}

describe('a page that goes in a browser', () => {
  it('[UI402] asks when a text waits for the answer to the one before it', async () => {
    const { page, engine } = await opened(rig);
    row(page, 'm1')?.click();
    await settled();
    engine.edit = () => new Promise(() => undefined);
    await type(labelled(page, 'name'), 'Front');
    expect(asks()).toBe(false);
    await type(labelled(page, 'target'), '/sacn/1/77');
    expect(asks()).toBe(true);
  });

  it('[UI402] asks for what will not do, also in a field that was left', async () => {
    const { page } = await opened(rig);
    await type(labelled(page, 'target'), '/sacn//77');
    labelled(page, 'name').focus();
    await settled();
    expect(asks()).toBe(true);
    await type(labelled(page, 'target'), '/sacn/1/77');
    expect(asks()).toBe(false);
  });

  it('[UI402] asks for a form that is not applied and a mapping that was begun, not for one that is empty', async () => {
    const { page } = await opened(rig);
    await press('n');
    expect(asks()).toBe(false);
    await type(labelled(page, 'source'), '/desk/knob/1');
    expect(asks()).toBe(true);
    await press('Escape');
    expect(asks()).toBe(false);
    await typeDevice(page, 'balcony');
    expect(asks()).toBe(true);
  });
});

describe('a page that goes with its shell', () => {
  it('[UI403] tells what the engine does not have, and what it waited for in vain', async () => {
    const { page, engine, state, lost } = await inShell();
    expect(await lost()).toEqual([]);
    engine.edit = () => new Promise(() => undefined);
    await type(labelled(page, 'name'), 'Front');
    expect(await lost()).toEqual(['“Front” as name']);
    state.connection = 'lost';
    state.detach();
    await settled();
    await type(labelled(page, 'name'), 'Front of house');
    expect(await lost()).toEqual(['“Front” as name', '“Front of house” as name']);
  });

  it('[UI403] takes also a text whose field was left while there was no engine', async () => {
    const { page, state, lost } = await inShell();
    await type(labelled(page, 'name'), 'Front');
    state.connection = 'lost';
    state.detach();
    await settled();
    labelled(page, 'name').blur();
    await settled();
    expect(await lost()).toEqual(['“Front” as name']);
  });

  it('[UI403] tells what will not do, forms that are not applied, and what was begun', async () => {
    const { page, lost } = await inShell();
    await type(labelled(page, 'target'), '/sacn//77');
    expect(await lost()).toEqual(['“/sacn//77” as target, which wants a repair']);
    await press('Escape', labelled(page, 'target'));
    await press('n');
    await type(labelled(page, 'source'), '/desk/knob/1');
    await typeDevice(page, 'balcony');
    expect(await lost()).toEqual(['“balcony” as name of foh-desk', 'a new mapping from /desk/knob/1']);
    await press('n');
    await type(labelled(page, 'name'), 'tent');
    expect(await lost()).toContain('a new OSC bridge with “tent” as name');
  });
});
