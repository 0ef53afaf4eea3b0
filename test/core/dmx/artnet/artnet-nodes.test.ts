import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import type { ArtPollReply } from '../../../../src-main/core/dmx/artnet/art-poll-reply.ts';
import { ArtnetNodes, lostAfterMicros, nodesMax } from '../../../../src-main/core/dmx/artnet/artnet-nodes.ts';

function reply(universes: readonly number[], bindIndex = 1): ArtPollReply {
  const names = { shortName: 'rack', longName: 'Dimmer rack' };
  return {
    address: '10.0.0.99',
    port: 6454,
    mac: undefined,
    firmware: undefined,
    report: '',
    inputs: [],
    ...names,
    bindIndex,
    universes,
  };
}

describe('ArtnetNodes', () => {
  it('[AN7] knows who puts a port address out, by where the answer came from and each address once', () => {
    const nodes = new ArtnetNodes();
    expect(nodes.heard(reply([1, 2]), '10.0.0.1', micros(0))).toBe(true);
    expect(nodes.heard(reply([2, 5], 2), '10.0.0.1', micros(0))).toBe(true);
    expect(nodes.heard(reply([2]), '10.0.0.2', micros(0))).toBe(true);
    expect(nodes.heard(reply([2]), '10.0.0.2', micros(7))).toBe(false);
    expect([1, 2, 5, 9].map((portAddress) => nodes.subscribersOf(portAddress))).toEqual([
      ['10.0.0.1'],
      ['10.0.0.1', '10.0.0.2'],
      ['10.0.0.1'],
      [],
    ]);
    expect(nodes.heard(reply([7]), '10.0.0.1', micros(9))).toBe(true);
    expect([nodes.subscribersOf(1), nodes.subscribersOf(7)]).toEqual([[], ['10.0.0.1']]);
    expect([nodes.repliedAt('10.0.0.2', 2), nodes.repliedAt('10.0.0.2', 3)]).toEqual([7, undefined]);
    expect(nodes.all[0]).toMatchObject({ name: 'Dimmer rack', address: '10.0.0.1', bindIndex: 1, outputs: [7] });
  });

  it('[AN7] loses who was silent for ten seconds, and nobody else', () => {
    const nodes = new ArtnetNodes();
    nodes.heard(reply([1]), '10.0.0.1', micros(0));
    nodes.heard(reply([1]), '10.0.0.2', micros(1));
    expect(nodes.subscribersOf(1)).toHaveLength(2);
    expect(nodes.look(micros(lostAfterMicros - 1))).toEqual([]);
    expect(nodes.look(micros(lostAfterMicros))).toMatchObject([{ address: '10.0.0.1' }]);
    expect(nodes.subscribersOf(1)).toEqual(['10.0.0.2']);
  });

  it('[AN18] gives those that are there their time again when the network was away', () => {
    const nodes = new ArtnetNodes();
    nodes.heard(reply([1]), '10.0.0.1', micros(0));
    nodes.forgive(micros(60_000_000));
    expect([nodes.look(micros(60_000_001)), nodes.subscribersOf(1)]).toEqual([[], ['10.0.0.1']]);
    expect(nodes.look(micros(70_000_000))).toHaveLength(1);
  });

  it('[AN7] keeps a bounded number of answers; those that it has are renewed', () => {
    const nodes = new ArtnetNodes();
    for (let i = 0; i < nodesMax + 5; i++) nodes.heard(reply([1]), `10.0.${i >> 8}.${i & 255}`, micros(0));
    expect(nodes.all).toHaveLength(nodesMax);
    nodes.heard(reply([3]), '10.0.0.0', micros(5));
    expect(nodes.subscribersOf(3)).toEqual(['10.0.0.0']);
  });
});
