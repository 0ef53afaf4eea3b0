import { describe, expect, it } from 'vitest';
import { bridgeSchema } from '../../../src-main/contract/bridges/bridge.ts';
import { bridgeKinds } from '../bridge-kinds/catalogue.ts';
import { targets } from '../targets/catalogue.ts';
import { scenarioNamed, scenarios } from './catalogue.ts';

describe('the scenarios of the bench', () => {
  it.each<readonly [what: string, name: string, wanted: readonly (string | number)[]]>([
    ['A, one hop from end to end', 'single-hop', [1000, 10_000]],
    ['B, fan-out', 'fan-out', [1, 10, 50, 100, 500, 1000]],
    ['C, the address table', 'address-table', [100, 1000, 10_000]],
    ['D, exact addresses and wildcards', 'patterns', ['exact', '*', '**']],
    ['E, features', 'features', ['SET', 'event', 'stream', 'gesture move']],
    ['F, bridges', 'bridges', []],
    ['F, what each kind of bridge adds', 'bridge-overhead', ['osc', 'serial', 'http-webhook', 'clasp', 'in', 'out']],
    ['late joiners by the hundred, and while values change', 'late-joiner', [1, 100]],
    ['a cascade at one instant', 'scheduled-cascade', []],
    ['bundles on time, alone and under load', 'bundle-punctuality', ['1000 at one instant', 0, 10_000]],
    ['slow readers', 'slow-readers', []],
    ['the accuracy of clocks', 'clock-accuracy', []],
    ['a hundred different peers', 'mixed-peers', []],
    ['access control, rate limits and TLS, each beside none', 'toggles', ['stream to 100', 'SET with ACK']],
    ['every transport beside WebSocket', 'transports', ['ws', 'tcp', 'udp', 'wss', 'tls', 'quic']],
    ['a storm of connections', 'connect-storm', [1000]],
    ['memory', 'memory', []],
    ['memory with churn', 'soak', []],
  ])('[BN13] have %s', (_what, name, wanted) => {
    const { cases, measure } = scenarioNamed(name);
    expect(scenarios.map((each) => each.measure)).toContain(measure);
    expect(cases.flatMap((one) => Object.values(one))).toEqual(expect.arrayContaining([...wanted]));
  });

  it('[BN37] measure every kind of bridge that a show can have, both ways where it has both', () => {
    const kinds = bridgeSchema.options.map(({ shape }) => shape.kind.value);
    const waysOf = (kind: string): readonly string[] =>
      bridgeKinds.filter(({ bridge }) => bridge.kind === kind).flatMap(({ addresses }) => Object.keys(addresses));
    for (const kind of kinds) expect([kind, ...waysOf(kind)].toSorted()).toEqual([kind, 'in', 'out'].toSorted());
  });

  it('[BN41] say what is not measured where a stand-in takes the place of a device', () => {
    const { notes = [] } = scenarioNamed('bridge-overhead');
    for (const kind of ['midi', 'ltc', 'hid'])
      expect(notes.filter((note) => note.startsWith(kind) && note.includes('not measured'))).not.toEqual([]);
  });

  it.each(bridgeKinds)(
    '[BN37] have a show with $kind in it, and the plain program beside it',
    ({ bridge, peer, addresses }) => {
      const { settings } = bridgeSchema.parse({ id: 'b1', number: 1, name: 'bench', ...bridge });
      const prefix = 'prefix' in settings ? settings.prefix : '';
      for (const address of Object.values(addresses)) expect(address.startsWith(`${prefix}/`)).toBe(true);
      expect([...targets.map(({ name }) => name), undefined]).toContain(peer);
    },
  );

  it('[BN38] show how late the load was, and what arrived, beside what bridges add', () => {
    const { shows } = scenarioNamed('bridge-overhead');
    expect(shows).toEqual(expect.arrayContaining(['p50Micros', 'sendsLateP99Micros', 'arrivedShare']));
  });
});
