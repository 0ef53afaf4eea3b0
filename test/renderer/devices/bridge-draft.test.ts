import { describe, expect, it } from 'vitest';
import { bridgeKinds } from '../../../src-main/contract/bridges/bridge-form.ts';
import type { Bridge } from '../../../src-main/contract/show.ts';
import {
  draftOfBridge,
  duplicateBridge,
  newBridgeDraft,
  withChange,
} from '../../../src-renderer/devices/bridge-draft.ts';
import { checkBridgeDraft } from '../../../src-renderer/devices/check-bridge-draft.ts';
import type { DraftTexts } from '../../../src-renderer/devices/draft-texts.ts';
import { serialSettings } from '../../bridges/bridge-settings.ts';
import { oscBridge, sacnBridge } from './bridges.ts';

const uuids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

function idSource(): () => string {
  let next = 0;
  return () => uuids[next++] ?? '';
}

describe('bridge draft', () => {
  it('[UI51] makes a new OSC bridge that works as it is', () => {
    const { bridge } = checkBridgeDraft(newBridgeDraft('osc', [], idSource()));
    expect(bridge).toEqual(oscBridge({ id: uuids[0] ?? '', name: 'osc' }));
  });

  it('[UI51] makes a new sACN bridge that works as it is, with a component identifier of its own', () => {
    const { bridge } = checkBridgeDraft(newBridgeDraft('sacn', [], idSource()));
    const settings = { universes: [{ first: 1, last: 1, priority: 100 }], cid: uuids[1] ?? '' };
    expect(bridge).toEqual(sacnBridge({ id: uuids[0] ?? '', number: 1, name: 'sacn', settings }));
  });

  it('[UI51] gives a second bridge the ports, prefixes, universes and numbers that are free', () => {
    const bridges = [oscBridge({ name: 'osc' }), sacnBridge({ name: 'sacn' })];
    expect(newBridgeDraft('osc', bridges, idSource())).toMatchObject({
      number: 3,
      name: 'osc-2',
      texts: { 'settings.listenPort': '8001', 'settings.prefix': '/osc-2' },
    });
    expect(newBridgeDraft('sacn', bridges, idSource())).toMatchObject({
      number: 3,
      name: 'sacn-2',
      texts: { 'settings.universes': '5', 'settings.universes@priority': '100' },
    });
  });

  it.each([
    oscBridge(),
    sacnBridge(),
    sacnBridge({ settings: { port: 5569 } }),
    sacnBridge({ settings: { mode: 'unicast', unicastTo: ['10.0.0.5', 'node.local'] } }),
  ])('[UI51] edits $kind without changing what was not touched', (bridge) => {
    expect(checkBridgeDraft(draftOfBridge(bridge))).toEqual({ bridge, problems: {} });
  });

  it('[UI51] duplicates a bridge switched off, with its own number, name and identity', () => {
    const bridge = sacnBridge({ name: 'node-2' });
    const copy = duplicateBridge(bridge, [bridge], idSource());
    expect(copy).toEqual({
      ...bridge,
      id: uuids[0],
      number: 1,
      name: 'node',
      enabled: false,
      settings: { ...bridge.settings, cid: uuids[1] },
    });
  });
});

describe('bridge form', () => {
  const typed = (bridge: Bridge, change: DraftTexts) => checkBridgeDraft(withChange(draftOfBridge(bridge), change));

  it.each([
    ['name', ' ', 'Give it a name, as on its label.'],
    ['settings.prefix', 'osc', 'It starts with a slash: /desk/fader/1.'],
    ['settings.prefix', '/osc//a', 'Two slashes meet. Remove one.'],
    ['settings.prefix', '/osc/', 'Remove the slash at the end.'],
    ['settings.listenPort', '0', 'A port is a whole number from 1 to 65\u2009535.'],
    ['settings.listenPort', '8000.5', 'A port is a whole number from 1 to 65\u2009535.'],
    ['settings.listenHost', '', 'Name a host or an address, as in 127.0.0.1.'],
    ['settings.listenHost', '192.168.10.256', 'Four numbers from 0 to 255 with dots: 192.168.10.21.'],
    ['settings.listenHost', 'desk:9000', 'A host has letters, digits, dots and dashes; the port has its own field.'],
  ])('[UI52] says at the field what to repair: OSC %s “%s”', (path, text, problem) => {
    expect(typed(oscBridge(), { [path]: text })).toEqual({ problems: { [path]: problem } });
  });

  it.each([
    ['settings.universes', '4-1', '4-1 runs backwards. Write 1-4.'],
    ['settings.port', '65536', 'A port is a whole number from 1 to 65\u2009535.'],
    ['settings.universes@priority', '201', 'A whole number from 0 to 200; 100 is usual.'],
    ['settings.sourceName', 'é'.repeat(40), 'A source name has at most 60 letters.'],
  ])('[UI52] says at the field what to repair: sACN %s “%s”', (path, text, problem) => {
    expect(typed(sacnBridge(), { [path]: text })).toEqual({ problems: { [path]: problem } });
  });

  it.each([
    ['x y', '“x y” is no port address. Write 7 or 1-4.'],
    ['99999999', 'Port address 99\u2009999\u2009999 is outside 0 to 32\u2009767.'],
    ['3, 3', 'Port address 3 is named twice.'],
  ])('[UI52] calls what Art-Net counts by its own word: “%s”', (text, problem) => {
    const draft = newBridgeDraft('artnet', [], idSource());
    const { problems } = checkBridgeDraft(withChange(draft, { 'settings.universes': text }));
    expect(problems).toEqual({ 'settings.universes': problem });
  });

  it.each([
    ['', 'Name the receivers, as in 10.0.0.5, 10.0.0.6.'],
    ['10.0.0.5, 10.0.0', '10.0.0: Four numbers from 0 to 255 with dots: 192.168.10.21.'],
  ])('[UI52] says at the field what to repair: sACN to receivers “%s”', (unicastTo, problem) => {
    const change = { 'settings.mode': 'unicast', 'settings.unicastTo': unicastTo };
    expect(typed(sacnBridge(), change)).toEqual({ problems: { 'settings.unicastTo': problem } });
  });

  it('[UI52] counts the letters of a name, not the halves that some are made of', () => {
    const named = (letters: number) => typed(oscBridge(), { name: '🎚'.repeat(letters) });
    expect(named(121).problems).toEqual({ name: 'At most 120 letters; these are 121.' });
    expect(named(120).problems).toEqual({});
  });

  it('[UI52] asks no repair of a side that the direction leaves unused', () => {
    const change = { 'settings.listenPort': 'x', 'settings.listenHost': '' };
    const { bridge } = typed(oscBridge({ settings: { direction: 'out' } }), change);
    expect(bridge?.settings).toMatchObject({ listenPort: 8000, listenHost: '0.0.0.0' });
  });

  it('[BF6] says what several fields of a row are refused for at one of them, and names no row by its insides', () => {
    const draft = draftOfBridge(serialSettings({ receives: [{ pattern: 'a{n}' }] }));
    const [row] = draft.texts['settings.receives'] as unknown as Record<string, string>[];
    const rows = [{ ...row, pattern: '' }];
    expect(checkBridgeDraft(withChange(draft, { 'settings.receives': rows })).problems).toEqual({
      'settings.receives.0.pattern': 'A message such as POT{n:int}={value:float}.',
    });
  });

  it.each(bridgeKinds)(
    '[BF20] a new bridge of kind %s works as it is, or says what only the operator knows',
    (kind) => {
      const draft = newBridgeDraft(kind, [], idSource());
      const { bridge, problems } = checkBridgeDraft(draft);
      expect(Object.keys(problems)).toEqual(asked[kind] ?? []);
      if (bridge) expect(draftOfBridge(bridge).texts).toEqual(draft.texts);
    },
  );
});

/** What only the operator knows of a new bridge, by kind. */
const asked: Readonly<Record<string, readonly string[]>> = {
  'dmx-usb': ['settings.port'],
  mqtt: ['settings.url'],
  websocket: ['settings.url'],
  socketio: ['settings.url'],
  serial: ['settings.port'],
  hid: ['settings.device'],
};
