import { freeUdpPort } from '../../integration/free-udp-port.ts';
import type { LanePlan } from '../lane.ts';
import { levelOf, Tally } from '../tally.ts';
import { UdpPeer } from '../udp-peer.ts';

/** [Art-Net 4] ArtDmx: from slot 1 on, behind a head of 18 bytes. */
const opDmx = 0x5000;
const headBytes = 18;
const [sent, received] = [3, 20];

/** A node that puts one port address out, and sends another at 40 Hz. npm's dmxnet takes the port of the standard on every
 *  address; this one is written from the standard on an address of its own, and the real one is in `artnet-peers.test.ts`. */
export async function planArtnet(): Promise<LanePlan> {
  const port = await freeUdpPort();
  const universes = [{ first: sent, last: sent }];
  const receive = [{ first: received, last: received }];
  const settings = {
    ...{ universes, receive, send: 'hosts', hosts: ['127.0.0.2'], networkCard: 'lo', port },
    ...{ prefix: '/node', floats: 'level' },
  };
  return {
    id: 'node',
    bridge: { kind: 'artnet', settings },
    begin: async ({ client, hear, onEnd }) => {
      const [into, out] = [new Tally('Art-Net, in', 'flow'), new Tally('Art-Net, out', 'flow')];
      const node = new UdpPeer(port, (bytes) => {
        if (bytes.readUInt16LE(8) !== opDmx || bytes.readUInt16LE(14) !== sent) return;
        out.came(bytes.readUInt8(headBytes));
      });
      await node.open();
      onEnd(() => node.close());
      hear(`/node/${received}/1`, (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 40,
        turn: (n) => {
          if (node.send(dmxPacket(n))) into.sent(levelOf(n));
          out.sent(levelOf(n));
          client.set(`/node/${sent}/1`, levelOf(n));
        },
        unplug: () => node.close(),
        plug: () => node.open(),
        isDeaf: true,
      };
    },
  };
}

function dmxPacket(n: number): Buffer {
  const packet = Buffer.alloc(headBytes + 512);
  packet.write('Art-Net\0', 'latin1');
  packet.writeUInt16LE(opDmx, 8);
  packet.writeUInt16BE(14, 10);
  packet.writeUInt8(1 + (n % 255), 12);
  packet.writeUInt16LE(received, 14);
  packet.writeUInt16BE(512, 16);
  packet.writeUInt8(levelOf(n), headBytes);
  return packet;
}
