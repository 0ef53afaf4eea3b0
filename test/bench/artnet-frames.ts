import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { ArtnetBridge } from '../../src-main/bridges/artnet/artnet-bridge.ts';
import { artnetBridgeSchema } from '../../src-main/contract/bridges/artnet.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import type { Signal, Value } from '../../src-main/contract/signal.ts';
import { readArtDmx } from '../../src-main/core/dmx/artnet/art-dmx.ts';
import { createArtnetPorts } from '../../src-main/engine/create-artnet-ports.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { silentLog } from '../silent-log.ts';

/** 64 port addresses at 44 Hz on loopback, every slot of each changing: what leaves, how even its gaps are, and what it costs;
 *  and the same back into an input, by whole frames: `node test/bench/artnet-frames.ts [seconds]` */
const count = 64;
const seconds = Number(process.argv[2] ?? 10);
const clock = createSystemClock();
const artnetPorts = createArtnetPorts({ clock, random: createSystemRandom() });
const port = 26_454;

const peer = createSocket({ type: 'udp4', reuseAddr: true, recvBufferSize: 4_000_000 }).bind({
  address: '127.0.0.2',
  port,
});
await once(peer, 'listening');
const arrivals = Array.from({ length: count }, (): number[] => []);
peer.on('message', (bytes) => arrivals[readArtDmx(bytes)?.portAddress ?? 0]?.push(performance.now()));

let published = 0;
const sender = await open({ universes: [{ first: 0, last: count - 1 }], send: 'hosts', hosts: ['127.0.0.2'], port });
const receiver = await open({ receive: [{ first: 100, last: 99 + count }], publish: 'frames', port });

const sent = await measure('send', () => {
  for (const [portAddress, value] of frames()) sender.apply([frameOf(portAddress, value)]);
});
const gaps = arrivals.flatMap((times) => times.slice(1).map((time, i) => time - (times[i] ?? 0))).sort((a, b) => a - b);
const at = (share: number): string => (gaps[Math.floor((gaps.length - 1) * share)] ?? 0).toFixed(2);
const arrived = arrivals.reduce((sum, times) => sum + times.length, 0);
console.log(
  `sent ${sender.status().outTotal}, arrived ${arrived}, ${(arrived / count / seconds).toFixed(1)} Hz each, ${sent}`,
);
console.log(`gap in ms: p1 ${at(0.01)}, p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}; 22.73 is 44 Hz`);

const packet = Buffer.alloc(530);
packet.write('Art-Net\0', 'latin1');
packet.set([0, 0x50, 0, 14], 8);
packet.writeUInt16BE(512, 16);
const heard = await measure('receive', () => {
  for (const [portAddress, value] of frames()) {
    packet.writeUInt16LE(100 + portAddress, 14);
    packet.fill(value, 18);
    peer.send(Buffer.from(packet), port, '127.0.0.1');
  }
});
console.log(`heard ${receiver.status().inTotal} of ${count * 44 * seconds}, published ${published}, ${heard}`);
await Promise.all([sender.stop(), receiver.stop()]);
peer.close();

async function open(settings: object): Promise<ArtnetBridge> {
  const bridge = new ArtnetBridge(
    artnetBridgeSchema.parse({ kind: 'artnet', id: 'bench', number: 1, name: 'Bench', settings }),
    { clock, log: silentLog, artnetPorts },
  );
  await bridge.start({
    publish: (batch) => (published += batch.length),
    counts: new Map(),
    returned: () => undefined,
    fault: (reason) => console.error(reason.message),
  });
  return bridge;
}

let turn = 0;
function* frames(): Generator<readonly [number, number]> {
  turn++;
  for (let portAddress = 0; portAddress < count; portAddress++) yield [portAddress, (turn + portAddress) & 0xff];
}

function frameOf(portAddress: number, level: number): Signal {
  const value = Array.from({ length: 512 }, (): Value => ({ type: 'i32', value: level }));
  return { kind: 'param', address: parseAddress(`/artnet/${portAddress}/1`), value: { type: 'array', value } };
}

/** @returns the CPU of this process, what makes and takes the traffic included */
async function measure(what: string, run: () => void): Promise<string> {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  for (let frame = 0; frame < 44 * seconds; frame++) {
    run();
    const due = begun + ((frame + 1) * 1000) / 44;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
  const { user, system } = process.cpuUsage(before);
  return `${what}: CPU ${((user + system) / 10_000 / ((performance.now() - begun) / 1000)).toFixed(0)} %`;
}
