// An advert that is believed for two seconds only, until it is killed. Run by discovery-network.test.ts.
import process from 'node:process';
import { Advert } from '../../src-main/core/discovery/advert.ts';
import { listLanCards } from '../../src-main/platform/lan-cards.ts';
import { openMdnsPort } from '../../src-main/platform/mdns.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';

const [card] = listLanCards();
if (!card) throw new Error('There is no network here.');
const port = await openMdnsPort({
  card,
  onAnswers: (records) => advert.heard(records),
  onUnread: () => undefined,
  onFault: (reason) => {
    throw new Error(reason);
  },
});
const service = { type: '_clasp._tcp.local', name: 'Brief', host: 'brief.local', port: 7330, txt: [], ttlSeconds: 2 };
const advert = new Advert({ clock: createSystemClock(), random: createSystemRandom(), service, ports: () => [port] });
advert.start();
process.stdout.write('started\n');
