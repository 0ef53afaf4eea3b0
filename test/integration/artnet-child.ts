import process from 'node:process';
import { createInterface } from 'node:readline';
import { ArtnetBridge } from '../../src-main/bridges/artnet/artnet-bridge.ts';
import { artnetBridgeSchema } from '../../src-main/contract/bridges/artnet.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import { createArtnetPorts } from '../../src-main/engine/create-artnet-ports.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { silentLog } from '../silent-log.ts';

/** Runs Art-Net bridges by themselves, in whatever network this process is: their settings are the arguments. Hears `address level`
 *  for the first, and `stop`, prints what comes in as `heard address level`, and each other status of the first. */
const [clock, random] = [createSystemClock(), createSystemRandom()];
const artnetPorts = createArtnetPorts({ clock, random });
const bridges = process.argv.slice(2).map((settings, i) => {
  const head = { kind: 'artnet', id: `artnet${i}`, number: i + 1, name: 'Hall' };
  const show = artnetBridgeSchema.parse({ ...head, settings: JSON.parse(settings) as unknown });
  return new ArtnetBridge(show, { clock, log: silentLog, artnetPorts });
});
const [bridge] = bridges;
if (!bridge) throw new Error('Expected the settings of a bridge.');
for (const each of bridges) {
  await each.start({
    publish: (batch) => {
      for (const { address, value } of batch)
        if (value.type === 'i32' && value.value > 0) console.log(`heard ${address} ${value.value}`);
    },
    schedule: () => 'full',
    addresses: () => [],
    counts: new Map(),
    returned: () => console.log('returned'),
    fault: ({ code }) => console.log(`fault ${code}`),
  });
}
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
    void Promise.all(bridges.map((each) => each.stop())).then(() => process.exit(0));
  } else bridge.apply([{ kind: 'param', address: parseAddress(word), value: { type: 'i32', value: Number(level) } }]);
});
