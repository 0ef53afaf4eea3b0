import { describe, expect, it } from 'vitest';
import { describeEntry, identityOf, type RendezvousEntry } from '../../../src-main/core/discovery/rendezvous-entry.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { alice, bob, device, from } from './rendezvous-samples.ts';

function entry(owner?: string): RendezvousEntry {
  const times = { registeredAt: micros(1), lastSeen: micros(2) };
  return { id: 'x', identity: 'secret', source: 'secret place', owner, registration: device(), letters: 9, ...times };
}

describe('an entry of the rendezvous server', () => {
  it('[RZ2] [RZ21] shows all but where it came from, and a key that vouches for it where one does', () => {
    expect(JSON.stringify(describeEntry(entry()))).not.toMatch(/secret|publicKey|verified|letters/);
    expect(describeEntry(entry(alice))).toMatchObject({ publicKey: alice, verified: alice, signed: true });
  });

  it('[RZ8] is that of a device that registers again', () => {
    const desk = device('Desk', { endpoints: { ws: 'ws://a', tcp: 'tcp://a' } });
    const turned = device('Desk', { endpoints: { tcp: 'tcp://a', ws: 'ws://a' }, tags: ['x'] });
    const moved = device('Desk', { endpoints: { ws: 'ws://a' } });
    const [here, there] = [from('a'), from('b')];
    const unsigned = [identityOf(moved, here), identityOf(desk, there), identityOf({ ...desk, name: 'x' }, here)];
    expect(identityOf(turned, here)).toBe(identityOf(desk, here));
    expect(unsigned).not.toContain(identityOf(desk, here));
    expect(identityOf(moved, from('b', alice))).toBe(identityOf(desk, from('a', alice)));
    const others = [identityOf(desk, from('a', bob)), identityOf({ ...desk, name: 'x' }, from('a', alice))];
    expect([...others, identityOf(desk, here)]).not.toContain(identityOf(desk, from('a', alice)));
  });
});
