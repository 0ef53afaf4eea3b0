import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { emptyShow, type ShowDocument } from '../../../src-main/contract/show.ts';
import DevicesPage from '../../../src-renderer/devices/DevicesPage.svelte';
import { DevicesState } from '../../../src-renderer/devices/devices-state.svelte.ts';
import { MessageBoard } from '../../../src-renderer/widgets/messages.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { withLateAnswer } from '../late-answer.ts';
import { settled } from '../opened-app.ts';
import { attachedState, mountArea } from '../page-host.ts';
import { oscBridge } from './bridges.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function rig(): ShowDocument {
  return { ...emptyShow('rig', 'Rig'), bridges: [oscBridge(), oscBridge({ id: 'spare', number: 3, name: 'spare' })] };
}

async function openPage() {
  const engine = new FakeEngine(rig());
  const state = await attachedState(engine);
  const messages = new MessageBoard();
  const devices = new DevicesState(state, messages);
  cleanups.push(devices.follow());
  cleanups.push(mountArea(DevicesPage, { devices }, { state }).unmount);
  return { engine, state, devices, messages };
}

async function typeName(text: string): Promise<HTMLInputElement> {
  flushSync();
  const input = screen.getByLabelText<HTMLInputElement>('name');
  input.focus();
  await fireEvent.input(input, { target: { value: text } });
  return input;
}

describe('an answer that comes late', () => {
  it('[UI175] leaves the device that is typed into by then', async () => {
    const { engine, devices } = await openPage();
    devices.select('osc-id');
    await typeName('Renamed');
    const answer = withLateAnswer(engine);
    const done = devices.submit();
    devices.select('spare');
    const input = await typeName('Bal');
    answer();
    await done;
    flushSync();
    expect(devices.selectedId).toBe('spare');
    expect(document.activeElement).toBe(input);
    expect(input.value).toBe('Bal');
    expect(engine.document.bridges[0]?.name).toBe('Renamed');
    expect(devices.isChanged('osc-id')).toBe(false);
  });

  it('[UI175] leaves the new bridge that was begun meanwhile', async () => {
    const { engine, devices } = await openPage();
    devices.select('osc-id');
    await typeName('Renamed');
    const answer = withLateAnswer(engine);
    const done = devices.submit();
    devices.startAdding('osc');
    await typeName('Bal');
    answer();
    await done;
    expect(devices.adding).toBeDefined();
    expect(devices.draft?.name).toBe('Bal');
  });

  it('[UI175] to a new bridge leaves what was typed since in its form', async () => {
    const { engine, devices } = await openPage();
    devices.startAdding('osc');
    await typeName('Bal');
    const answer = withLateAnswer(engine);
    await fireEvent.submit(screen.getByRole('form', { name: 'New bridge' }));
    const input = await typeName('Balcony');
    answer();
    await waitFor(() => expect(devices.adding).toBeUndefined());
    await settled();
    expect(engine.document.bridges.at(-1)?.name).toBe('Bal');
    expect(document.activeElement).toBe(input);
    expect(devices.draft?.name).toBe('Balcony');
  });
});

describe('a refusal that comes late', () => {
  const full = new UnavailableError('cannot-write-file', 'The disk is full.');
  const refusal = (): string | null | undefined => {
    flushSync();
    return document.querySelector('form [role="alert"]')?.textContent;
  };

  it('[UI407] goes with its device, and is said where the operator is', async () => {
    const { engine, devices, messages } = await openPage();
    devices.select('osc-id');
    await typeName('Renamed');
    const answer = withLateAnswer(engine, full);
    const done = devices.submit();
    expect(devices.busy).toBe(true);
    devices.select('spare');
    expect(devices.busy).toBe(false);
    answer();
    await done;
    expect(devices.problem).toBe('');
    expect(refusal()).toBeUndefined();
    expect(messages.list).toMatchObject([{ fact: 'Renamed stays as it is', consequence: 'The disk is full.' }]);
    devices.select('osc-id');
    expect(refusal()).toContain('The disk is full.');
    expect(screen.getByLabelText<HTMLInputElement>('name').value).toBe('Renamed');
    devices.select('spare');
    devices.select('osc-id');
    expect(refusal()).toBeUndefined();
  });

  it('[UI407] of a new bridge stands at the new bridge', async () => {
    const { engine, devices, messages } = await openPage();
    devices.startAdding('osc');
    await typeName('Balcony');
    const answer = withLateAnswer(engine, full);
    const done = devices.submit();
    devices.select('spare');
    answer();
    await done;
    expect(refusal()).toBeUndefined();
    expect(messages.list.at(-1)).toMatchObject({
      fact: 'The new bridge is not added',
      consequence: 'The disk is full.',
    });
    devices.startAdding();
    expect(devices.draft?.name).toBe('Balcony');
  });
});

describe('what was typed for a device', () => {
  it('[UI176] is said when it is gone, also where another show had lost a device of the same id', async () => {
    const { engine, devices, messages } = await openPage();
    for (const text of ['first', 'second']) {
      devices.select('spare');
      await typeName(text);
      await engine.edit({ label: 'theirs', steps: [{ do: 'remove', list: 'bridges', id: 'spare' }] });
      flushSync();
      expect(messages.list.map(({ consequence }) => consequence)).toContain(`Not applied: “${text}” as name.`);
      engine.lay(rig());
      flushSync();
    }
  });

  it('[UI178] and was made by an engine that could not say so, does not come back with an undo', async () => {
    const { engine, state, devices } = await openPage();
    devices.select('osc-id');
    await typeName('Renamed');
    const edit = engine.edit.bind(engine);
    engine.edit = async (request) => {
      engine.edit = edit;
      await edit(request);
      return new Promise(() => undefined);
    };
    void devices.submit();
    state.connection = 'lost';
    state.detach();
    await settled();
    await state.attach(engine);
    await settled();
    expect(engine.document.bridges[0]?.name).toBe('Renamed');
    await engine.undo();
    await settled();
    expect(devices.draft?.name).toBe(rig().bridges[0]?.name);
    expect(devices.changed).toBe(false);
  });
});
