import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandArguments } from '../../src-main/contract/command-arguments.ts';
import type { CommandName, EngineApi, EventName } from '../../src-main/contract/engine-api.ts';
import { AppError, InputError, type ErrorCode } from '../../src-main/contract/errors.ts';
import { createMemoryLinkPair, type MessageLink } from '../../src-main/contract/message-link.ts';
import { commandRoles, eventRoles } from '../../src-main/contract/command-roles.ts';
import { mayAs, roles, type Role } from '../../src-main/contract/role.ts';
import { commandsUnderWayMax, connectEngine, serveEngine } from '../../src-main/contract/rpc.ts';
import { sacnSettings } from '../bridges/bridge-settings.ts';

interface Scene {
  readonly client: EngineApi;
  readonly raw: MessageLink;
  readonly calls: { readonly name: string; readonly args: unknown }[];
  readonly refused: ErrorCode[];
  readonly bugs: string[];
  answer: (name: string, args: unknown) => Promise<unknown>;
  emit(event: EventName, payload: unknown): unknown;
  /** whether the link listens to it */
  follows(event: EventName): boolean;
}

function scene(role: Role = 'edit'): Scene {
  const [engineEnd, clientEnd] = createMemoryLinkPair();
  const listeners = new Map<EventName, (payload: never) => unknown>();
  const it: Scene = {
    raw: clientEnd,
    client: undefined as unknown as EngineApi,
    calls: [],
    refused: [],
    bugs: [],
    answer: () => Promise.resolve(undefined),
    emit: (event, payload) => listeners.get(event)?.(payload as never),
    follows: (event) => listeners.has(event),
  };
  const commands = Object.fromEntries(
    Object.keys(commandArguments).map((name) => [
      name,
      (args: unknown) => {
        it.calls.push({ name, args });
        return it.answer(name, args);
      },
    ]),
  );
  const api = {
    ...commands,
    on: (event: EventName, run: (payload: never) => unknown) => {
      listeners.set(event, run);
      return () => listeners.delete(event);
    },
  } as unknown as EngineApi;
  serveEngine(engineEnd, api, {
    role,
    onRefused: (code) => it.refused.push(code),
    onBug: (_error, name) => it.bugs.push(name),
  });
  return Object.assign(it, { client: connectEngine(clientEnd) });
}

describe('EngineApi over a link', () => {
  it('[EA1] carries a command and its answer, with i64 and bytes whole', async () => {
    const s = scene();
    s.answer = () =>
      Promise.resolve([
        { type: 'i64', value: 2n ** 60n },
        { type: 'bytes', value: new Uint8Array([1, 2]) },
      ]);
    const answer: unknown = await s.client.listNetworkCards();
    expect(answer).toEqual([
      { type: 'i64', value: 2n ** 60n },
      { type: 'bytes', value: new Uint8Array([1, 2]) },
    ]);
    expect(s.calls).toEqual([{ name: 'listNetworkCards', args: undefined }]);
    await s.client.openShow({ name: 'tour' });
    expect(s.calls[1]).toEqual({ name: 'openShow', args: { name: 'tour' } });
  });

  it('[EA2] gives a refusal its code, sentence and details at the other end', async () => {
    const s = scene();
    s.answer = () => Promise.reject(new InputError('unknown-id', 'The show has no such set.', { id: 'm1' }));
    const error = await s.client.undo().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'unknown-id',
      kind: 'input',
      message: 'The show has no such set.',
      details: { id: 'm1' },
    });
    expect(s.refused).toEqual(['unknown-id']);
  });

  it('[EA2] keeps the inside of an unexpected failure inside, and reports it once', async () => {
    const s = scene();
    s.answer = () => Promise.reject(new TypeError('secret path /home/x'));
    const error = await s.client.redo().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'internal' });
    expect((error as Error).message).not.toContain('secret');
    expect(s.bugs).toEqual(['redo']);
  });

  it('[EA3] refuses arguments that are not as the command says, naming the place', async () => {
    const s = scene();
    const error = await s.client.restoreBackup({ id: 7 } as never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'bad-arguments', details: { path: 'restoreBackup.id' } });
    expect(s.calls).toEqual([]);
  });

  it('[EA3] names what is wrong in the one of several choices that came furthest', async () => {
    const { client, calls } = scene();
    const settings = { universes: [{ first: 1, last: 4, priority: 100 }], receive: [{ first: 3, last: 3 }] };
    const sound = sacnSettings();
    const item = { ...sound, settings: { ...sound.settings, ...settings } };
    const steps = [{ do: 'put', list: 'bridges', item }];
    const error = await client.edit({ label: 'x', steps } as never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'bad-arguments',
      message:
        'edit.steps.0.item.settings.receive: Universe 3 is sent and received. Keep it in one of the two. Nothing was changed.',
      details: { path: 'edit.steps.0.item.settings.receive' },
    });
    expect(calls).toEqual([]);
  });

  it('[EA4] answers what is no command of ours with a coded error and never runs it', async () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'on', '$close', 'event', '']) {
      const s = scene();
      const answers: unknown[] = [];
      s.raw.onMessage((message) => answers.push(message));
      s.raw.send({ t: 'q', i: 'x', m: name, a: [] });
      await settled();
      expect(answers, name).toMatchObject([{ t: 's', i: 'x', e: { code: 'unknown-command' } }]);
      expect(s.calls).toEqual([]);
    }
  });

  it('[EA4] survives any message, and still answers afterwards', async () => {
    const s = scene();
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withTypedArray: true, withMap: true }),
      fc.record(
        { t: fc.constantFrom('q', 's', 'x'), i: fc.anything(), m: fc.anything(), a: fc.anything() },
        { requiredKeys: [] },
      ),
      fc.record({
        t: fc.constant('q'),
        i: fc.string(),
        m: fc.constantFrom(...Object.keys(commandArguments)),
        a: fc.array(fc.anything()),
      }),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (message) => {
        s.raw.send(message);
        await settled();
      }),
      { numRuns: 2000 },
    );
    s.answer = () => Promise.resolve([]);
    await expect(s.client.listBackups()).resolves.toEqual([]);
  });

  it('[EA5] refuses more than the stated number of waiting commands and takes new ones when they are done', async () => {
    const s = scene();
    const release: (() => void)[] = [];
    s.answer = () => new Promise((resolve) => release.push(() => resolve(undefined)));
    const waiting = Array.from({ length: commandsUnderWayMax }, () => s.client.undo());
    await expect(s.client.undo()).rejects.toMatchObject({ code: 'too-many-items' });
    for (const run of release.splice(0)) run();
    await Promise.all(waiting);
    const after = s.client.undo();
    await settled();
    for (const run of release.splice(0)) run();
    await expect(after).resolves.toBeUndefined();
  });

  it('[EA6] rejects what is under way, and what comes later, when the link closes', async () => {
    const s = scene();
    s.answer = () => new Promise(() => undefined);
    const call = s.client.undo();
    await settled();
    s.raw.close();
    await expect(call).rejects.toMatchObject({ code: 'link-closed' });
    await expect(s.client.redo()).rejects.toMatchObject({ code: 'link-closed' });
  });

  it('[EA7] hands events on in order, to those who listen, until they stop', async () => {
    const s = scene();
    const seen: unknown[] = [];
    const cancel = s.client.on('stopping', (payload) => seen.push(payload));
    for (let i = 0; i < 100; i++) s.emit('stopping', { reason: String(i) });
    await settled();
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => ({ reason: String(i) })));
    cancel();
    s.emit('stopping', { reason: 'late' });
    await settled();
    expect(seen).toHaveLength(100);
  });
});

describe('live events', () => {
  it('[EA8] tells the feed when the client has taken a batch, and lets go of it when the link closes', async () => {
    const s = scene();
    const seen: unknown[] = [];
    s.client.on('live', (payload) => void seen.push(payload));
    const taken = s.emit('live', { at: 1, mappings: [] });
    expect(taken).toBeInstanceOf(Promise);
    await taken;
    expect(seen).toEqual([{ at: 1, mappings: [] }]);
    s.raw.onMessage(() => undefined);
    const never = s.emit('live', { at: 2, mappings: [] });
    await settled();
    s.raw.close();
    await expect(never).resolves.toBeUndefined();
  });
});

describe('roles over a link', () => {
  it('[RS12] refuses a command beyond the role before it looks at its arguments, counts it, and runs nothing', async () => {
    let tried = 0;
    for (const role of roles) {
      const s = scene(role);
      const names = Object.keys(commandArguments) as CommandName[];
      const beyond = names.filter((name) => !mayAs(role, commandRoles[name]));
      for (const name of beyond) {
        const call = s.client[name] as (args?: unknown) => Promise<unknown>;
        for (const args of [undefined, { id: 'm1' }, { address: '/a', kind: 'param', value: 1 }]) {
          tried++;
          await expect(call(args), name).rejects.toMatchObject({
            code: 'access-refused',
            details: { command: name, role, needs: commandRoles[name] },
          });
        }
      }
      expect(s.calls).toEqual([]);
      expect(s.refused).toEqual(beyond.flatMap(() => Array<string>(3).fill('access-refused')));
    }
    console.log(`roles: ${tried} commands beyond the role tried, 0 ran`);
    expect(tried).toBeGreaterThan(90);
  });

  it('[RS12] lets Control set values and View only look', async () => {
    const [view, control] = [scene('view'), scene('control')];
    await view.client.snapshot();
    await view.client.watchMonitor({ pattern: '/**' });
    expect(view.calls.map(({ name }) => name)).toEqual(['snapshot', 'watchMonitor']);
    await control.client.sendSignal({ kind: 'param', address: '/a', value: 1 });
    expect(control.calls.map(({ name }) => name)).toEqual(['sendSignal']);
    await expect(control.client.undo()).rejects.toMatchObject({ code: 'access-refused' });
  });

  it('[RS13] sends events beyond the role to nobody', () => {
    for (const role of roles) {
      const s = scene(role);
      const names = Object.keys(eventRoles) as EventName[];
      const followed = names.filter((name) => s.follows(name));
      expect(followed).toEqual(names.filter((name) => mayAs(role, eventRoles[name])));
    }
  });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
