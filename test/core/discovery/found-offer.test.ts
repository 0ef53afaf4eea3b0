import { describe, expect, it } from 'vitest';
import { bridgeSchema, type Bridge } from '../../../src-main/contract/show.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { FoundThings } from '../../../src-main/core/discovery/found-things.ts';
import { bridgeFor, offerFor } from '../../../src-main/core/discovery/found-offer.ts';
import type { Sighting } from '../../../src-main/core/discovery/sighting.ts';
import { sighting } from './sightings.ts';

const ids = () => '00000000-0000-4000-8000-000000000001';

function thing(change: Partial<Sighting>) {
  const found = new FoundThings();
  found.heard(sighting(change), millis(0));
  const [only] = found.all();
  if (!only) throw new Error('nothing found');
  return only;
}

describe('what a found thing offers', () => {
  it('[DC30] is a bridge for OSC, sACN, Art-Net, MQTT and CLASP, and a page for HTTP', () => {
    expect(thing({ kind: 'osc' }).offer).toEqual({ does: 'add-bridge', bridge: 'osc', note: null });
    expect(thing({ kind: 'sacn', universes: [1] }).offer).toMatchObject({ does: 'add-bridge', bridge: 'sacn' });
    expect(thing({ kind: 'http', url: 'http://10.0.0.7/' }).offer).toEqual({ does: 'open' });
    expect(thing({ kind: 'clasp', url: 'ws://10.0.0.7:7330/clasp' }).offer).toMatchObject({ bridge: 'clasp' });
    expect(thing({ kind: 'artnet', universes: [0] }).offer).toMatchObject({ does: 'add-bridge', bridge: 'artnet' });
    expect(thing({ kind: 'mqtt', url: 'mqtt://10.0.0.7:1883' }).offer).toMatchObject({ bridge: 'mqtt' });
  });

  it('[DC30] is nothing where it does not say enough', () => {
    const osc = thing({ kind: 'osc' });
    expect(offerFor({ ...osc, addresses: [] }).does).toBe('nothing');
    expect(offerFor({ ...osc, port: null }).does).toBe('nothing');
    expect(thing({ kind: 'sacn', universes: [] }).offer.does).toBe('nothing');
    expect(thing({ kind: 'artnet', universes: [] }).offer.does).toBe('nothing');
    expect(thing({ kind: 'clasp', url: null }).offer.does).toBe('nothing');
    expect(thing({ kind: 'mqtt', url: null }).offer.does).toBe('nothing');
    expect(thing({ kind: 'http', url: null }).offer.does).toBe('nothing');
  });

  it('[DC31] becomes an OSC bridge to where the thing is, beside those there are', () => {
    const desk = thing({ kind: 'osc', port: 9001, name: 'Desk' });
    const first = bridgeFor(desk, [], ids);
    expect(bridgeSchema.parse(first)).toMatchObject({
      number: 1,
      name: 'Desk',
      enabled: true,
      settings: { direction: 'both', targets: [{ host: '10.0.0.7', port: 9001 }], listenPort: 8000, prefix: '/osc' },
    });
    const second = bridgeFor(desk, [first as Bridge], ids);
    expect(bridgeSchema.parse(second)).toMatchObject({
      number: 2,
      name: 'Desk-2',
      settings: { listenPort: 8001, prefix: '/osc-2' },
    });
  });

  it('[DC31] becomes a link to a CLASP router under its name, made unique', () => {
    const router = thing({ kind: 'clasp', name: ' FOH Röck / 2 ', url: 'ws://10.0.0.7:7330/clasp' });
    const first = bridgeSchema.parse(bridgeFor(router, [], ids));
    expect(first).toMatchObject({
      kind: 'clasp',
      enabled: true,
      settings: { url: 'ws://10.0.0.7:7330/clasp', prefix: '/foh-r-ck-2', direction: 'both', take: ['/**'] },
    });
    const second = bridgeSchema.parse(bridgeFor(router, [first], ids));
    expect(second.settings.prefix).toBe('/foh-r-ck-2-2');
    const nameless = thing({ kind: 'clasp', name: '※', url: 'ws://10.0.0.8:7330/clasp' });
    expect(bridgeSchema.parse(bridgeFor(nameless, [], ids)).settings.prefix).toBe('/router');
  });

  it('[DC31] becomes an sACN input of the same universes, under a prefix of its own', () => {
    const source = thing({ kind: 'sacn', universes: [1, 2, 3, 7, 63_999] });
    const bridge = bridgeSchema.parse(bridgeFor(source, [], ids));
    expect(bridge).toMatchObject({
      kind: 'sacn',
      enabled: true,
      settings: {
        universes: [],
        receive: [
          { first: 1, last: 3 },
          { first: 7, last: 7 },
          { first: 63_999, last: 63_999 },
        ],
        prefix: '/sacn',
      },
    });
    expect(bridgeSchema.parse(bridgeFor(source, [bridge], ids)).settings.prefix).toBe('/sacn-2');
    const scattered = thing({ kind: 'sacn', universes: Array.from({ length: 300 }, (_, i) => i * 2 + 1) });
    expect(bridgeSchema.parse(bridgeFor(scattered, [], ids)).settings).toMatchObject({ receive: { length: 64 } });
  });

  it('[DC31] becomes an Art-Net bridge that sends to the node what it puts out', () => {
    const node = thing({ kind: 'artnet', name: 'Rack left', universes: [0, 1, 2, 303, 32_767] });
    const bridge = bridgeSchema.parse(bridgeFor(node, [], ids));
    expect(bridge).toMatchObject({
      ...{ kind: 'artnet', name: 'Rack left', enabled: true },
      settings: {
        universes: [
          { first: 0, last: 2 },
          { first: 303, last: 303 },
          { first: 32_767, last: 32_767 },
        ],
        ...{ send: 'subscribers', prefix: '/artnet' },
      },
    });
  });

  it('[DC31] becomes a client of an MQTT broker for all its topics, under a prefix of its own', () => {
    const broker = thing({ kind: 'mqtt', name: 'hall', url: 'mqtt://[fe80::7]:1883' });
    const first = bridgeSchema.parse(bridgeFor(broker, [], ids));
    expect(first).toMatchObject({
      ...{ kind: 'mqtt', name: 'hall', enabled: true },
      settings: { url: 'mqtt://[fe80::7]:1883', prefix: '/mqtt', direction: 'both', subscriptions: [{ topic: '#' }] },
    });
    expect(bridgeSchema.parse(bridgeFor(broker, [first], ids)).settings.prefix).toBe('/mqtt-2');
  });

  it('[DC31] becomes no bridge where none is offered', () => {
    expect(bridgeFor(thing({ kind: 'http' }), [], ids)).toBeUndefined();
  });
});
