import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';

/** An MQTT broker of npm as a process of its own; it tells its port on stdout. */
const broker = await Aedes.createBroker();
const server = createServer({ noDelay: true }, (socket) => void broker.handle(socket));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`port ${port}\n`);
});
process.once('SIGTERM', () => process.exit());
