import { describe, expect, it, vi } from 'vitest';
import type { EngineApi, EngineSnapshot } from '../../../src-main/contract/engine-api.ts';
import { InputError, UnavailableError } from '../../../src-main/contract/errors.ts';
import type { EditRequest } from '../../../src-main/contract/show-edit.ts';
import { emptyShow, type Bridge, type Mapping } from '../../../src-main/contract/show.ts';
import { createEventHub } from '../../../src-main/engine/event-hub.ts';
import { createEngineClient, type EngineParts } from '../../../src-main/engine/engine-service.ts';
import { addBridge } from '../../../src-renderer/devices/bridge-changes.ts';
import { EngineState } from '../../../src-renderer/engine/engine-state.svelte.ts';
import type { Made } from '../../../src-renderer/engine/late-changes.ts';
import { changeItem, itemOf, type ShowChange } from '../../../src-renderer/engine/show-change.ts';
import { editTriesMax } from '../../../src-renderer/engine/show-edits.ts';
import { MappingChanges } from '../../../src-renderer/patch/mapping-changes.svelte.ts';
import { ShowCommands } from '../../../src-renderer/show/show-commands.svelte.ts';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import { diskWith, openSession } from '../../engine/session-bench.ts';
import { silentLog } from '../../silent-log.ts';
import { FakeEngine } from '../fake-engine.ts';
import { fakeMapping, fakeOscBridge, fakeStats } from '../fake-parts.ts';
import { TurnedClock, attachedState } from '../page-host.ts';

const show = {
  ...emptyShow('one', 'Show'),
  mappings: [fakeMapping(1, { transforms: [scale(255), scale(100)] }), fakeMapping(2)],
  bridges: [fakeOscBridge(1, 'desk')],
};

describe('two windows on one show', () => {
  it('[UI87] keep every acknowledged change of a field, whatever the interleaving', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const lost = await interleave(seed);
      expect(lost, `seed ${seed}`).toEqual([]);
    }
  });

  it('[UI87] both keep a setting of the show', async () => {
    const { windows, session } = await rig();
    const [one, two] = windows.map(
      (engine) => new ShowCommands({ engine, shell: undefined, unapplied: () => [], goToShow: () => undefined }),
    );
    await Promise.all([one?.changeSettings({ autosaveSeconds: 7 }), two?.changeSettings({ backupsKeep: 3 })]);
    expect(session.document.settings).toMatchObject({ autosaveSeconds: 7, backupsKeep: 3 });
  });

  it('[UI87] take the later of two changes of one field', async () => {
    const { windows, session } = await rig();
    const [one, two] = windows;
    const first = one.change(named(one, 'from one'));
    const second = two.change(named(two, 'from two'));
    await Promise.all([first, second]);
    expect(session.document.mappings[0]?.name).toBe('from two');
  });

  it('[UI86] both add something under the number that was free for both', async () => {
    const { windows, session } = await rig();
    const bridge = (id: string): Bridge => ({ ...fakeOscBridge(2, id), id });
    await Promise.all([windows[0].change(addBridge(bridge('x'))), windows[1].change(addBridge(bridge('y')))]);
    expect(session.document.bridges.map(({ id, number }) => [id, number])).toEqual([
      ['b1', 1],
      ['x', 2],
      ['y', 3],
    ]);
  });

  it('[UI88] know which of them took a thing out', async () => {
    const { windows } = await rig();
    const [one, two] = windows;
    const remove: ShowChange = {
      plan: (document) => {
        itemOf(document, 'mappings', 'm2');
        return { label: 'delete set 2', steps: [{ do: 'remove', list: 'mappings', id: 'm2' }] };
      },
    };
    const outcomes = await Promise.allSettled([one.change(remove), two.change(remove)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'unknown-id' } });
    expect([one.removedBy('m2'), two.removedBy('m2')]).toEqual(['here', 'elsewhere']);
    await two.change(addSet(9));
    await two.api.undo();
    expect([one.removedBy('m9'), two.removedBy('m9')]).toEqual(['elsewhere', 'here']);
  });

  it('[UI87] give up what was meant for a show that left the table', async () => {
    const { windows, session } = await rig();
    const [one] = windows;
    const next = session.newShow('Next');
    const changes = [one.change(named(one, 'a')), one.change(addSet(3))];
    for (const outcome of await Promise.allSettled(changes)) {
      expect(outcome).toMatchObject({ reason: { code: 'changed-meanwhile' } });
    }
    await next;
    expect(session.document.mappings).toEqual([]);
  });
});

describe('one window', () => {
  it('[UI87] sends the last of a drag when the one before is answered, as one undo', async () => {
    const engine = new FakeEngine(show);
    const state = await attachedState(engine);
    const drag = Array.from({ length: 30 }, (_, n) => state.change(scaled(state, n, 'drag-1')));
    expect(state.document.mappings[0]?.transforms[0]).toMatchObject({ outMax: 29 });
    await Promise.all(drag);
    const sent = engine.calls.filter(({ name }) => name === 'edit').map(({ args }) => args as EditRequest);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ gesture: 'drag-1', basedOn: 2 });
    expect(engine.document.mappings[0]?.transforms[0]).toMatchObject({ outMax: 29 });
  });

  it('[UI87] undoes and saves after the edits that were given before', async () => {
    const engine = new FakeEngine(show);
    const state = await attachedState(engine);
    const edits = [state.change(named(state, 'a')), state.change(addSet(3))];
    const undo = state.api.undo();
    await Promise.all([...edits, undo]);
    expect(engine.calls.map(({ name }) => name)).toEqual(['snapshot', 'edit', 'edit', 'undo']);
    expect(engine.document.mappings.map(({ name }) => name)).toEqual(['a', '']);
  });

  it('[UI87] stops trying when others change the same thing without end', async () => {
    const engine = new FakeEngine(show);
    const state = await attachedState(engine);
    const rename = (name: string) => ({ label: 'x', steps: [{ do: 'rename' as const, name }] });
    const edit = engine.edit.bind(engine);
    let asked = 0;
    engine.edit = async () => {
      asked++;
      await edit(rename(`other ${asked}`));
      throw new InputError('changed-meanwhile', 'It was changed in another window meanwhile. Nothing was changed.');
    };
    await expect(state.change(named(state, 'mine'))).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(asked).toBe(editTriesMax);
    expect(state.document.mappings[0]?.name).toBe('');
  });

  it('[UI10] gives up what waits when the engine is gone, and goes on with the next one', async () => {
    const engine = new FakeEngine(show);
    const state = await attachedState(engine);
    engine.edit = () => new Promise(() => undefined);
    const lost = Promise.allSettled([state.change(named(state, 'a')), state.change(addSet(3))]);
    state.detach();
    for (const outcome of await lost) expect(outcome).toMatchObject({ reason: { code: 'link-closed' } });
    const next = new FakeEngine(show);
    await state.attach(next);
    await state.change(named(state, 'b'));
    expect(next.document.mappings[0]?.name).toBe('b');
  });
});

describe('a text on its way when the engine dies', () => {
  it('[UI150] is made by the next engine with the same show, in the order in which it was typed', async () => {
    const engine = new FakeEngine(show);
    const state = await attachedState(engine);
    engine.edit = () => new Promise(() => undefined);
    let waits = 0;
    const texts = ['first', 'second'].map((name) => kept(state, named(state, name), () => waits++));
    expect(waits).toBe(0);
    state.connection = 'lost';
    state.detach();
    expect(waits).toBe(2);
    expect(first(state).name).toBe('second');
    const next = new FakeEngine(show);
    await state.attach(next);
    await Promise.all(texts);
    expect(next.document.mappings[0]?.name).toBe('second');
  });

  it('[UI151] is not made twice when the engine had made it, and stays one undo', async () => {
    const { windows, session, open } = await rig();
    const [, other] = windows;
    const one = await open((client) => ({ ...silenced(client), on: () => () => undefined }));
    const text = kept(one, named(one, 'typed'));
    await vi.waitFor(() => expect(session.document.mappings[0]?.name).toBe('typed'));
    await other.change(scaled(other, 7, ''));
    const { revision } = session;
    await come(one, open);
    await text;
    expect(session.revision).toBe(revision);
    await session.undo();
    await session.undo();
    expect(first(one).name).toBe('');
    await expect(session.undo()).rejects.toMatchObject({ code: 'nothing-to-undo' });
  });

  it('[UI151] is not put over what came after it, once this page saw it made', async () => {
    const { windows, session, open } = await rig();
    const [, other] = windows;
    const one = await open(silenced);
    const text = kept(one, named(one, 'typed'));
    await vi.waitFor(() => expect(first(other).name).toBe('typed'));
    await other.change(named(other, 'newer'));
    await come(one, open);
    await text;
    expect(session.document.mappings[0]?.name).toBe('newer');
  });

  it.each(['undone', 'changed'] as const)(
    '[UI401] is not made again when the engine made it unseen and it was %s since, and that is told',
    async (how) => {
      const { windows, session, open } = await rig();
      const [, other] = windows;
      const one = await open((client) => ({ ...silenced(client), on: () => () => undefined }));
      const text = kept(one, named(one, 'typed'));
      await vi.waitFor(() => expect(session.document.mappings[0]?.name).toBe('typed'));
      if (how === 'undone') await session.undo();
      else await other.change(named(other, 'newer'));
      const { revision } = session;
      await come(one, open);
      expect(await text).toBe('before');
      expect(session.revision).toBe(revision);
      expect(first(one).name).toBe(how === 'undone' ? '' : 'newer');
    },
  );

  it('[UI401] is not made again by an engine that hung while another window undid it', async () => {
    const engine = new FakeEngine(show);
    const state = await attachedState(engine);
    const edit = engine.edit.bind(engine);
    let fail = (): void => undefined;
    engine.edit = async (request) => {
      engine.edit = edit;
      await edit(request);
      await new Promise<void>((resolve) => (fail = resolve));
      throw new UnavailableError('link-closed', 'The engine did not answer edit within 30 s.');
    };
    const text = kept(state, named(state, 'typed'));
    await vi.waitFor(() => expect(engine.document.mappings[0]?.name).toBe('typed'));
    await engine.undo();
    fail();
    expect(await text).toBe('before');
    expect(engine.document.mappings[0]?.name).toBe('');
  });

  it('[UI151] makes a group, a name and a setting of the show no second time', async () => {
    const { session, windows } = await rig();
    const [one] = windows;
    const commands = new ShowCommands({
      engine: one,
      shell: undefined,
      unapplied: () => [],
      goToShow: () => undefined,
    });
    const changes = new MappingChanges({
      engine: one,
      messages: new MessageBoard(),
      inspected: () => undefined,
      later: () => () => undefined,
    });
    const made: ShowChange[] = [];
    const change = one.change.bind(one);
    one.change = async (each) => {
      made.push(each);
      return change(each);
    };
    await commands.rename('Other');
    await commands.changeSettings({ autosaveSeconds: 7 });
    await changes.group(first(one), 'Front');
    expect(made).toHaveLength(3);
    const { revision } = session;
    for (const each of made) await change(each);
    expect(session.revision).toBe(revision);
  });

  it('[UI151] is asked for again of an engine that hung, and given up in words when that says nothing either', async () => {
    const engine = new FakeEngine(show);
    const state = await attachedState(engine);
    const edit = engine.edit.bind(engine);
    const late = new UnavailableError('link-closed', 'The engine did not answer edit within 30 s.');
    engine.edit = async (request) => {
      const emit = engine.emit.bind(engine);
      engine.emit = () => undefined;
      await edit(request);
      engine.emit = emit;
      throw late;
    };
    await kept(state, named(state, 'typed'));
    expect(engine.revision).toBe(2);
    engine.edit = () => Promise.reject(late);
    await expect(kept(state, named(state, 'again'))).rejects.toBe(late);
  });

  it('[UI151] leaves what is no text to the operator, and says whether it was sent', async () => {
    const engine = new FakeEngine(show);
    const state = await attachedState(engine);
    engine.edit = () => new Promise(() => undefined);
    const presses = [state.change(addSet(3)), state.change(addSet(4))];
    state.detach();
    const [sent, waited] = await Promise.allSettled(presses);
    expect(sent).toMatchObject({ reason: { code: 'link-closed', message: expect.stringContaining('Whether it was') } });
    expect(waited).toMatchObject({ reason: { message: expect.stringContaining('Nothing was changed') } });
  });
});

function kept(state: EngineState, change: ShowChange, onwaiting: () => void = () => undefined): Promise<Made> {
  return state.keep(() => void state.change(change).catch(() => undefined), onwaiting) ?? Promise.reject(new Error());
}

/** Takes every edit and never says so. */
function silenced(client: EngineApi): EngineApi {
  return {
    ...client,
    edit: (request) => {
      void client.edit(request);
      return new Promise(() => undefined);
    },
  };
}

/** The engine went away and is back. */
async function come(state: EngineState, open: Awaited<ReturnType<typeof rig>>['open']): Promise<void> {
  state.connection = 'lost';
  state.detach();
  await open(undefined, state);
}

function scale(outMax: number): Mapping['transforms'][number] {
  return { type: 'scale', enabled: true, inMin: 0, inMax: 1, outMin: 0, outMax };
}

function first(state: EngineState): Mapping {
  return itemOf(state.document, 'mappings', 'm1');
}

function named(state: EngineState, name: string): ShowChange {
  const before = first(state);
  return changeItem('mappings', { before, after: { ...before, name } }, { label: 'name' });
}

function addSet(number: number): ShowChange {
  const item = fakeMapping(number);
  return { plan: () => ({ label: `add set ${number}`, steps: [{ do: 'put', list: 'mappings', item }] }) };
}

function scaled(state: EngineState, outMax: number, gesture: string): ShowChange {
  const before = first(state);
  const after = { ...before, transforms: before.transforms.with(0, scale(outMax)) };
  return changeItem('mappings', { before, after }, { label: 'scale', gesture });
}

/** Two pages on one real session, each behind a link of its own pace. */
async function rig(turns: () => number = () => 1) {
  const hub = createEventHub(silentLog);
  const { session } = await openSession(diskWith('one', show), { hub });
  await session.openShow({ name: 'one' });
  const snapshot = (): Omit<EngineSnapshot, 'paths' | 'role'> => ({
    version: '0',
    revision: session.revision,
    laying: session.laying,
    document: session.document,
    show: session.state(),
    devices: [],
    problems: [],
    access: { allowedOrigins: [], refusedOrigins: [] },
    found: { mode: 'off', things: [], troubles: [] },
    remote: null,
    stats: fakeStats(),
    live: [],
    claspUrl: '',
    doors: [],
    accessRules: {
      asksForTokens: false,
      rateLimits: { session: null, source: null, patterns: [] },
      isAskingGiven: false,
      areRatesGiven: false,
    },
    lateBundlesGiven: null,
    firstStart: false,
  });
  const live = { follow: () => () => undefined };
  const parts = { hub, show: session, live, snapshot } as unknown as EngineParts;
  const open = async (
    through = (client: EngineApi) => client,
    state = new EngineState(new TurnedClock()),
  ): Promise<EngineState> => {
    await state.attach(through(overLink(createEngineClient(parts, { paths: true, role: 'edit' }), turns)));
    return state;
  };
  return { session, open, windows: [await open(), await open()] as const };
}

/** Commands, events and answers each take some turns on their way; in each direction they stay in order. */
function overLink(client: EngineApi, turns: () => number): EngineApi {
  const there = inOrder(turns);
  const back = inOrder(turns);
  const sent =
    <A, R>(command: (args: A) => Promise<R>) =>
    async (args: A): Promise<R> => {
      await there();
      const outcome = command(args);
      await outcome.catch(() => undefined);
      await back();
      return outcome;
    };
  return {
    ...client,
    edit: sent(client.edit.bind(client)),
    undo: () => sent(() => client.undo())(undefined),
    on: (event, run) => client.on(event, (payload) => void back().then(() => run(payload))),
  };
}

function inOrder(turns: () => number): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    const before = last;
    last = (async () => {
      for (let turn = turns(); turn > 0; turn--) await Promise.resolve();
      await before;
    })();
    return last;
  };
}

/** Each window writes only its own fields; after every acknowledged write the newest of each must be in the show.
 *  @returns what was lost */
async function interleave(seed: number): Promise<string[]> {
  const random = seeded(seed);
  const { session, windows } = await rig(() => Math.floor(random() * 6));
  const wanted = new Map<string, unknown>();
  const busy: Promise<void>[] = [];
  for (let step = 0; step < 40; step++) {
    const which = random() < 0.5 ? 0 : 1;
    const state = windows[which];
    const field = fields[which][Math.floor(random() * 3)]!;
    const value = step + 1;
    const before = first(state);
    const gesture = random() < 0.5 ? `drag-${which}` : undefined;
    const change = changeItem('mappings', { before, after: field.put(before, value) }, { label: field.name, gesture });
    wanted.set(field.name, value);
    busy.push(state.change(change));
    for (let turn = Math.floor(random() * 12); turn > 0; turn--) await Promise.resolve();
  }
  await Promise.all(busy);
  const mapping = itemOf(session.document, 'mappings', 'm1');
  return [...fields[0], ...fields[1]]
    .filter(({ name, get }) => wanted.has(name) && String(get(mapping)) !== String(wanted.get(name)))
    .map(({ name, get }) => `${name} is ${String(get(mapping))}, not ${String(wanted.get(name))}`);
}

interface Field {
  readonly name: string;
  readonly get: (mapping: Mapping) => unknown;
  readonly put: (mapping: Mapping, value: number) => Mapping;
}

const step = (name: string, at: number, key: 'outMin' | 'outMax'): Field => ({
  name,
  get: ({ transforms }) => transforms[at]?.type === 'scale' && transforms[at][key],
  put: (mapping, value) => {
    const old = mapping.transforms[at]!;
    return { ...mapping, transforms: mapping.transforms.with(at, { ...old, [key]: value }) };
  },
});

const fields: readonly [readonly Field[], readonly Field[]] = [
  [
    { name: 'name', get: ({ name }) => name, put: (mapping, value) => ({ ...mapping, name: `${value}` }) },
    step('first to', 0, 'outMax'),
    step('second from', 1, 'outMin'),
  ],
  [
    {
      name: 'target',
      get: ({ target }) => target.address.slice(1),
      put: (mapping, value) => ({ ...mapping, target: { ...mapping.target, address: `/${value}` } }),
    },
    step('first from', 0, 'outMin'),
    step('second to', 1, 'outMax'),
  ],
];

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
