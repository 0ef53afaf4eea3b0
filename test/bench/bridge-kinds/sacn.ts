import { Packet } from 'sacn';
import { openLevelFrames } from './level-frames.ts';
import type { OverheadKind } from './overhead-kind.ts';

const port = 27_112;
const cid = Buffer.from('0b8e7c1a52f34c0e9d5e6f1f4f3a9b21', 'hex');
/** [E1.31 4.1] of the first slot in a data packet */
const slotOffset = 126;

export const sacn: OverheadKind = {
  kind: 'sacn',
  bridge: {
    kind: 'sacn',
    settings: {
      universes: [{ first: 1, last: 1, priority: 100 }],
      receive: [{ first: 2, last: 2 }],
      ...{ mode: 'unicast', unicastTo: ['127.0.0.2'], networkCard: 'lo', watch: false, port, settleMs: 0 },
      ...{ prefix: '/sacn', floats: 'level', cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab' },
    },
  },
  addresses: { in: '/sacn/2/1', out: '/sacn/1/1' },
  perSecond: 40,
  isLevel: true,
  peer: 'node-sacn',
  open: (peerPort) =>
    openLevelFrames(
      {
        port,
        write: (level, count) => {
          const payload = { 1: level, 512: 1 };
          const head = { universe: 2, sequence: count % 256, useRawDmxValues: true, sourceName: 'Bench', cid };
          return new Packet({ ...head, payload }).buffer;
        },
        read: (packet) => (packet.length > slotOffset ? packet[slotOffset] : undefined),
      },
      peerPort,
    ),
};
