import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { identitiesMax, sourcesMax } from '../../../src-main/core/discovery/found-entry.ts';
import {
  FoundThings,
  holdsMsMax,
  thingsMax,
  thingsPerSenderMax,
} from '../../../src-main/core/discovery/found-things.ts';
import { placeIdentity } from '../../../src-main/core/discovery/sighting.ts';
import { sighting } from './sightings.ts';

const at = millis;
const byBroadcast = {
  way: 'broadcast',
  identities: [placeIdentity('clasp', '10.0.0.7', 7330)],
  name: 'Router',
  features: ['p'],
} as const;

describe('found things', () => {
  it('[DC1] are one with several sources when they are found in several ways', () => {
    const found = new FoundThings();
    found.heard(sighting(byBroadcast), at(1000));
    found.heard(sighting({ features: ['p', 's'] }), at(2000));
    found.heard(sighting({ networkCard: 'wlan0', from: '10.1.0.7', addresses: ['10.1.0.7'] }), at(3000));
    expect(found.all()).toEqual([
      {
        key: 'found-1',
        kind: 'clasp',
        name: 'Desk',
        addresses: ['10.0.0.7', '10.1.0.7'],
        port: 7330,
        url: 'ws://10.0.0.7:7330/clasp',
        features: ['p', 's'],
        universes: [],
        sources: [
          { way: 'mdns', networkCard: 'eth0', from: '10.0.0.7', lastSeen: 2000 },
          { way: 'mdns', networkCard: 'wlan0', from: '10.1.0.7', lastSeen: 3000 },
          { way: 'broadcast', networkCard: 'eth0', from: '10.0.0.7', lastSeen: 1000 },
        ],
        firstSeen: 1000,
        lastSeen: 3000,
        offer: {
          does: 'add-bridge',
          bridge: 'clasp',
          note: 'What is set there appears here under its name, and back.',
        },
      },
    ]);
  });

  it('[DC60] are dialled where the first of equal sources says, whoever else tells of them, and where the next says after its end', () => {
    const found = new FoundThings();
    const other = { from: '10.1.0.7', networkCard: 'wlan0', url: 'ws://10.1.0.7:7330/clasp', holds: at(500_000) };
    const url = () => found.all()[0]?.url;
    found.heard(sighting(), at(0));
    found.heard(sighting(other), at(1));
    found.heard(sighting(), at(2));
    expect(url()).toBe('ws://10.0.0.7:7330/clasp');
    found.heard(sighting(other), at(3));
    expect(url()).toBe('ws://10.0.0.7:7330/clasp');
    found.expire(at(120_002));
    expect(url()).toBe('ws://10.1.0.7:7330/clasp');
  });

  it("[DC60] of others become one at nobody else's word", () => {
    const found = new FoundThings();
    const names = ['a', 'b', 'c'].map((name) => `mdns ${name}`);
    const lies = placeIdentity('clasp', '10.0.0.66', 1);
    const tell = (name: string, i: number, from = `10.0.0.${i + 1}`) =>
      found.heard(sighting({ from, identities: from === '10.0.0.66' ? [name, lies] : [name], name }), at(i));
    const [a = '', b = '', c = ''] = names;
    tell(a, 0);
    tell(b, 1);
    for (const name of [a, b, c]) tell(name, 5, '10.0.0.66');
    found.heard(sighting({ from: '10.0.0.3', identities: [c], name: c }), at(5));
    expect(found.all().map(({ sources }) => sources.map(({ from }) => from))).toEqual([
      ['10.0.0.1', '10.0.0.66'],
      ['10.0.0.2', '10.0.0.66'],
      ['10.0.0.66', '10.0.0.3'],
    ]);
    // What it told itself, and nobody else, may well be one.
    found.heard(sighting({ from: '10.0.0.9', identities: ['mdns desk', 'place 9'] }), at(6));
    found.heard(sighting({ from: '10.0.0.9', identities: ['mdns desk (2)', 'place 9'], name: 'Desk (2)' }), at(7));
    expect(found.all().map(({ name }) => name)).toEqual([a, b, c, 'Desk (2)']);
  });

  it('[DC1] stay two when they share nothing', () => {
    const found = new FoundThings();
    found.heard(sighting(), at(0));
    found.heard(sighting({ identities: ['other'] }), at(0));
    expect(found.size).toBe(2);
  });

  it('[DC1] keep the features told before when a packet leaves them out', () => {
    const found = new FoundThings();
    found.heard(sighting({ features: ['p'] }), at(0));
    found.heard(sighting(), at(1));
    expect(found.all()[0]?.features).toEqual(['p']);
  });

  it('[DC1] put the parts of one source together', () => {
    const found = new FoundThings();
    const source = { kind: 'sacn', way: 'sacn', identities: ['sacn 1'] } as const;
    found.heard(sighting({ ...source, universes: [3, 1], part: '0' }), at(0));
    found.heard(sighting({ ...source, universes: [600, 3], part: '1' }), at(5));
    expect(found.all()).toMatchObject([{ universes: [1, 3, 600], sources: [{ lastSeen: 5 }] }]);
    expect(found.all()[0]?.sources).toHaveLength(1);
  });

  it('[DC5] become one when it turns out that they are, under the key of the one found first', () => {
    const found = new FoundThings();
    found.heard(sighting({ identities: ['a'], name: 'First' }), at(1));
    found.heard(sighting({ identities: ['b'], way: 'broadcast' }), at(2));
    found.takeChanges(10);
    found.heard(sighting({ identities: ['a', 'b'], name: 'Both' }), at(3));
    expect(found.all()).toMatchObject([{ key: 'found-1', firstSeen: 1, name: 'Both' }]);
    expect(found.all()[0]?.sources.map(({ way }) => way)).toEqual(['mdns', 'broadcast']);
    expect(found.takeChanges(10).gone).toEqual(['found-2']);
  });

  it('[DC2] go when the last source that told of them was not heard in time', () => {
    const found = new FoundThings();
    found.heard(sighting(), at(0));
    found.heard(sighting({ ...byBroadcast, holds: at(200_000) }), at(0));
    found.expire(at(119_999));
    expect(found.all()[0]?.sources).toHaveLength(2);
    found.expire(at(120_000));
    expect(found.all()).toMatchObject([{ name: 'Router', sources: [{ way: 'broadcast' }] }]);
    found.expire(at(200_000));
    expect(found.size).toBe(0);
    found.heard(sighting({ holds: at(Number.MAX_SAFE_INTEGER) }), at(0));
    found.expire(holdsMsMax);
    expect(found.size).toBe(0);
  });

  it('[DC3] go with a goodbye of who told of them, and of nobody else', () => {
    const found = new FoundThings();
    const [identity = ''] = sighting().identities;
    found.heard(sighting(), at(0));
    found.goodbye({ identity, way: 'mdns', from: '10.0.0.66' });
    found.goodbye({ identity, way: 'broadcast', from: '10.0.0.7' });
    found.goodbye({ identity: 'mdns other', way: 'mdns', from: '10.0.0.7' });
    expect(found.size).toBe(1);
    found.goodbye({ identity, way: 'mdns', from: '10.0.0.7' });
    expect(found.size).toBe(0);
    found.heard(sighting(), at(1));
    expect(found.all()).toMatchObject([{ key: 'found-2', firstSeen: 1 }]);
  });

  it('[DC9] that are in doubt go unless they are heard again', () => {
    const found = new FoundThings();
    found.heard(sighting(), at(0));
    found.heard(sighting({ way: 'sacn', identities: ['sacn'] }), at(0));
    found.doubt(['mdns', 'broadcast'], at(10_000));
    found.heard(sighting(), at(5000));
    found.expire(at(10_000));
    expect(found.size).toBe(2);
    found.doubt(['mdns'], at(20_000));
    found.expire(at(20_000));
    expect(found.all().map(({ sources }) => sources[0]?.way)).toEqual(['sacn']);
    found.forgetWays(['sacn']);
    expect(found.size).toBe(0);
  });

  it('[DC4] are bounded, and who floods them pushes out its own alone', () => {
    const found = new FoundThings();
    found.heard(sighting(), at(0));
    for (let i = 0; i < 10_000; i++)
      found.heard(sighting({ from: '10.0.0.66', identities: [`flood ${i}`], name: `n${i}` }), at(1));
    expect(found.size).toBe(thingsPerSenderMax + 1);
    for (let i = 0; i < 10_000; i++)
      found.heard(sighting({ from: `10.0.1.${i % 40}`, identities: [`more ${i}`] }), at(2));
    expect(found.size).toBe(thingsMax);
    expect(found.all()[0]).toMatchObject({ name: 'Desk' });
    found.heard(sighting({ from: '10.0.0.8', identities: ['late'], name: 'Late' }), at(3));
    expect(found.size).toBe(thingsMax);
    expect(found.all().at(-1)).toMatchObject({ name: 'Late' });
  });

  it('[DC4] keep few sources, names and addresses of one', () => {
    const found = new FoundThings();
    for (let i = 0; i < 500; i++)
      found.heard(sighting({ from: `10.0.${i % 256}.9`, part: String(i), identities: ['same', `i ${i}`] }), at(i));
    const universes = Array.from({ length: 2000 }, (_, i) => i);
    const addresses = ['127.0.0.1', 'nonsense', ...Array.from({ length: 99 }, (_, i) => `10.0.0.${i + 1}`)];
    found.heard(sighting({ identities: ['same'], universes, addresses, features: Array(99).fill('f') }), at(999));
    const [thing] = found.all();
    expect(thing?.sources.length).toBeLessThanOrEqual(sourcesMax);
    expect([thing?.addresses.length, thing?.universes.length, thing?.features.length]).toEqual([8, 512, 16]);
    expect(thing?.addresses).not.toContain('127.0.0.1');
    for (let i = identitiesMax; i < 500; i++) found.heard(sighting({ identities: [`i ${i}`] }), at(1000));
    expect(found.size).toBeGreaterThan(2);
  });

  it('[DC4] keep few universes of one, however many packets tell of them', () => {
    const found = new FoundThings();
    const universes = Array.from({ length: 512 }, (_, i) => i + 1);
    for (let page = 0; page < 256; page++)
      found.heard(sighting({ kind: 'sacn', identities: ['sacn'], universes, part: String(page) }), at(page));
    found.forgetWays(['broadcast']);
    expect(found.all()[0]?.universes).toHaveLength(512);
    found.expire(at(120_253));
    expect(found.size).toBe(1);
    // Two pages are all that is kept, so they are gone when those two are.
    found.expire(at(120_255));
    expect(found.size).toBe(0);
  });

  it('[DC6] have names that may be shown', () => {
    const found = new FoundThings();
    found.heard(sighting({ name: '\x1b]0;evil\x07' }), at(0));
    found.heard(sighting({ name: '\u202e', identities: ['2'] }), at(0));
    expect(found.all().map(({ name }) => name)).toEqual([']0;evil', 'without a name']);
  });

  it('[DC8] are told when they change, so many at once, and their end only to who knew them', () => {
    const found = new FoundThings();
    for (let i = 0; i < 5; i++) found.heard(sighting({ identities: [`n ${i}`] }), at(0));
    expect(found.takeChanges(3).changed.map(({ key }) => key)).toEqual(['found-1', 'found-2', 'found-3']);
    found.forgetWays(['mdns']);
    expect(found.hasChanges).toBe(true);
    expect(found.takeChanges(2)).toEqual({ changed: [], gone: ['found-1', 'found-2'] });
    expect(found.takeChanges(9)).toEqual({ changed: [], gone: ['found-3'] });
    expect(found.hasChanges).toBe(false);
    found.heard(sighting(), at(1));
    found.all();
    found.forgetWays(['mdns']);
    expect(found.takeChanges(9).gone).toEqual(['found-6']);
  });
});
