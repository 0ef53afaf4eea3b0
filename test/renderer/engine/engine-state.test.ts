import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src-main/contract/errors.ts';
import type { Edit } from '../../../src-main/contract/show-edit.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { FakeEngine } from '../fake-engine.ts';
import { fakeDevice, fakeMapping } from '../fake-parts.ts';
import { attachedState } from '../page-host.ts';

const rename = (name: string): Edit => ({ label: `rename to ${name}`, steps: [{ do: 'rename', name }] });

describe('engine state', () => {
  it('[UI8] begins with the snapshot and goes on with events', async () => {
    const engine = new FakeEngine();
    const state = await attachedState(engine);
    expect(state.connection).toBe('ready');
    expect(state.document.name).toBe('Winterreise');
    await engine.edit(rename('Tannhäuser'));
    engine.emit('devices', [fakeDevice('b1', { state: 'broken' })]);
    expect(state.document.name).toBe('Tannhäuser');
    expect(state.show.undoLabel).toBe('rename to Tannhäuser');
    expect(state.devicesById.get('b1')?.state).toBe('broken');
  });

  it('[UI8] asks for a snapshot when an event was missed', async () => {
    const engine = new FakeEngine();
    const state = await attachedState(engine);
    engine.document = { ...engine.document, name: 'Unheard' };
    engine.revision += 5;
    engine.emit('edited', { revision: engine.revision, edit: rename('Lost'), show: engine.show });
    await settled();
    expect(engine.calls.filter((call) => call.name === 'snapshot')).toHaveLength(2);
    expect(state.document.name).toBe('Unheard');
  });

  it('[UI8] applies what came while the snapshot was under way, once', async () => {
    const engine = new FakeEngine();
    const attaching = attachedState(engine);
    await engine.edit({ label: 'add set 1', steps: [{ do: 'put', list: 'mappings', item: fakeMapping(1) }] });
    const state = await attaching;
    expect(state.document.mappings).toHaveLength(1);
  });

  it('[UI9] shows an edit at once and takes it back when the engine refuses it', async () => {
    const engine = new FakeEngine();
    const state = await attachedState(engine);
    engine.refuse('edit', new InputError('bad-arguments', 'Too long. Nothing was changed.'));
    const edit = state.edit(rename('Faust'));
    expect(state.document.name).toBe('Faust');
    await expect(edit).rejects.toThrow('Too long. Nothing was changed.');
    expect(state.document.name).toBe('Winterreise');
  });

  it('[UI9] lets a second edit begin from the first before that is acknowledged', async () => {
    const engine = new FakeEngine({ ...emptyShow('s', 'S'), mappings: [fakeMapping(1)] });
    const state = await attachedState(engine);
    const put = (change: object): Promise<void> => {
      const [mapping] = state.document.mappings;
      return state.edit({ label: 'x', steps: [{ do: 'put', list: 'mappings', item: { ...mapping!, ...change } }] });
    };
    await Promise.all([put({ name: 'Front wash' }), put({ enabled: false })]);
    expect(engine.document.mappings[0]).toMatchObject({ name: 'Front wash', enabled: false });
    expect(state.document).toEqual(engine.document);
  });

  it('[UI409] counts an edit under way as the last that undo takes back, and there is nothing to do again', async () => {
    const engine = new FakeEngine();
    const state = await attachedState(engine);
    await state.edit(rename('One'));
    await state.api.undo();
    expect(state.show).toMatchObject({ undoLabel: null, redoLabel: 'rename to One' });
    const edit = state.edit(rename('Two'));
    expect(state.show).toMatchObject({ undoLabel: 'rename to Two', redoLabel: null });
    const undo = state.api.undo();
    await edit;
    await undo;
    expect(state.show).toMatchObject({ undoLabel: null, redoLabel: 'rename to Two' });
    expect(state.document.name).toBe('Winterreise');
  });

  it('[UI409] goes back to what the engine says when the edit is refused', async () => {
    const engine = new FakeEngine();
    const state = await attachedState(engine);
    const edit = state.edit({ label: 'x', steps: [{ do: 'remove', list: 'mappings', id: 'nowhere' }] });
    await expect(edit).rejects.toThrow();
    expect(state.show.undoLabel).toBeNull();
  });

  it('[UI8] takes another document whole', async () => {
    const engine = new FakeEngine();
    const state = await attachedState(engine);
    await engine.newShow({ name: 'Next' });
    expect(state.document.name).toBe('Next');
    expect(state.show.file).toBeNull();
  });

  it('[UI10] keeps the last picture when the engine is gone and refuses commands in words', async () => {
    const state = await attachedState(new FakeEngine());
    state.detach();
    expect(state.document.name).toBe('Winterreise');
    await expect(state.edit(rename('X'))).rejects.toThrow('There is no connection to the engine. Nothing was changed.');
  });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
