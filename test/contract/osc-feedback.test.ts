import { describe, expect, it } from 'vitest';
import { describeFeedback, findOscFeedback } from '../../src-main/contract/osc-feedback.ts';
import type { OscSettings } from '../../src-main/contract/bridges/osc.ts';
import type { OscBridge } from '../../src-main/contract/show.ts';
import { sampleOsc, sampleSacn } from '../engine/bridge-samples.ts';

const own = ['10.0.0.5', 'fd00::5'];
const phone = (listenHost: string): OscBridge => sampleOsc('phone', { direction: 'in', listenHost, listenPort: 9000 });
const desk = (remoteHost: string): OscBridge =>
  sampleOsc('desk', { direction: 'out', targets: [{ host: remoteHost, port: 9000 }] });
const to = (...ports: number[]) => ports.map((port) => ({ host: '127.0.0.1', port }));
const isHeard = (remoteHost: string, listenHost: string): boolean =>
  findOscFeedback([desk(remoteHost), phone(listenHost)], own).length > 0;

describe('findOscFeedback', () => {
  it('[SU33] names the bridge that sends and the one that hears it, both ways and in a circle of one', () => {
    const bridges = [
      sampleOsc('a', { listenPort: 8000, targets: to(8001) }),
      sampleOsc('b', { listenPort: 8001, targets: to(8000) }),
      sampleOsc('c', { listenPort: 8002, targets: to(8002) }),
      sampleSacn('d'),
    ];
    const found = findOscFeedback(bridges, own);
    expect(found.map(({ bridgeId, heardById }) => [bridgeId, heardById])).toEqual([
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'c'],
    ]);
    expect(found.map(describeFeedback)).toEqual([
      'Sends to b, a bridge of this show: signals could go round.',
      'Sends to a, a bridge of this show: signals could go round.',
      'Sends to the port it listens on: signals could go round.',
    ]);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '0.0.0.0'],
    ['127.9.9.9', '0.0.0.0'],
    ['LocalHost', '127.0.0.1'],
    ['localhost', '::1'],
    ['127.0.0.1', 'localhost'],
    ['0.0.0.0', 'localhost'],
    ['10.0.0.5', '0.0.0.0'],
    ['10.0.0.5', '10.0.0.5'],
    ['10.0.0.5', '::'],
    ['fd00::5', '::'],
    ['::1', '::'],
  ])('[SU33] knows that what is sent to %s is heard at %s', (remoteHost, listenHost) => {
    expect(isHeard(remoteHost, listenHost)).toBe(true);
  });

  it.each([
    ['10.0.0.6', '0.0.0.0'],
    ['10.0.0.5', '127.0.0.1'],
    ['127.0.0.1', '10.0.0.5'],
    ['127.0.0.2', '127.0.0.1'],
    ['fd00::5', '0.0.0.0'],
    ['127.example', '0.0.0.0'],
  ])('[SU34] knows that what is sent to %s is not heard at %s', (remoteHost, listenHost) => {
    expect(isHeard(remoteHost, listenHost)).toBe(false);
  });

  it('[SU33] looks at every target, at TCP as it is connected, and at what goes to everyone or to a group', () => {
    const both = [{ host: '10.0.0.9', port: 9000 }, ...to(9000)];
    const find = (sender: Partial<OscSettings>, hearer: Partial<OscSettings>): number =>
      findOscFeedback(
        [
          sampleOsc('desk', { direction: 'out', targets: both, ...sender }),
          sampleOsc('phone', { direction: 'in', listenHost: '0.0.0.0', listenPort: 9000, ...hearer }),
        ],
        own,
      ).length;
    const everyone = [{ host: '255.255.255.255', port: 9000 }];
    const group = [{ host: '239.1.2.3', port: 9000 }];
    expect(find({}, {})).toBe(1);
    expect(find({ transport: 'tcp' }, { transport: 'tcp' })).toBe(1);
    expect(find({ targets: everyone }, {})).toBe(1);
    expect(find({ targets: group }, { groups: ['239.1.2.3'] })).toBe(1);
    expect(find({ transport: 'tcp' }, {})).toBe(0);
    expect(find({ transport: 'tcp', role: 'listen' }, { transport: 'tcp' })).toBe(0);
    expect(find({ transport: 'tcp' }, { transport: 'tcp', role: 'connect' })).toBe(0);
    expect(find({ targets: everyone }, { listenHost: '127.0.0.1' })).toBe(0);
    expect(find({ targets: group }, {})).toBe(0);
    expect(find({}, { networkCard: 'eth1' })).toBe(0);
    // Its own voice it knows.
    const alone = sampleOsc('alone', { listenHost: '0.0.0.0', listenPort: 9000, targets: everyone });
    expect(findOscFeedback([alone], own)).toEqual([]);
  });

  it('[SU34] leaves out other ports, bridges that are off, and those that do not both send and listen', () => {
    const hears = phone('0.0.0.0');
    const sends = desk('127.0.0.1');
    const cases = [
      [sends, { ...hears, settings: { ...hears.settings, listenPort: 9001 } }],
      [sends, { ...hears, enabled: false }],
      [{ ...sends, enabled: false }, hears],
      [sends, { ...hears, settings: { ...hears.settings, direction: 'out' as const, targets: to(1) } }],
      [{ ...sends, settings: { ...sends.settings, direction: 'in' as const, listenPort: 1 } }, hears],
    ];
    expect(cases.map((bridges) => findOscFeedback(bridges, own))).toEqual(cases.map(() => []));
    expect(findOscFeedback([sends, hears], own)).toHaveLength(1);
  });
});
