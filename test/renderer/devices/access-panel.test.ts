import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccessRulesState, TokenEntry } from '../../../src-main/contract/access-rules.ts';
import { InputError } from '../../../src-main/contract/errors.ts';
import { millis } from '../../../src-main/contract/units.ts';
import AccessPanel from '../../../src-renderer/devices/AccessPanel.svelte';
import { DevicesState } from '../../../src-renderer/devices/devices-state.svelte.ts';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';
import { doorStatus } from './network.ts';

const now = millis(1_795_295_647_000);
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function entry(id: string, more: Partial<TokenEntry> = {}): TokenEntry {
  return { id, name: '', scopes: ['admin:/**'], createdAt: now, expiresAt: null, revokedAt: null, ...more };
}

async function openAccess(
  rules: Partial<AccessRulesState> = {},
  tokens: readonly TokenEntry[] = [],
  isForAnyone = false,
) {
  const engine = new FakeEngine();
  engine.accessRules = { ...engine.accessRules, ...rules };
  engine.tokens = tokens;
  engine.doors = [doorStatus({ isForAnyone })];
  const state = await attachedState(engine);
  const messages = new MessageBoard();
  const devices = new DevicesState(state, messages);
  cleanups.push(mountArea(AccessPanel, { devices, now }, { state }).unmount);
  flushSync();
  await waitFor(() => expect(devices.access.tokens).toBeDefined());
  flushSync();
  return { engine, state, devices, messages };
}

const lock = (): HTMLButtonElement => screen.getByRole<HTMLButtonElement>('switch', { name: 'Ask for tokens' });
const button = (name: string | RegExp): HTMLButtonElement => screen.getByRole<HTMLButtonElement>('button', { name });
const rows = (): HTMLElement[] => within(screen.getByRole('list', { name: 'Tokens' })).getAllByRole('listitem');
const asked = (engine: FakeEngine, name: string): unknown[] =>
  engine.calls.filter((call) => call.name === name).map(({ args }) => args);

async function fill(label: string, value: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText(label), { target: { value } });
}

async function choose(label: string, value: string): Promise<void> {
  await fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

describe('Access', () => {
  it('[UI460] switches asking on and off, says before what comes of it, and in words why not', async () => {
    const { engine } = await openAccess();
    expect(lock().getAttribute('aria-checked')).toBe('false');
    expect(screen.getByText(/who is here without a token is sent away/)).toBeTruthy();
    await fireEvent.click(lock());
    await waitFor(() => expect(lock().getAttribute('aria-checked')).toBe('true'));
    expect(screen.getByText(/^Who connects shows a token/)).toBeTruthy();
    expect(screen.getByText('No token opens the router.')).toBeTruthy();
    engine.refuse('setAccessRules', new InputError('unauthenticated-host', 'TCP on 0.0.0.0 lets others in.'));
    await fireEvent.click(lock());
    expect((await screen.findByRole('alert')).textContent).toContain('TCP on 0.0.0.0 lets others in.');
    expect(lock().getAttribute('aria-checked')).toBe('true');
    expect(asked(engine, 'setAccessRules')).toMatchObject([{ asksForTokens: true }, { asksForTokens: false }]);
  });

  it('[UI460] is not switched here where the command line asks, and says so', async () => {
    await openAccess({ asksForTokens: true, isAskingGiven: true });
    expect(lock().disabled).toBe(true);
    expect(screen.getByText(/^The command line asks for tokens/)).toBeTruthy();
    expect(screen.queryByText('No token opens the router.')).toBeNull();
  });

  it('[UI461] warns while other machines come in and nobody is asked', async () => {
    const { engine } = await openAccess({}, [], true);
    expect(screen.getByText('Other machines come in and nobody is asked.')).toBeTruthy();
    engine.emit('accessRules', { ...engine.accessRules, asksForTokens: true });
    flushSync();
    expect(screen.queryByText('Other machines come in and nobody is asked.')).toBeNull();
  });

  it('[UI462] lists tokens newest first with rights, id and times, and how they stand', async () => {
    await openAccess({}, [
      entry('tk_d', { name: 'FOH', scopes: ['read:/**'] }),
      entry('tk_c', { scopes: ['write:/a/**', 'read:/b'], expiresAt: now + 1000 }),
      entry('tk_b', { name: 'old', expiresAt: now - 1000 }),
      entry('tk_a', { name: 'lost', revokedAt: now }),
    ]);
    expect(rows().map((row) => /never ends|ends|ended|revoked/.exec(row.textContent)?.[0])).toEqual([
      'never ends',
      'ends',
      'ended',
      'revoked',
    ]);
    expect(rows()[0]?.textContent).toMatch(/FOH.*tk_d.*May read everything.*made/);
    expect(rows()[1]?.textContent).toMatch(/no name.*tk_c.*write:\/a\/\*\*, read:\/b/);
    expect(rows().map((row) => within(row).queryAllByRole('button').length)).toEqual([1, 1, 0, 0]);
  });

  it('[UI462] shows 50 of hundreds, and the next ones by a press', async () => {
    await openAccess(
      {},
      Array.from({ length: 120 }, (_, index) => entry(`tk_${index}`)),
    );
    expect(rows()).toHaveLength(50);
    await fireEvent.click(button('70 more'));
    expect(rows()).toHaveLength(100);
    await fireEvent.click(button('20 more'));
    expect(rows()).toHaveLength(120);
    expect(screen.queryByRole('button', { name: /more$/ })).toBeNull();
  });

  it('[UI462] says why the list is not there, and asks again when the engine is back', async () => {
    const { engine, state, devices } = await openAccess({}, [entry('tk_a')]);
    engine.refuse('listTokens', new InputError('bad-token-file', 'tokens.json cannot be read.'));
    await devices.access.readTokens();
    flushSync();
    expect(screen.getByRole('alert').textContent).toContain('tokens.json cannot be read.');
    state.connection = 'lost';
    flushSync();
    state.connection = 'ready';
    flushSync();
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('[UI462] shows what another window or the command line made, by itself', async () => {
    const { engine } = await openAccess({}, [entry('tk_a')]);
    engine.tokens = [entry('tk_b', { name: 'FOH' }), ...engine.tokens];
    engine.emit('tokens', { changes: 1 });
    await waitFor(() => expect(rows().map((row) => /tk_./.exec(row.textContent)?.[0])).toEqual(['tk_b', 'tk_a']));
  });

  it('[UI463] revokes by a second press in the row, after a word that it does not come back', async () => {
    const { engine, messages } = await openAccess({}, [entry('tk_b', { name: 'FOH' }), entry('tk_a')]);
    await fireEvent.click(within(rows()[0] as HTMLElement).getByRole('button', { name: 'Revoke' }));
    expect(screen.getByText(/does not come back/)).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(button('Keep')));
    await fireEvent.click(button('Keep'));
    expect(asked(engine, 'revokeToken')).toEqual([]);
    await fireEvent.click(within(rows()[0] as HTMLElement).getByRole('button', { name: 'Revoke' }));
    await fireEvent.click(button('Revoke now'));
    await waitFor(() => expect(rows()[0]?.textContent).toContain('revoked'));
    expect([asked(engine, 'revokeToken'), messages.list[0]?.fact]).toEqual([[{ id: 'tk_b' }], 'FOH is revoked']);
    expect(document.activeElement).toBe(rows()[0]);
  });

  it('[UI463] says at the row what was not revoked', async () => {
    const { engine } = await openAccess({}, [entry('tk_a')]);
    engine.refuse('revokeToken', new InputError('unknown-id', 'There is no such token.'));
    await fireEvent.click(button('Revoke'));
    await fireEvent.click(button('Revoke now'));
    expect((await within(rows()[0] as HTMLElement).findByRole('alert')).textContent).toContain('no such token');
  });

  it('[UI464] makes a token with name, rights and an end, and repairs what will not do', async () => {
    const { engine } = await openAccess();
    await fireEvent.click(button('New token'));
    await fill('name', ' FOH ');
    await choose('who has it may', 'own');
    await fireEvent.click(button('Make token'));
    expect(asked(engine, 'createToken')).toEqual([]);
    await fill('scopes', 'write:/a/**, r:/b');
    await choose('it ends', '7d');
    await fireEvent.submit(screen.getByRole('form', { name: 'New token' }));
    await waitFor(() => expect(screen.queryByRole('form', { name: 'New token' })).toBeNull());
    const expiresAt = now + 7 * 86_400_000;
    expect(asked(engine, 'createToken')).toEqual([{ name: 'FOH', scopes: ['write:/a/**', 'read:/b'], expiresAt }]);
    await waitFor(() => expect(rows()[0]?.textContent).toContain('FOH'));
  });

  it('[UI464] keeps the form with what the engine refused, and Escape puts it away', async () => {
    const { engine } = await openAccess();
    await fireEvent.click(button('New token'));
    await fill('name', 'FOH');
    engine.refuse('createToken', new InputError('bad-token-file', 'tokens.json cannot be read.'));
    await fireEvent.submit(screen.getByRole('form', { name: 'New token' }));
    expect((await screen.findByRole('alert')).textContent).toContain('tokens.json cannot be read.');
    expect(screen.getByLabelText<HTMLInputElement>('name').value).toBe('FOH');
    await fireEvent.keyDown(screen.getByLabelText('name'), { key: 'Escape' });
    expect(screen.queryByRole('form', { name: 'New token' })).toBeNull();
  });

  it('[UI465] shows the token that was made this once, until it is put away', async () => {
    const { devices } = await openAccess();
    await fireEvent.click(button('New token'));
    await fireEvent.submit(screen.getByRole('form', { name: 'New token' }));
    expect(await screen.findByText('cpsk_shown-once')).toBeTruthy();
    expect(screen.getByText(/shown this once/)).toBeTruthy();
    expect(devices.begun).toEqual(['a token that is shown once']);
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValueOnce(new Error('closed'));
    await fireEvent.click(button('Copy'));
    expect((await screen.findByRole('alert')).textContent).toContain('copy it by hand');
    write.mockResolvedValueOnce(undefined);
    await fireEvent.click(button('Copy'));
    await waitFor(() => expect(button('Copied')).toBeTruthy());
    expect([write.mock.calls, devices.begun]).toEqual([[['cpsk_shown-once'], ['cpsk_shown-once']], []]);
    await fireEvent.click(button('Put away'));
    expect([screen.queryByText('cpsk_shown-once'), devices.begun.length]).toEqual([null, 0]);
  });

  it('[UI466] limits rates of sessions, sources and patterns; what is empty is not limited', async () => {
    const { engine, devices } = await openAccess({
      rateLimits: { session: { rate: 10, burst: 20 }, source: { rate: 5, burst: 5 }, patterns: [] },
    });
    expect(screen.getByLabelText<HTMLInputElement>('messages a second, each session').value).toBe('10');
    expect(screen.queryByRole('button', { name: 'Apply rates' })).toBeNull();
    await fill('at once, each source', '0');
    await fireEvent.click(button('Apply rates'));
    expect(asked(engine, 'setAccessRules')).toEqual([]);
    await fill('messages a second, each session', '2.5');
    await fill('at once, each session', '');
    await fill('messages a second, each source', '');
    await fill('at once, each source', '');
    await fireEvent.click(button('Add a pattern'));
    await fill('pattern 1', '/lamp/**');
    await fill('messages a second, pattern 1', '100');
    await fill('at once, pattern 1', '200');
    expect(devices.begun).toEqual(['changes to the rates']);
    await fireEvent.submit(screen.getByRole('form', { name: 'Rates' }));
    const patterns = [{ pattern: '/lamp/**', rate: 100, burst: 200 }];
    await waitFor(() =>
      expect(asked(engine, 'setAccessRules')).toEqual([
        { asksForTokens: false, rateLimits: { session: { rate: 2.5, burst: 3 }, source: null, patterns } },
      ]),
    );
    await waitFor(() => expect(devices.begun).toEqual([]));
    await fireEvent.click(button('Add a pattern'));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('pattern 2')));
    expect(screen.queryByRole('alert')).toBeNull();
    await fireEvent.click(button('Take out pattern 1'));
    await fireEvent.click(button('Take back'));
    expect(screen.getByLabelText<HTMLInputElement>('pattern 1').value).toBe('/lamp/**');
  });

  it('[UI466] says when another window changed the rates while these were typed, and what was refused', async () => {
    const { engine } = await openAccess();
    await fill('messages a second, each session', '7');
    const rateLimits = { session: null, source: { rate: 1, burst: 1 }, patterns: [] };
    engine.emit('accessRules', { ...engine.accessRules, rateLimits });
    flushSync();
    expect(screen.getByText('Another window changed the rates')).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('messages a second, each session').value).toBe('7');
    engine.refuse('setAccessRules', new InputError('bad-arguments', 'Not now.'));
    await fireEvent.submit(screen.getByRole('form', { name: 'Rates' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Not now.');
  });

  it('[UI466] shows rates of the command line as such, and beside them what is kept', async () => {
    const session = { rate: 10, burst: 20 };
    await openAccess({ areRatesGiven: true, rateLimits: { session, source: null, patterns: [] } });
    expect(screen.queryByRole('form', { name: 'Rates' })).toBeNull();
    expect(screen.getByText(/not in force: each session 10\/s, 20 at once\.$/)).toBeTruthy();
  });

  it('[UI466] sends the switch and the rates one after the other, each on top of the other', async () => {
    const { engine, devices } = await openAccess();
    devices.access.rates.change({ session: { rate: '9', burst: '' } });
    await Promise.all([devices.access.ask(true), devices.access.rates.apply()]);
    expect(engine.accessRules).toMatchObject({ asksForTokens: true, rateLimits: { session: { rate: 9, burst: 9 } } });
  });
});
