import { networkInterfaces } from 'node:os';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { dmxnet } from 'dmxnet';
import { until } from '../until.ts';

/** The npm package dmxnet as a node and a controller: puts out net 0, subnet 0, universe 3, and sends subnet 1, universe 4 to the
 *  address that it is told. Prints each level of slot 1 that comes; lines that it reads are levels that it sends. */
// It answers on the cards that are up when it begins, and a cable is up a moment after it was put in.
await until('the cable', () => networkInterfaces()['lan'] !== undefined);
const net = new dmxnet({ log: { level: 'error' } });
const receiver = net.newReceiver({ net: 0, subnet: 0, universe: 3 });
receiver.on('data', (levels: readonly number[]) => console.log(`level ${levels[0]}`));
const sender = net.newSender({ ip: process.argv[2] ?? '', net: 0, subnet: 1, universe: 4 });
createInterface(process.stdin).on('line', (line) => sender.setChannel(0, Number(line)));
console.log('ready');
