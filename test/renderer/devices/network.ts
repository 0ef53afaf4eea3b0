import type { FoundThing } from '../../../src-main/contract/discovery.ts';
import type { DoorStatus } from '../../../src-main/contract/door.ts';
import { millis } from '../../../src-main/contract/units.ts';

/** A way in that is open for this machine. */
export function doorStatus(more: Partial<DoorStatus> = {}): DoorStatus {
  return {
    id: 'desk',
    settings: { kind: 'tcp', port: 7332, host: '127.0.0.1' },
    enabled: true,
    isGiven: false,
    isForAnyone: false,
    isAnyoneChosen: false,
    state: 'open',
    url: 'tcp://127.0.0.1:7332',
    reason: 'Clients can come in.',
    connections: 0,
    acceptedTotal: 0,
    refusedTotal: 0,
    ...more,
  };
}

/** An OSC program that mDNS tells of. */
export function foundThing(more: Partial<FoundThing> = {}): FoundThing {
  const lastSeen = millis(1_795_295_640_000);
  return {
    key: 'nomad',
    kind: 'osc',
    name: 'ETC Nomad',
    addresses: ['192.168.10.33'],
    port: 8000,
    url: null,
    features: [],
    universes: [],
    sources: [{ way: 'mdns', networkCard: 'eth0', from: '192.168.10.33', lastSeen }],
    firstSeen: millis(1_795_295_000_000),
    lastSeen,
    offer: { does: 'add-bridge', bridge: 'osc', note: null },
    ...more,
  };
}

/** One way in of each state. */
export function sampleDoors(): DoorStatus[] {
  const off = { enabled: false, state: 'off', url: '', reason: 'Switched off.' } as const;
  return [
    doorStatus({ id: 'websocket', settings: null, isGiven: true, url: 'ws://127.0.0.1:7330/clasp', connections: 3 }),
    doorStatus({
      ...{ id: 'given-0', isGiven: true, settings: { kind: 'quic', port: 7443 }, url: 'quic://127.0.0.1:7443' },
      ...{ connections: 2, acceptedTotal: 1204, refusedTotal: 17 },
    }),
    doorStatus({
      ...{ id: 'all', settings: { kind: 'tcp', port: 7332, host: '0.0.0.0' }, url: 'tcp://0.0.0.0:7332' },
      ...{ isForAnyone: true, isAnyoneChosen: true, connections: 1, acceptedTotal: 4 },
    }),
    doorStatus({
      ...{ id: 'lamps', settings: { kind: 'serial', device: '/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0' } },
      ...{ state: 'waiting', url: '', reason: 'Nothing is plugged in there yet.' },
    }),
    doorStatus({
      ...{ id: 'udp', settings: { kind: 'udp', port: 7334, host: '192.168.10.5' }, state: 'broken', url: '' },
      reason: 'Port 7334 on 192.168.10.5 is in use by another program. Flyrail keeps trying.',
    }),
    doorStatus({
      id: 'ble',
      settings: { kind: 'ble', role: 'central' },
      state: 'opening',
      url: '',
      reason: 'Opening it.',
    }),
    doorStatus({ id: 'tls', settings: { kind: 'wss', port: 7444, host: '0.0.0.0' }, ...off }),
  ];
}

/** One thing of each kind. */
export function sampleThings(): FoundThing[] {
  const seen = (way: FoundThing['sources'][number]['way'], networkCard = 'eth0') => ({
    ...{ way, networkCard, from: '192.168.10.7', lastSeen: millis(1_795_295_640_000) },
  });
  return [
    foundThing(),
    foundThing({
      ...{
        key: 'lx',
        kind: 'sacn',
        name: 'house-lx',
        addresses: ['192.168.10.5'],
        port: null,
        universes: [1, 2, 3, 7],
      },
      ...{ sources: [seen('sacn')], lastSeen: millis(1_795_295_646_800) },
      offer: {
        ...{ does: 'add-bridge', bridge: 'sacn' },
        note: 'What it sends appears under an address of its own.',
      },
    }),
    foundThing({
      ...{ key: 'web', kind: 'http', name: 'truss node', url: 'http://192.168.10.60:8080/setup' },
      offer: { does: 'open' },
    }),
    foundThing({
      ...{ key: 'clasp', kind: 'clasp', name: 'Flyrail on monitor-desk', url: 'ws://192.168.10.7:7330/clasp' },
      sources: [seen('mdns'), seen('mdns', 'eth1'), seen('broadcast')],
      offer: { does: 'nothing', why: 'There is no link to other CLASP routers yet.' },
    }),
    foundThing({
      ...{ key: 'node', kind: 'artnet', name: 'ODE Mk3', port: null, universes: [0, 1], sources: [seen('artpoll')] },
      offer: { does: 'nothing', why: 'It puts out no port address now.' },
    }),
  ];
}
