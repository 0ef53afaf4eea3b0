import { describe, expect, it } from 'vitest';
import type { ArtnetBridge, Bridge, SacnBridge } from '../../src-main/contract/show.ts';
import { describeUniverseLoop, findUniverseLoops } from '../../src-main/contract/universe-loops.ts';
import { artnetSettings, dmxUsbSettings, sacnSettings } from '../bridges/bridge-settings.ts';

const span = (first: number, last: number) => [{ first, last, priority: 100 }];
type Sacn = Partial<SacnBridge['settings']>;
const out = (some: Sacn = {}): SacnBridge => ({
  ...sacnSettings({ universes: span(1, 4), networkCard: '', ...some }),
  id: 'out',
  name: 'Stage',
});
const back = (some: Sacn = {}): SacnBridge => {
  const receive = [
    { first: 2, last: 2 },
    { first: 4, last: 9 },
  ];
  const cid = '5e1f2f9a-7f4e-4f0b-9d55-0123456789ac';
  return { ...sacnSettings({ universes: [], receive, networkCard: '', cid, ...some }), id: 'back', name: 'Desk' };
};
const ports = (id: string, some: Partial<ArtnetBridge['settings']>): ArtnetBridge => ({ ...artnetSettings(some), id });
const words = (...bridges: Bridge[]): string[] => findUniverseLoops(bridges).map(describeUniverseLoop);

describe('findUniverseLoops', () => {
  it('[SU54] names the later of a bridge that sends and one that receives it under one prefix, either way', () => {
    expect(findUniverseLoops([out(), back()])).toEqual([
      {
        ...{ bridgeId: 'back', otherId: 'out', otherName: 'Stage', other: 'sends', kind: 'sacn', prefix: '/sacn' },
        universes: [
          [2, 2],
          [4, 4],
        ],
      },
    ]);
    expect(words(out(), back())).toEqual([
      'Stage sends universes 2, 4 under /sacn too: what comes in goes out and comes in again, and no level gets down. ' +
        'Give one of them another prefix.',
    ]);
    expect(words(back(), out({ universes: span(9, 12) }))).toEqual([
      'Desk receives universe 9 under /sacn too: what comes in goes out and comes in again, and no level gets down. ' +
        'Give one of them another prefix.',
    ]);
  });

  it('[SU54] says of Art-Net that nodes get twice what comes in', () => {
    const sender = ports('a', { universes: [{ first: 0, last: 3 }], prefix: '/artnet/' });
    expect(words(sender, ports('b', { universes: [], receive: [{ first: 3, last: 3 }] }))).toEqual([
      'Dimmers sends port address 3 under /artnet too: what comes in goes out again, and nodes get it twice. ' +
        'Give one of them another prefix.',
    ]);
  });

  it('[SU54] knows what is sent to a host of this machine', () => {
    const unicast = (host: string) => out({ mode: 'unicast', unicastTo: ['10.0.0.9', host], networkCard: 'eth0' });
    expect(findUniverseLoops([unicast('127.0.0.1'), back({ networkCard: 'eth1' })])).toHaveLength(1);
    expect(findUniverseLoops([unicast('10.0.0.5'), back()], ['10.0.0.5'])).toHaveLength(1);
    expect(findUniverseLoops([unicast('10.0.0.5'), back()], ['10.0.0.6'])).toEqual([]);
  });

  it.each([
    ['one is off', out(), { ...back(), enabled: false }],
    ['prefixes differ', out(), back({ prefix: '/in' })],
    ['universes differ', out({ universes: span(10, 20) }), back()],
    ['ports differ', out({ port: 5569 }), back()],
    ['cards differ', out({ networkCard: 'eth0' }), back({ networkCard: 'eth1' })],
    ['a preview is passed over', out({ preview: true }), back()],
    ['one takes the other for itself', out(), back({ cid: out().settings.cid.toUpperCase() })],
    ['it is sent elsewhere', out({ mode: 'unicast', unicastTo: ['10.0.0.5'] }), back()],
    ['kinds differ', ports('a', { universes: span(1, 4).map(({ first, last }) => ({ first, last })) }), back()],
    ['they are lines', dmxUsbSettings(), { ...dmxUsbSettings({ direction: 'in' }), id: 'dmx2' }],
  ])('[SU55] finds nothing where %s', (_, one, other) => {
    const prefix = one.kind === other.kind ? other.settings.prefix : one.settings.prefix;
    const same = { ...other, settings: { ...other.settings, prefix } } as Bridge;
    expect(findUniverseLoops([one, same])).toEqual([]);
    expect(findUniverseLoops([same, one])).toEqual([]);
  });
});
