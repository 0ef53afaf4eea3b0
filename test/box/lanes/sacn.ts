import { createSocket } from 'node:dgram';
import { Packet } from 'sacn';
import { freeUdpPort } from '../../integration/free-udp-port.ts';
import type { LanePlan } from '../lane.ts';
import { levelOf, Tally } from '../tally.ts';
import { UdpPeer } from '../udp-peer.ts';

const universes = [1, 2, 3, 4, 5, 6, 7, 8];

/** Eight universes to a receiver, with 128 slots that change 30 times a second, by the npm package sacn. */
export async function planSacnOut(): Promise<LanePlan> {
  const port = await freeUdpPort();
  const span = { first: universes[0], last: universes.at(-1), priority: 100 };
  const settings = {
    ...{ universes: [span], mode: 'unicast', unicastTo: ['127.0.0.2'], networkCard: 'lo', watch: false, port },
    ...{ prefix: '/lights', cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab', floats: 'level' },
  };
  return {
    id: 'lights',
    bridge: { kind: 'sacn', settings },
    begin: async ({ client, onEnd }) => {
      const tallies = universes.map((universe) => new Tally(`sACN, out, universe ${universe}`, 'flow'));
      const receiver = new UdpPeer(port, (bytes) => {
        const { universe, payloadAsBuffer } = new Packet(bytes);
        const level = payloadAsBuffer?.[0];
        if (level !== undefined) tallies[universe - 1]?.came(level);
      });
      await receiver.open();
      onEnd(() => receiver.close());
      return {
        tallies,
        perSecond: 30,
        turn: (n) => {
          const levels = Array.from({ length: 128 }, (_, slot) => levelOf(n + slot));
          for (const [i, universe] of universes.entries()) {
            tallies[i]?.sent(levelOf(n));
            client.set(`/lights/${universe}/1`, levels);
          }
        },
        unplug: () => receiver.close(),
        plug: () => receiver.open(),
        isDeaf: true,
      };
    },
  };
}

/** A console of four universes at 44 Hz that is switched off and on again, by the npm package sacn. */
export async function planSacnIn(): Promise<LanePlan> {
  const port = await freeUdpPort();
  const settings = {
    ...{ receive: [{ first: 101, last: 104 }], networkCard: 'lo', watch: false, port, settleMs: 0 },
    ...{ prefix: '/console', cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ac' },
  };
  return {
    id: 'console',
    bridge: { kind: 'sacn', settings },
    begin: ({ hear, onEnd }) => {
      const tallies = [101, 102, 103, 104].map((universe) => new Tally(`sACN, in, universe ${universe}`, 'flow'));
      for (const [i, tally] of tallies.entries()) hear(`/console/${101 + i}/1`, (n) => tally.came(n));
      let socket = createSocket('udp4');
      onEnd(() => socket.close());
      let isOn = true;
      return Promise.resolve({
        tallies,
        perSecond: 44,
        turn: (n) => {
          for (const [i, tally] of tallies.entries()) {
            if (!isOn) return;
            tally.sent(levelOf(n));
            socket.send(packetOf(101 + i, n), port, '127.0.0.1');
          }
        },
        unplug: () => Promise.resolve(void (isOn = false)),
        plug: () => {
          // Its port is another one, as that of a console that was switched off.
          socket.close();
          socket = createSocket('udp4');
          isOn = true;
          return Promise.resolve();
        },
        isDeaf: true,
      });
    },
  };
}

function packetOf(universe: number, n: number): Buffer {
  const cid = Buffer.from('0b8e7c1a52f34c0e9d5e6f1f4f3a9b21', 'hex');
  const payload = { 1: levelOf(n), 2: 7 };
  return new Packet({ universe, payload, sequence: n % 256, useRawDmxValues: true, sourceName: 'Console', cid }).buffer;
}
