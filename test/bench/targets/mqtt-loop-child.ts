import { Socket } from 'node:net';
import { connect } from 'mqtt';
import { plainMqttPort } from '../bridge-kinds/mqtt.ts';

/** Gets what is published at a broker and publishes it elsewhere there, with the library that the bridge uses and nothing around
 *  it, as a process of its own. */
const client = connect({ host: '127.0.0.1', port: plainMqttPort, reconnectPeriod: 50 });
client.on('error', () => undefined);
client.on('connect', () => {
  // As the bridge has it: a message would wait for the broker's next one, which acknowledges the one before.
  if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  client.subscribe('in');
});
client.on('message', (_topic, payload) => client.publish('out', payload));
process.stdout.write(`port ${plainMqttPort}\n`);
process.once('SIGTERM', () => process.exit());
