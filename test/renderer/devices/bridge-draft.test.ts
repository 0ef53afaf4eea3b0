import { describe, expect, it } from 'vitest';
import { duplicateBridge, draftOfBridge, newBridgeDraft } from '../../../src-renderer/devices/bridge-draft.ts';
import { checkBridgeDraft } from '../../../src-renderer/devices/check-bridge-draft.ts';
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
      listenPort: '8001',
      prefix: '/osc-2',
    });
    expect(newBridgeDraft('sacn', bridges, idSource())).toMatchObject({ number: 3, name: 'sacn-2', universes: '5' });
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
  it.each([
    [{ name: ' ' }, { name: 'Give it a name, as on its label.' }],
    [{ prefix: 'osc' }, { prefix: 'It starts with a slash: /desk/fader/1.' }],
    [{ prefix: '/osc//a' }, { prefix: 'Two slashes meet. Remove one.' }],
    [{ prefix: '/osc/' }, { prefix: 'Remove the slash at the end.' }],
    [{ listenPort: '0' }, { listenPort: 'A port is a whole number from 1 to 65535.' }],
    [{ listenPort: '8000.5' }, { listenPort: 'A port is a whole number from 1 to 65535.' }],
    [{ remoteHost: '' }, { remoteHost: 'Name a host or an address, as in 127.0.0.1.' }],
    [{ remoteHost: '192.168.10.256' }, { remoteHost: 'Four numbers from 0 to 255 with dots: 192.168.10.21.' }],
    [
      { remoteHost: 'desk:9000' },
      { remoteHost: 'A host has letters, digits, dots and dashes; the port has its own field.' },
    ],
  ])('[UI52] says at the field what to repair: OSC %o', (change, problems) => {
    expect(checkBridgeDraft({ ...draftOfBridge(oscBridge()), ...change })).toEqual({ problems });
  });

  it.each([
    [{ universes: '4-1' }, { universes: '4-1 runs backwards. Write 1-4.' }],
    [{ port: '65536' }, { port: 'A port is a whole number from 1 to 65535.' }],
    [{ priority: '201' }, { priority: 'A whole number from 0 to 200; 100 is usual.' }],
    [{ sourceName: '' }, { sourceName: 'Name the source, as receivers list it.' }],
    [{ sourceName: 'é'.repeat(40) }, { sourceName: 'A source name has at most 60 letters.' }],
    [{ mode: 'unicast' }, { unicastTo: 'Name the receivers, as in 10.0.0.5, 10.0.0.6.' }],
    [
      { mode: 'unicast', unicastTo: '10.0.0.5, 10.0.0' },
      { unicastTo: '10.0.0: Four numbers from 0 to 255 with dots: 192.168.10.21.' },
    ],
  ])('[UI52] says at the field what to repair: sACN %o', (change, problems) => {
    expect(checkBridgeDraft({ ...draftOfBridge(sacnBridge()), ...change } as never)).toEqual({ problems });
  });

  it('[UI52] counts the letters of a name, not the halves that some are made of', () => {
    const named = (letters: number) => checkBridgeDraft({ ...draftOfBridge(oscBridge()), name: '🎚'.repeat(letters) });
    expect(named(121).problems).toEqual({ name: 'A name has at most 120 letters.' });
    expect(named(120).problems).toEqual({});
  });

  it('[UI52] asks no repair of a side that the direction leaves unused', () => {
    const draft = { ...draftOfBridge(oscBridge({ settings: { direction: 'out' } })), listenPort: 'x', listenHost: '' };
    expect(checkBridgeDraft(draft as never).bridge?.settings).toMatchObject({
      listenPort: 8000,
      listenHost: '0.0.0.0',
    });
  });
});
