import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { bridgeForm } from '../../../src-main/contract/bridges/bridge-form.ts';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { hidControlSchema } from '../../../src-main/contract/hid-control.ts';
import type { LearnedControls } from '../../../src-main/contract/learned-controls.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import {
  ControlLearning,
  freeName,
  learningWords,
  placeWords,
} from '../../../src-renderer/devices/control-learning.svelte.ts';
import { writeFields, type DraftTexts } from '../../../src-renderer/devices/draft-texts.ts';
import { readFields } from '../../../src-renderer/devices/read-fields.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';
import FormHost from './FormHost.svelte';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const quiet: LearnedControls = { heard: [], reports: 3, resting: false, problem: null };
const heard: LearnedControls = {
  ...quiet,
  heard: [
    {
      control: hidControlSchema.parse({ name: 'r1-b5-3', report: 1, byte: 5, bit: 3 }),
      raw: 1,
      known: false,
      changes: 1,
    },
    { control: hidControlSchema.parse({ name: 'cross', report: 1, byte: 5, bit: 5 }), raw: 0, known: true, changes: 2 },
  ],
};

describe('learning controls in the window', () => {
  it('[HI23] takes a control that was pressed into the form, with the name that was typed', async () => {
    const engine = new FakeEngine(emptyShow('rig', 'Rig'));
    engine.learned = heard;
    const state = await attachedState(engine);
    const fields = bridgeForm('hid').settings;
    const host = { texts: writeFields(fields, { device: 'hid=054c:0ce6' }) };
    const start = host.texts;
    const area = mountArea(
      FormHost,
      { fields, start, ontexts: (texts: DraftTexts) => (host.texts = texts) },
      { state },
    );
    cleanups.push(area.unmount);
    flushSync();
    await fireEvent.click(screen.getByRole('button', { name: 'Learn by pressing' }));
    await waitFor(() => screen.getByText('r1-b5-3'));
    expect(engine.calls.filter(({ name }) => name === 'learnControls')[0]?.args).toEqual({
      device: 'hid=054c:0ce6',
      part: '',
    });
    expect(screen.getAllByRole('button', { name: 'Take' })).toHaveLength(1);
    await fireEvent.input(screen.getByLabelText('name of the next one'), { target: { value: 'go' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Take' }));
    flushSync();
    const { values } = readFields(fields, host.texts, { before: {} });
    expect(values).toMatchObject({ controls: [{ name: 'go', kind: 'button', report: 1, byte: 5, bit: 3, bits: 1 }] });
    await fireEvent.click(screen.getByRole('button', { name: 'Stop learning' }));
    flushSync();
    expect(screen.queryByText('r1-b5-3')).toBeNull();
  });

  it('[HI23] asks while it learns, once more after each answer, and no more when it stops', async () => {
    const asked: (() => void)[] = [];
    const engine = new FakeEngine();
    const learning = new ControlLearning(engine, {
      after: (_delay, run) => {
        asked.push(run);
        return () => void asked.splice(0);
      },
    });
    learning.start('hid=054c:0ce6', '1/5');
    await waitFor(() => expect(asked).toHaveLength(1));
    engine.refuse('learnControls', new UnavailableError('cannot-open-port', 'It went.'));
    asked.shift()?.();
    await waitFor(() => expect(learning.problem).toBe('It went.'));
    await waitFor(() => expect(asked).toHaveLength(1));
    learning.stop();
    expect(asked).toHaveLength(0);
    expect(engine.calls.filter(({ name }) => name === 'learnControls')).toHaveLength(2);
  });

  it('[HI23] says what to do, and where a control is', () => {
    expect([
      learningWords(undefined, ''),
      learningWords(undefined, 'It went.'),
      learningWords({ ...quiet, problem: 'The device is not plugged in.' }, ''),
      learningWords({ ...quiet, resting: true }, ''),
      learningWords(quiet, ''),
      learningWords(heard, ''),
    ]).toEqual([
      'Asking for the device.',
      'It went.',
      'The device is not plugged in.',
      'Leave the device alone for a second.',
      'Press or move a control.',
      'Newest first. Press or move another one.',
    ]);
    expect(heard.heard.map(({ control }) => placeWords(control))[0]).toBe('report 1, byte 5, bit 3');
    expect(placeWords(hidControlSchema.parse({ name: 'x', kind: 'axis', byte: 2, bits: 16 }))).toBe('byte 2, 16 bits');
    const [first] = heard.heard;
    if (first) expect([freeName(' ', first, []), freeName('go', first, ['go', 'go-2'])]).toEqual(['r1-b5-3', 'go-3']);
  });
});
