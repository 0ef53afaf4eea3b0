import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { describeFields } from '../../../src-main/contract/bridges/bridge-form.ts';
import type { PortList } from '../../../src-main/contract/device.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { z } from '../../../src-main/contract/zod.ts';
import { writeFields, type DraftTexts, type DraftValue } from '../../../src-renderer/devices/draft-texts.ts';
import { formLines } from '../../../src-renderer/devices/form/form-lines.ts';
import { readFields } from '../../../src-renderer/devices/read-fields.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';
import FormHost from './FormHost.svelte';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const words = (title: string, description = `About ${title}.`) => ({ title, description });
const allFields = describeFields(
  z.strictObject({
    retain: z.boolean().meta(words('retain')),
    parts: z.array(z.enum(['notes', 'cc'])).meta({ ...words('parts'), choices: { notes: 'Notes', cc: 'Controls' } }),
    topics: z
      .array(
        z.strictObject({
          topic: z.string().min(1).meta(words('topic')),
          qos: z.int().min(0).max(2).default(0).meta(words('QoS')),
        }),
      )
      .max(3)
      .meta({ ...words('topics'), item: 'topic' }),
    headers: z.record(z.string(), z.string()).meta({ ...words('headers'), item: 'header' }),
    will: z
      .strictObject({ payload: z.string().min(1).meta(words('payload')) })
      .nullable()
      .meta(words('last word')),
    framing: z
      .discriminatedUnion('as', [
        z.strictObject({ as: z.literal('line'), delimiter: z.string().min(1).meta(words('delimiter')) }),
        z.strictObject({ as: z.literal('fixed'), length: z.int().min(1).meta(words('length')) }),
      ])
      .meta(words('framing')),
    paths: z.array(z.string()).meta({ ...words('paths'), control: 'lines' }),
    prefix: z.string().meta({ ...words('prefix'), example: '/x is {value}/x here.' }),
    depth: z
      .int()
      .min(1)
      .default(1)
      .meta({ ...words('depth'), advanced: true }),
    port: z.string().meta({ ...words('port'), control: 'serial-port' }),
    card: z.string().meta({ ...words('card'), control: 'network-card' }),
  }),
);
const all = {
  retain: false,
  parts: ['notes'],
  topics: [
    { topic: 'a', qos: 0 },
    { topic: 'b', qos: 1 },
  ],
  headers: {},
  will: null,
  framing: { as: 'line', delimiter: ';' },
  paths: ['/a'],
  prefix: '/mqtt',
  depth: 1,
  port: '',
  card: '',
};

const plugged: PortList = {
  ports: [{ value: 'usb=0403:6001:EN12', label: '/dev/ttyUSB0, USB 0403:6001:EN12' }],
  problem: null,
};

/** The form over texts that follow what is typed. */
async function openForm(ports: PortList = plugged, fields = allFields, first: Record<string, unknown> = all) {
  const engine = new FakeEngine(emptyShow('rig', 'Rig'));
  engine.ports = ports;
  const state = await attachedState(engine);
  const host = { texts: writeFields(fields, first) };
  const area = mountArea(
    FormHost,
    { fields, start: host.texts, ontexts: (texts: DraftTexts) => (host.texts = texts) },
    { state },
  );
  cleanups.push(area.unmount);
  flushSync();
  return {
    values: () => readFields(fields, host.texts, { before: first }).values,
    value: (path: string): DraftValue | undefined => host.texts[path],
  };
}

const group = (name: string): HTMLElement => screen.getByRole('group', { name });
const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
async function type(label: string, text: string, within_: HTMLElement = document.body): Promise<void> {
  await fireEvent.input(within(within_).getByLabelText(label), { target: { value: text } });
  flushSync();
}

describe('the ports that a form offers', () => {
  it('[MI35] are none with the reason, in words, where the machine cannot tell, and may be typed all the same', async () => {
    const problem = 'This machine has no ALSA sequencer (/dev/snd/seq is not there).';
    const { value } = await openForm({ ports: [], problem });
    await screen.findByText(problem);
    expect(screen.queryByRole('button', { name: /Nothing is plugged in/ })).toBeNull();
    await type('port', 'Keys');
    expect(value('port')).toBe('Keys');
  });

  it('[MI39] have a reason to be none that is said by the first field, and by none where the status says it', async () => {
    const problem = 'This machine has no ALSA sequencer.';
    const both = describeFields(
      z.strictObject({
        input: z.string().meta({ ...words('input'), control: 'midi-input' }),
        output: z.string().meta({ ...words('output'), control: 'midi-output' }),
      }),
    );
    const none = { input: '', output: '' };
    await openForm({ ports: [], problem }, both, none);
    const again = await screen.findByRole('button', { name: 'No ports to choose from: look again' });
    expect(screen.getAllByText(problem)).toHaveLength(1);
    expect(within(group('Ports for output')).getByRole('button')).toBe(again);
    cleanups.pop()?.();
    await openForm({ ports: [], problem: 'Said above.' }, both, none);
    expect(await screen.findAllByRole('button', { name: 'No ports to choose from: look again' })).toHaveLength(2);
    expect(screen.queryByText('Said above.')).toBeNull();
  });

  it('[MI35] are said to be none where nothing is plugged in', async () => {
    await openForm({ ports: [], problem: null });
    expect(await screen.findByRole('button', { name: 'Nothing is plugged in: look again' })).toBeTruthy();
    expect(screen.queryByText('No ports to choose from')).toBeNull();
  });
});

describe('the lines of a form', () => {
  it('[UI471] two short fields share one, a host the one with its port', () => {
    const of = describeFields(
      z.strictObject({
        direction: z.enum(['in', 'out']),
        host: z.string().meta({ control: 'host' }),
        port: z.int(),
        name: z.string().max(60),
        prefix: z.string().meta({ control: 'address' }),
        rate: z.int(),
        mode: z.enum(['long']).meta({ choices: { long: 'Everyone on the network' } }),
      }),
    );
    const names = formLines(of).map((line) => line.map(({ name }) => name));
    expect(names).toEqual([['direction'], ['host', 'port'], ['name'], ['prefix'], ['rate'], ['mode']]);
    expect(formLines(of.slice(2)).map((line) => line.length)).toEqual([2, 1, 1, 1]);
  });
});

describe('the fields of a form', () => {
  it('[UI471] show every setting with its label and its help, and what was typed in the example', async () => {
    await openForm();
    for (const label of ['retain', 'parts', 'topics', 'headers', 'last word', 'framing', 'paths', 'prefix', 'card'])
      expect(screen.getAllByText(label).length).toBeGreaterThan(0);
    expect(screen.getByText('About retain.')).toBeTruthy();
    expect(screen.getByText('/x is /mqtt/x here.')).toBeTruthy();
    await type('prefix', '/m');
    expect(screen.getByText('/x is /m/x here.')).toBeTruthy();
  });

  it('[UI471] switch, choose several, and write texts line by line', async () => {
    const { values } = await openForm();
    await fireEvent.click(screen.getByRole('switch', { name: 'retain' }));
    await fireEvent.click(button('Controls'));
    await type('paths', '/a\n/b c\n');
    expect(values()).toMatchObject({ retain: true, parts: ['notes', 'cc'], paths: ['/a', '/b c'] });
    await fireEvent.click(button('Notes'));
    expect(values()).toMatchObject({ parts: ['cc'] });
  });

  it('[UI473] add, fill, move and remove the rows of a list, with the focus where the work is', async () => {
    const { values } = await openForm();
    await fireEvent.click(button('Add topic'));
    flushSync();
    const rows = (): HTMLElement[] => within(group('topics')).getAllByRole('listitem');
    expect(rows()).toHaveLength(3);
    await waitFor(() => expect(rows()[2]?.contains(document.activeElement)).toBe(true));
    expect(within(rows()[2]!).getByRole('alert').textContent).toContain('Fill this in.');
    await type('topic', 'c', rows()[2]);
    expect(button('Add topic').hasAttribute('disabled')).toBe(true);
    await fireEvent.click(button('Up: topic 3'));
    flushSync();
    expect(values()['topics']).toEqual([
      { topic: 'a', qos: 0 },
      { topic: 'c', qos: 0 },
      { topic: 'b', qos: 1 },
    ]);
    await fireEvent.click(button('Remove topic 1'));
    flushSync();
    expect(values()['topics']).toHaveLength(2);
    await waitFor(() => expect(document.activeElement).toBe(button('Remove topic 1')));
    await fireEvent.click(button('Remove topic 1'));
    await fireEvent.click(button('Remove topic 1'));
    flushSync();
    await waitFor(() => expect(document.activeElement).toBe(button('Add topic')));
  });

  it('[UI473] name the values of a list by the operator’s own words', async () => {
    const { values } = await openForm();
    await fireEvent.click(button('Add header'));
    flushSync();
    await type('name', 'Accept', group('headers'));
    await type('value', 'text/plain', group('headers'));
    expect(values()).toMatchObject({ headers: { Accept: 'text/plain' } });
  });

  it('[UI559] switch by the name beside too, and say to who cannot see what help says', async () => {
    const { values } = await openForm();
    await fireEvent.click(screen.getByText('retain'));
    expect(values()).toMatchObject({ retain: true });
    const explained = [screen.getByRole('switch', { name: 'retain' }), group('parts'), group('topics')];
    const explanations = explained.map((found) =>
      document.getElementById(found.getAttribute('aria-describedby') ?? ''),
    );
    expect(explanations.map((found) => found?.textContent)).toEqual(
      ['retain', 'parts', 'topics'].map((name) => `About ${name}.`),
    );
  });

  it('[UI471] show what belongs to a choice while it is made, and a group once it is switched in', async () => {
    const { values } = await openForm();
    expect(screen.queryByLabelText('length')).toBeNull();
    await fireEvent.change(screen.getByLabelText('framing'), { target: { selectedIndex: 1 } });
    flushSync();
    expect(screen.queryByLabelText('delimiter')).toBeNull();
    await type('length', '8');
    expect(screen.queryByLabelText('payload')).toBeNull();
    await fireEvent.click(screen.getByRole('switch', { name: 'last word' }));
    flushSync();
    await type('payload', 'gone');
    expect(values()).toMatchObject({ framing: { as: 'fixed', length: 8 }, will: { payload: 'gone' } });
  });

  it('[BF11] offer the ports that are plugged in, and say what the chosen one is', async () => {
    const { values } = await openForm();
    await fireEvent.click(await screen.findByRole('button', { name: '/dev/ttyUSB0, USB 0403:6001:EN12' }));
    flushSync();
    expect(values()).toMatchObject({ port: 'usb=0403:6001:EN12' });
    expect(screen.getByText('/dev/ttyUSB0, USB 0403:6001:EN12').tagName).toBe('P');
    await type('port', '/dev/ttyS0');
    expect(values()).toMatchObject({ port: '/dev/ttyS0' });
  });

  it('[UI471] keep what experts set behind a fold, unless it wants a repair', async () => {
    await openForm();
    expect(screen.queryByLabelText('depth')).toBeNull();
    await fireEvent.click(button(/^More settings/));
    flushSync();
    await type('depth', '0');
    await fireEvent.click(button(/^More settings/));
    flushSync();
    expect(screen.getByLabelText('depth')).toBeTruthy();
  });
});
