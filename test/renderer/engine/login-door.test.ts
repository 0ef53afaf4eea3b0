import { describe, expect, it } from 'vitest';
import { createLoginDoor, type LoginMeans } from '../../../src-renderer/engine/login-door.ts';
import { proveLogin, stretchPin } from '../../../src-renderer/engine/login-proof.ts';
import { answerPake, createPakeSetup, finishPake, pakeReady, pakeRecord } from '../../../src-main/platform/pake.ts';
import { stretchPin as stretchInNode } from '../../../src-main/platform/stretch-pin.ts';

const salt = '00112233445566778899aabbccddeeff';

/** An engine that knows one secret for each way, as the port's own code answers. */
async function engine(secrets: { pin?: string; code?: string; device?: string }) {
  await pakeReady;
  const setup = createPakeSetup();
  const asked: string[] = [];
  let state = '';
  let way: 'pin' | 'code' | 'device' = 'pin';
  const kept = new Map<string, string>();
  let entered = 0;
  const answer = (path: string, body: Record<string, string>): [number, unknown] => {
    if (path === '/login') return [200, { ways: { pin: true, code: true }, salt }];
    if (path === '/session/end') return [204, undefined];
    if (path.endsWith('start')) {
      way = path.startsWith('/pair') ? 'code' : body['device'] === undefined ? 'pin' : 'device';
      const record = pakeRecord({ setup, user: way, way }, secrets[way] ?? 'nobody');
      const begun = answerPake(record, body['message'] ?? '');
      state = begun.state;
      return [200, { exchange: 'x1', answers: [begun.answer], attemptsLeft: way === 'code' ? 2 : null }];
    }
    const key = body['message'] === '' ? undefined : finishPake(way, state, body['message'] ?? '');
    if (key === undefined) return [401, { error: { kind: 'input', code: `wrong-${way}`, message: 'no', details: {} } }];
    if (way === 'code') secrets.device = key;
    return [200, { role: 'view', device: way === 'code' ? 'd1' : null, sealed: null }];
  };
  const means: LoginMeans = {
    fetch: (input, init) => {
      const path = input as string;
      const text = (init?.body as string | undefined) ?? '{}';
      asked.push(`${path} ${text}`);
      const [status, body] = answer(path, JSON.parse(text) as Record<string, string>);
      return Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status }));
    },
    storage: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    prove: proveLogin,
    stretch: stretchPin,
    entered: () => entered++,
  };
  return { means, asked, kept, entered: () => entered };
}

describe('how a page comes in', () => {
  it('[RS18] stretches a PIN as the engine does, proves it, and sends it nowhere', async () => {
    const pin = '481623';
    const rig = await engine({ pin: await stretchInNode(pin, salt) });
    const door = createLoginDoor(rig.means, '');
    await expect(door.withPin('481624')).rejects.toMatchObject({ code: 'wrong-pin' });
    expect(rig.entered()).toBe(0);
    await door.withPin(pin);
    expect(rig.entered()).toBe(1);
    expect(rig.asked.join()).not.toContain(pin);
  });

  it('[PA2] keeps the key of a pairing, comes in by it, and forgets it when it is refused or logs out', async () => {
    const secrets: { code: string; device?: string } = { code: '042137' };
    const rig = await engine(secrets);
    const door = createLoginDoor(rig.means, '#pair=042137');
    expect([door.takeCode(), door.takeCode()]).toEqual(['042137', undefined]);
    expect(await door.withKey()).toBe(false);
    await door.withCode('042137', 'Stage left');
    expect(rig.asked.join()).not.toContain(secrets.device);
    expect(await door.withKey()).toBe(true);
    await door.logOut();
    expect(rig.kept.size).toBe(0);
    await door.withCode('042137', 'Stage left');
    secrets.device = 'revoked';
    expect(await door.withKey()).toBe(false);
  });

  it('[PA5] says how often a wrong code can still be tried, and tells the engine that it was wrong', async () => {
    const rig = await engine({ code: '042137' });
    const door = createLoginDoor(rig.means, '');
    await expect(door.withCode('042138', 'a')).rejects.toMatchObject({
      code: 'wrong-code',
      details: { attemptsLeft: 2 },
    });
    expect(rig.asked.at(-1)).toContain('"message":""');
    expect(rig.kept.size).toBe(0);
  });
});
