import process from 'node:process';
import { ArtnetPorts } from '../../src-main/bridges/artnet/artnet-ports.ts';
import { createBridge } from '../../src-main/bridges/catalogue.ts';
import { bridgeSchema } from '../../src-main/contract/show.ts';
import { listNetworkCards } from '../../src-main/platform/network-interfaces.ts';
import { createSerialAccess } from '../../src-main/platform/serial/serial-access.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { silentLog } from '../silent-log.ts';

/** Runs in a network namespace: the bridges of a list in JSON, each of which says how it stands whenever that changes,
 *  `mqtt connected: Connected to the broker.` */
const [list = '[]'] = process.argv.slice(2);
const [clock, random] = [createSystemClock(), createSystemRandom()];
const needs = {
  ...{ clock, random, log: silentLog, networkCards: () => listNetworkCards() },
  artnetPorts: new ArtnetPorts({ clock, random, lanCards: () => [] }),
  serial: createSerialAccess({ clock, log: silentLog }),
};
for (const said of JSON.parse(list) as unknown[]) {
  const settings = bridgeSchema.parse(said);
  if (settings.kind === 'clasp') throw new TypeError('a link is made by another catalogue');
  const bridge = await createBridge(settings, needs);
  void bridge.start(new RecordingHost());
  let last = '';
  setInterval(() => {
    const { state, reason } = bridge.status();
    const now = `${settings.kind} ${state}: ${reason}`;
    if (now !== last) console.log(now);
    last = now;
  }, 50);
}
