import { createSocket } from 'node:dgram';
import { fromBuffer, toBuffer } from 'osc-min';

/** Reads OSC messages and sends them back, with the library that the bridge uses and nothing around it, as a process of its
 *  own; it tells its port on stdout. */
const socket = createSocket('udp4');
socket.on('message', (bytes, { port, address }) => {
  const packet = fromBuffer(bytes);
  if (packet.oscType === 'message')
    socket.send(toBuffer({ address: packet.address, args: packet.args }), port, address);
});
socket.bind(0, '127.0.0.1', () => process.stdout.write(`port ${socket.address().port}\n`));
process.once('SIGTERM', () => process.exit());
