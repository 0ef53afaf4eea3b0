import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import { openToken } from '../../src-main/engine/remote/seal-token.ts';
import { exchangeLasts } from '../../src-main/engine/remote/login-exchanges.ts';
import { pairingAttempts, pairingLasts } from '../../src-main/engine/remote/pairing.ts';
import { freeTries } from '../../src-main/engine/remote/login-attempts.ts';
import { takeFileTurn } from '../../src-main/platform/file-turn.ts';
import { pakeRecord, answerPake, createPakeSetup, startPakeClient } from '../../src-main/platform/pake.ts';
import { replaceFile } from '../../src-main/platform/replace-file.ts';
import { until } from '../until.ts';
import { runFlyrail } from './flyrail-process.ts';
import { ask, begin, logIn, post, startRemote, type RemoteScene } from './remote-scene.ts';

const pin = '481623';

async function withPins(scene: RemoteScene): Promise<void> {
  await scene.access.setPin('view', pin);
  await scene.access.setPin('control', '905172');
  await scene.access.setPin('edit', '330914271');
}

async function isIn(scene: RemoteScene, cookie: string): Promise<boolean> {
  return (await ask(scene, '/session', { headers: { cookie } })).status === 204;
}

function openPage(scene: RemoteScene, cookie: string): Promise<WebSocket> {
  const socket = new WebSocket(`${scene.origin.replace('http', 'ws')}/engine`, {
    headers: { origin: scene.origin, cookie },
  });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

describe('logging in with a PIN', () => {
  it('[RS18] gives the role whose PIN it is, and the PIN never crosses the network', async () => {
    const scene = await startRemote();
    await withPins(scene);
    for (const [role, given] of [
      ['view', pin],
      ['control', '905172'],
      ['edit', '330914271'],
    ] as const) {
      const { status, cookie, ...done } = await logIn(scene, 'pin', given);
      expect([status, done.role]).toEqual([200, role]);
      expect(await isIn(scene, cookie)).toBe(true);
      (await openPage(scene, cookie)).terminate();
      expect(scene.pages.at(-1)?.role).toBe(role);
    }
    expect(scene.reports.map(({ what, role, ok }) => `${what} ${role} ${ok}`)).toEqual([
      'pin view true',
      'pin control true',
      'pin edit true',
    ]);
  });

  it('[RS18] refuses a wrong PIN with a code, counts it, tells it for the audit log, and lets nobody in', async () => {
    const scene = await startRemote();
    await withPins(scene);
    const { status, cookie, ...said } = await logIn(scene, 'pin', '481624');
    expect([status, cookie]).toEqual([401, '']);
    expect(said.error).toMatchObject({ code: 'wrong-pin' });
    expect(scene.refused).toEqual(['login']);
    expect(scene.reports).toEqual([{ what: 'pin', role: null, peer: '127.0.0.1', ok: false }]);
    expect(scene.access.state().sessions).toEqual([]);
  });

  it('[RS17] makes who tried five wrong PINs wait, the right one too, and says how long', async () => {
    const scene = await startRemote();
    await withPins(scene);
    for (let i = 0; i < freeTries; i++) expect((await logIn(scene, 'pin', '111112')).status).toBe(401);
    const early = await logIn(scene, 'pin', pin);
    expect([early.status, early.headers['retry-after']]).toEqual([429, '1']);
    expect(early.error).toMatchObject({ code: 'rate-exceeded', details: { waitMs: 1000 } });
    scene.clock.advance(1000);
    expect((await logIn(scene, 'pin', pin)).status).toBe(200);
  });

  it('[RS17] counts who learns whether a PIN was right and does not come back as wrong', async () => {
    const scene = await startRemote();
    await withPins(scene);
    for (let i = 0; i < freeTries; i++) expect((await begin(scene, 'pin', '111112')).started.status).toBe(200);
    expect((await begin(scene, 'pin', pin)).started.status).toBe(429);
    scene.clock.advance(exchangeLasts);
    expect(scene.reports.map(({ ok }) => ok)).toEqual(Array.from({ length: freeTries }, () => false));
  });

  it('[RS19] keeps of a PIN what nobody finds it from, for the owner alone, and refuses what is tried first', async () => {
    const scene = await startRemote();
    await withPins(scene);
    const path = scene.file.path;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    for (const secret of [pin, '905172', '330914271']) expect(text).not.toContain(secret);
    for (const bad of ['111111', '123456', '987654', '890123', '12345', '1234567890123', 'abcdef', pin])
      await expect(scene.access.setPin('edit', bad), bad).rejects.toMatchObject({ code: 'bad-value' });
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect((await logIn(scene, 'pin', '330914271')).role).toBe('edit');
  });

  it('[RS19] lets nobody in while what it keeps is damaged, and tells strangers nothing of where that is', async () => {
    const scene = await startRemote();
    await withPins(scene);
    writeFileSync(scene.file.path, '{"pins":');
    const answer = await ask(scene, '/login');
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain('access.json');
    const { message } = startPakeClient('pin', 'x');
    expect((await post(scene, '/login/start', { message })).status).toBe(503);
    expect(scene.access.state()).toMatchObject({ pins: [], paired: [], sessions: [] });
  });

  it('[RS16] ends what a PIN let in when it is set anew or taken back, pages and all', async () => {
    const scene = await startRemote();
    await withPins(scene);
    const [view, control] = [await logIn(scene, 'pin', pin), await logIn(scene, 'pin', '905172')];
    const page = await openPage(scene, view.cookie);
    const closed = new Promise((resolve) => page.once('close', resolve));
    await scene.access.clearPin('view');
    await closed;
    expect([await isIn(scene, view.cookie), await isIn(scene, control.cookie)]).toEqual([false, true]);
    expect((await logIn(scene, 'pin', pin)).status).toBe(401);
    expect(scene.access.state().pins).toEqual(['control', 'edit']);
  });

  it('[RS16] logs out, and gives who logs in again another session in place of the one before', async () => {
    const scene = await startRemote();
    await withPins(scene);
    const first = await logIn(scene, 'pin', pin);
    const { started, message, answer, exchange } = await begin(scene, 'pin', pin);
    expect(started.status).toBe(200);
    const second = await post({ ...scene, cookie: first.cookie }, '/login/finish', { exchange, answer, message });
    expect(second.cookie).not.toBe(first.cookie);
    expect([await isIn(scene, first.cookie), await isIn(scene, second.cookie)]).toEqual([false, true]);
    const out = await ask(scene, '/session/end', {
      method: 'POST',
      headers: { origin: scene.origin, cookie: second.cookie },
    });
    expect(out.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect(await isIn(scene, second.cookie)).toBe(false);
  });

  it('[RS20] takes no session from a cookie that came twice, nor one that it did not give out itself', async () => {
    const scene = await startRemote();
    await withPins(scene);
    const name = `flyrail-${scene.server.port}`;
    const { cookie } = await logIn(scene, 'pin', pin);
    expect(await isIn(scene, `${name}=tossed; ${cookie}`)).toBe(false);
    expect(await isIn(scene, `${cookie}; ${cookie}`)).toBe(false);
    expect(await isIn(scene, `${cookie}; other=1`)).toBe(true);
    const planted = `${name}=${'A'.repeat(43)}`;
    const { message, answer, exchange } = await begin(scene, 'pin', pin);
    const fixed = await post({ ...scene, cookie: planted }, '/login/finish', { exchange, answer, message });
    expect(fixed.cookie).not.toBe(planted);
    expect(await isIn(scene, planted)).toBe(false);
  });
});

describe('pairing', () => {
  it('[PA1] lets a page in that gives the code, with the role, and remembers it under its name', async () => {
    const scene = await startRemote();
    const { code } = scene.access.startPairing('control');
    expect(code).toMatch(/^\d{6}$/);
    const paired = await logIn(scene, 'code', code);
    expect([paired.status, paired.role]).toEqual([200, 'control']);
    expect(await isIn(scene, paired.cookie)).toBe(true);
    const told = scene.states.filter(({ pairing }) => pairing === null);
    expect(told.every(({ paired: pages }) => pages.length === 1)).toBe(true);
    expect(scene.access.state()).toMatchObject({
      pairing: null,
      paired: [{ id: paired.device, name: 'Phone', role: 'control' }],
      sessions: [{ way: 'code', name: 'Phone', role: 'control' }],
    });
  });

  it('[PA2] lets a paired page in again by the key that both agreed on, until it is revoked', async () => {
    const scene = await startRemote();
    const paired = await logIn(scene, 'code', scene.access.startPairing('view').code);
    const device = paired.device ?? '';
    const again = await logIn(scene, 'device', { key: paired.sessionKey, device });
    expect([again.status, again.role]).toEqual([200, 'view']);
    expect((await logIn(scene, 'device', { key: `${paired.sessionKey}x`, device })).status).toBe(401);
    expect((await logIn(scene, 'device', { key: paired.sessionKey, device: 'another' })).status).toBe(401);
    expect(readFileSync(scene.file.path, 'utf8')).not.toContain(paired.sessionKey);
    await scene.access.revokePaired(device);
    expect(await isIn(scene, again.cookie)).toBe(false);
    expect((await logIn(scene, 'device', { key: paired.sessionKey, device })).status).toBe(401);
    await expect(scene.access.revokePaired(device)).rejects.toMatchObject({ code: 'unknown-id' });
  });

  it('[RS28] lets nobody in whose page is taken back by another program while its login is noted', async () => {
    const scene = await startRemote();
    const paired = await logIn(scene, 'code', scene.access.startPairing('edit').code);
    const login = await begin(scene, 'device', { key: paired.sessionKey, device: paired.device ?? '' });
    const update = vi.spyOn(scene.file, 'update');
    const unlock = await takeFileTurn(`${scene.file.path}.lock`);
    const finished = post(scene, '/login/finish', { ...login, started: undefined, sessionKey: undefined });
    await until('the login is noted', () => update.mock.calls.length === 1);
    await replaceFile(scene.file.path, JSON.stringify({ ...scene.file.read(), paired: [] }));
    unlock();
    const { status, cookie, error } = await finished;
    expect([status, cookie]).toEqual([401, '']);
    expect(error).toMatchObject({ code: 'wrong-pin' });
    expect(scene.reports.at(-1)).toMatchObject({ what: 'device', ok: false });
    expect(scene.access.state().paired).toEqual([]);
    expect(scene.access.state().sessions.map(({ way }) => way)).toEqual(['code']);
  });

  it('[RS29] closes the pages of a paired page that the command line revokes', async () => {
    const scene = await startRemote();
    const [gone, stays] = [
      await logIn(scene, 'code', scene.access.startPairing('edit').code),
      await logIn(scene, 'code', scene.access.startPairing('edit').code),
    ];
    const page = await openPage(scene, gone.cookie);
    const closed = new Promise((resolve) => page.once('close', resolve));
    const data = dirname(scene.file.path);
    expect(await runFlyrail(['access', 'revoke', gone.device ?? '', '--data', data])).toMatchObject({ code: 0 });
    scene.clock.advance(3000);
    await closed;
    expect([await isIn(scene, gone.cookie), await isIn(scene, stays.cookie)]).toEqual([false, true]);
    const again = await logIn(scene, 'device', { key: gone.sessionKey, device: gone.device ?? '' });
    expect(again.status).toBe(401);
  });

  it('[RS28] lets a paired page in where its login cannot be noted', async () => {
    const scene = await startRemote();
    const paired = await logIn(scene, 'code', scene.access.startPairing('view').code);
    const full = new UnavailableError('cannot-write-file', 'The disk is full.');
    vi.spyOn(scene.file, 'update').mockRejectedValue(full);
    const { status, role } = await logIn(scene, 'device', { key: paired.sessionKey, device: paired.device ?? '' });
    expect([status, role]).toEqual([200, 'view']);
  });

  it('[PA3] gives a CLASP client a token that is sealed for it, with the scopes of the role', async () => {
    const scene = await startRemote();
    const { code } = scene.access.startPairing('control');
    const { message, sessionKey, exchange } = await begin(scene, 'code', code);
    const body = { exchange, answer: 0, message, name: 'desk', kind: 'client' };
    const done = await post(scene, '/pair/finish', body);
    expect([done.status, done.cookie, done.device]).toEqual([200, '', null]);
    const sealed = done.sealed ?? '';
    expect(sealed).not.toContain('cpsk');
    expect(openToken(sealed, sessionKey)).toBe(`cpsk_${'0'.repeat(32)}`);
    expect(() => openToken(sealed, createPakeSetup().slice(0, 86))).toThrow('not sealed by who agreed');
    expect(scene.tokens).toEqual([{ name: 'desk', scopes: ['write:/**'] }]);
    expect(scene.access.state().paired).toEqual([]);
  });

  it('[PA4] works once', async () => {
    const scene = await startRemote();
    const { code } = scene.access.startPairing('view');
    const both = [await begin(scene, 'code', code), await begin(scene, 'code', code)];
    const statuses: number[] = [];
    for (const { exchange, message } of both)
      statuses.push(
        (await post(scene, '/pair/finish', { exchange, answer: 0, message, name: 'a', kind: 'page' })).status,
      );
    expect(statuses).toEqual([200, 401]);
    expect((await logIn(scene, 'code', code)).status).toBe(403);
    expect(scene.access.state().paired).toHaveLength(1);
  });

  it('[PA5] ends after three wrong codes, says how many are left, and the right one comes too late', async () => {
    const scene = await startRemote();
    const { code } = scene.access.startPairing('view');
    const wrong = code === '000000' ? '000001' : '000000';
    const left: unknown[] = [];
    for (let i = 0; i < pairingAttempts; i++) left.push((await logIn(scene, 'code', wrong)).error);
    expect(left).toMatchObject([2, 1, 0].map((attemptsLeft) => ({ code: 'wrong-code', details: { attemptsLeft } })));
    expect(await logIn(scene, 'code', code)).toMatchObject({ status: 403, error: { code: 'no-pairing' } });
    expect(scene.access.state().pairing).toBeNull();
  });

  it('[PA6] ends after two minutes, when it is stopped, and when another begins', async () => {
    const scene = await startRemote();
    const { code } = scene.access.startPairing('view');
    const begun = await begin(scene, 'code', code);
    scene.clock.advance(pairingLasts);
    const late = { exchange: begun.exchange, answer: 0, message: begun.message, name: 'a', kind: 'page' };
    expect((await post(scene, '/pair/finish', late)).status).toBe(401);
    const stopped = scene.access.startPairing('view').code;
    scene.access.stopPairing();
    expect((await logIn(scene, 'code', stopped)).status).toBe(403);
    const old = await begin(scene, 'code', scene.access.startPairing('edit').code);
    const next = scene.access.startPairing('view').code;
    const swapped = { exchange: old.exchange, answer: 0, message: old.message, name: 'a', kind: 'page' };
    expect((await post(scene, '/pair/finish', swapped)).status).toBe(401);
    expect((await logIn(scene, 'code', next)).status).toBe(200);
  });

  it('[PA7] takes no message twice, of another exchange, or of another way in', async () => {
    const scene = await startRemote();
    await scene.access.setPin('view', pin);
    const { code } = scene.access.startPairing('edit');
    const [one, two] = [await begin(scene, 'code', code), await begin(scene, 'code', code)];
    const named = { answer: 0, name: 'a', kind: 'page' };
    const swapped = await post(scene, '/pair/finish', { ...named, exchange: one.exchange, message: two.message });
    expect(swapped.status).toBe(401);
    const asLogin = await post(scene, '/login/finish', { answer: 0, exchange: two.exchange, message: two.message });
    expect(asLogin.status).toBe(401);
    expect((await post(scene, '/pair/finish', { ...named, ...one })).status).toBe(400);
    const third = await begin(scene, 'code', code);
    const body = { ...named, exchange: third.exchange, message: third.message };
    expect((await post(scene, '/pair/finish', body)).status).toBe(200);
    for (let i = 0; i < 3; i++) expect((await post(scene, '/pair/finish', body)).status).toBe(401);
    expect(scene.access.state()).toMatchObject({ paired: [{ role: 'edit' }], sessions: [{ role: 'edit' }] });
  });

  it('[PA8] fails at both ends for who stands in between with another code, who learns neither code nor token', async () => {
    const scene = await startRemote();
    const { code } = scene.access.startPairing('edit');
    const guess = code === '000000' ? '000001' : '000000';
    // Towards the honest page it plays the engine, with the code that it guessed.
    const page = startPakeClient('code', code);
    const played = answerPake(pakeRecord({ setup: createPakeSetup(), user: 'code', way: 'code' }, guess), page.message);
    expect(page.finish(played.answer)).toBeUndefined();
    // Towards the engine it plays the page, with the guess, and then with the message that the honest page began with.
    const own = await begin(scene, 'code', guess);
    expect(own.message).toBe('');
    const relayed = await post(scene, '/pair/start', { message: page.message });
    const forged = { answer: 0, name: 'm', kind: 'client', message: 'A'.repeat(86) };
    const exchange = relayed.exchange ?? '';
    expect((await post(scene, '/pair/finish', { ...forged, exchange })).status).toBe(401);
    expect(scene.tokens).toEqual([]);
    expect(scene.access.state()).toMatchObject({ paired: [], sessions: [] });
  });

  it('[PA9] survives garbage and floods: nothing comes of them, and the port still answers', async () => {
    const scene = await startRemote();
    await scene.access.setPin('view', pin);
    let tried = 0;
    const bodies: unknown[] = [
      '',
      '{',
      'null',
      '[]',
      '7',
      { message: 7 },
      { message: 'x'.repeat(600) },
      { __proto__: 1 },
    ];
    bodies.push(
      ...['', 'x', '!!!', 'A'.repeat(127), 'A'.repeat(128), '\u0000'.repeat(64)].map((message) => ({ message })),
    );
    bodies.push('{"message":"AAAA","__proto__":{"role":"edit"}}', `{"message":"${'\\ud800'.repeat(40)}"}`);
    for (const path of ['/login/start', '/pair/start', '/login/finish', '/pair/finish'])
      for (const body of bodies) {
        scene.access.startPairing('edit');
        const { status } = await post(scene, path, body);
        expect([400, 401, 429], `${path} ${JSON.stringify(body)}`).toContain(status);
        scene.clock.advance(3_600_000);
        tried++;
      }
    const message = startPakeClient('code', '000000').message;
    scene.access.startPairing('edit');
    const flood = await Promise.all(
      Array.from({ length: 300 }, async () => {
        return (await post(scene, '/pair/start', { message })).status;
      }),
    );
    expect(flood.filter((status) => status === 200)).toHaveLength(pairingAttempts);
    expect(flood.filter((status) => status === 403)).toHaveLength(300 - pairingAttempts);
    expect(scene.access.state()).toMatchObject({ paired: [], sessions: [] });
    scene.clock.advance(3_600_000);
    expect((await logIn(scene, 'pin', pin)).status).toBe(200);
    console.log(`logins: ${tried + 300} bodies that prove nothing tried, 0 let in`);
  });

  it('[PA10] makes no token where none are made, and the code still holds', async () => {
    const scene = await startRemote({ issues: false });
    const { code } = scene.access.startPairing('view');
    const { exchange, message } = await begin(scene, 'code', code);
    const body = { exchange, answer: 0, message, name: 'desk' };
    expect((await post(scene, '/pair/finish', { ...body, kind: 'client' })).status).toBe(400);
    expect((await post(scene, '/pair/finish', { ...body, kind: 'page' })).status).toBe(200);
  });
});
