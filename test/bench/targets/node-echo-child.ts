import { createServer, type AddressInfo } from 'node:net';

/** A TCP server that sends back what it gets, as a process of its own; it tells its port on stdout. */
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (bytes) => socket.write(bytes));
  // The load ends its connections as it likes.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`port ${port}\n`);
});
process.once('SIGTERM', () => process.exit());
