import { createSocket } from 'node:dgram';
import { fromBuffer, toBuffer } from 'osc-min';
import { Packet } from 'sacn';

/** Reads messages and sends them back, with a library of their protocol and nothing around it, as a process of its own; it tells
 *  its port on stdout. Art-Net has none that leaves the port free: its bytes are looked at by hand. */
const loops: Readonly<Record<string, (bytes: Buffer) => NodeJS.ArrayBufferView | undefined>> = {
  osc: (bytes) => {
    const packet = fromBuffer(bytes);
    return packet.oscType === 'message' ? toBuffer({ address: packet.address, args: packet.args }) : undefined;
  },
  sacn: (bytes) => {
    const { universe, sequence, cid, payloadAsBuffer } = new Packet(bytes);
    const slots = [...(payloadAsBuffer ?? [])].map((level, i) => [i + 1, level] as const);
    const head = { universe, sequence, cid, useRawDmxValues: true, sourceName: 'Loop' };
    return new Packet({ ...head, payload: Object.fromEntries(slots) }).buffer;
  },
  artnet: (bytes) => (bytes.readUInt16LE(8) === 0x5000 ? Buffer.from(bytes) : undefined),
};

const loop = loops[process.argv[2] ?? ''];
if (!loop) throw new Error(`Expected one of ${Object.keys(loops).join(', ')}.`);
const socket = createSocket('udp4');
socket.on('message', (bytes, { port, address }) => {
  const back = loop(bytes);
  if (back) socket.send(back, port, address);
});
socket.bind(0, '127.0.0.1', () => process.stdout.write(`port ${socket.address().port}\n`));
process.once('SIGTERM', () => process.exit());
