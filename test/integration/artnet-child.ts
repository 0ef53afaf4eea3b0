import process from 'node:process';
import { createInterface } from 'node:readline';
import { ArtnetBridge } from '../../src-main/bridges/artnet/artnet-bridge.ts';
import { artnetBridgeSchema } from '../../src-main/contract/bridges/artnet.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import { createArtnetPorts } from '../../src-main/engine/create-artnet-ports.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { silentLog } from '../silent-log.ts';

/** Runs one Art-Net bridge by itself, in whatever network this process is: its settings are the argument. Hears `address level`
 *  and `stop`, prints what comes in as `heard address level`, and each other status. */
const [clock, random] = [createSystemClock(), createSystemRandom()];
const settings = artnetBridgeSchema.parse({
  ...{ kind: 'artnet', id: 'artnet', number: 1, name: 'Hall' },
  settings: JSON.parse(process.argv[2] ?? '{}') as unknown,
});
const bridge = new ArtnetBridge(settings, { clock, log: silentLog, artnetPorts: createArtnetPorts({ clock, random }) });
await bridge.start({
  publish: (batch) => {
    for (const { address, value } of batch)
      if (value.type === 'i32' && value.value > 0) console.log(`heard ${address} ${value.value}`);
  },
  counts: new Map(),
  returned: () => console.log('returned'),
  fault: ({ code }) => console.log(`fault ${code}`),
});
console.log('open');

let last = '';
const watch = setInterval(() => {
  const { state, reason } = bridge.status();
  // How long somebody is silent goes on.
  const now = `status ${state}: ${reason.replace(/\d+\.\d s/, 'a while')}`;
  if (now !== last) console.log(now);
  last = now;
}, 50);

createInterface(process.stdin).on('line', (line) => {
  const [word = '', level = ''] = line.split(' ');
  if (word === 'stop') {
    clearInterval(watch);
    void bridge.stop().then(() => process.exit(0));
  } else bridge.apply([{ kind: 'param', address: parseAddress(word), value: { type: 'i32', value: Number(level) } }]);
});
