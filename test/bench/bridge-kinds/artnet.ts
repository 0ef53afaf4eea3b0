import { openLevelFrames } from './level-frames.ts';
import type { OverheadKind } from './overhead-kind.ts';

const port = 27_113;
/** [Art-Net 4] ArtDmx */
const opDmx = 0x5000;
const headBytes = 18;

export const artnet: OverheadKind = {
  kind: 'artnet',
  bridge: {
    kind: 'artnet',
    settings: {
      universes: [{ first: 1, last: 1 }],
      receive: [{ first: 2, last: 2 }],
      ...{ send: 'hosts', hosts: ['127.0.0.2'], networkCard: 'lo', port, prefix: '/artnet', floats: 'level' },
    },
  },
  addresses: { in: '/artnet/2/1', out: '/artnet/1/1' },
  perSecond: 40,
  isLevel: true,
  peer: 'node-artnet',
  open: (peerPort) =>
    openLevelFrames(
      {
        port,
        write: (level, count) => {
          const packet = Buffer.alloc(headBytes + 512);
          packet.write('Art-Net\0', 'latin1');
          packet.writeUInt16LE(opDmx, 8);
          packet.writeUInt16BE(14, 10);
          packet.writeUInt8(1 + (count % 255), 12);
          packet.writeUInt16LE(2, 14);
          packet.writeUInt16BE(512, 16);
          packet.writeUInt8(level, headBytes);
          return packet;
        },
        read: (packet) => (packet.readUInt16LE(8) === opDmx ? packet[headBytes] : undefined),
      },
      peerPort,
    ),
};
