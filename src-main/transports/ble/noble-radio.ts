import type { Characteristic, Noble, Peripheral } from '@stoprocent/noble';
import { UnavailableError, messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { isSameUuid, mtuMax, rxUuid, serviceUuid, txUuid } from './gatt-service.ts';
import { NobleLink } from './noble-link.ts';
import { LibraryState } from './radio-state.ts';
import type { CentralRadio, RadioState, Sighting } from './radio.ts';

/** Peripherals that were seen and may be connected to; the one seen first is forgotten first. */
const seenMax = 256;
/** A peripheral may show it either way, and the library compares letters. */
const scanned = [serviceUuid.replaceAll('-', ''), serviceUuid.slice(4, 8)];

/** The library's own options have one more than its types say: the MTU that is asked for. Without it less is agreed on than many
 *  peripherals know, and where they know more than it asked for, it believes them. */
type ConnectWithMtu = (options: { readonly mtu: number }) => Promise<void>;

/** The central role by noble: Linux (HCI), macOS, Windows. */
export class NobleRadio implements CentralRadio {
  readonly #noble: Noble;
  readonly #state = new LibraryState();
  readonly #seen = new Map<string, Peripheral>();
  readonly #links = new Set<NobleLink>();
  #found: ((sighting: Sighting) => void) | undefined;
  #isConnecting = false;

  constructor(noble: Noble) {
    this.#noble = noble;
    noble.on('discover', (peripheral) => this.#discover(peripheral));
    // It stops by itself for a connection to be made.
    noble.on('scanStop', () => this.#scan());
    noble.on('stateChange', (state) => this.#state.hear(state));
  }

  onState(run: (state: RadioState) => void): Cancel {
    return this.#state.onState(run);
  }

  scan(found: (sighting: Sighting) => void): Cancel {
    this.#found = found;
    this.#scan();
    return () => {
      if (this.#found !== found) return;
      this.#found = undefined;
      if (this.#state.isOn) this.#noble.stopScanning();
    };
  }

  async connect(id: string, { givenUp, accept }: Parameters<CentralRadio['connect']>[1]): Promise<void> {
    const peripheral = this.#seen.get(id);
    if (!peripheral || givenUp.aborted) throw new UnavailableError('cannot-open-port', 'nobody was seen there');
    const quit = (): void => {
      if (peripheral.state === 'connecting') peripheral.cancelConnect();
      else peripheral.disconnect();
    };
    const settled = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      const run = (): void => {
        reject(new Error('given up'));
        quit();
      };
      givenUp.addEventListener('abort', run, { signal: settled.signal });
    });
    this.#isConnecting = true;
    try {
      const link = await Promise.race([open(peripheral), aborted]);
      this.#links.add(link);
      link.onEnd(() => this.#links.delete(link));
      accept(link);
    } catch (error) {
      if (peripheral.state === 'connected') peripheral.disconnect();
      throw new UnavailableError('cannot-open-port', messageOf(error), {}, { cause: error });
    } finally {
      settled.abort();
      this.#isConnecting = false;
      this.#scan();
    }
  }

  async close(): Promise<void> {
    this.#found = undefined;
    for (const link of this.#links) link.disconnect();
    this.#noble.stop();
  }

  #scan(): void {
    // The error comes when the adapter went off in the same moment; the state says so too.
    if (this.#found && this.#state.isOn && !this.#isConnecting)
      this.#noble.startScanning(scanned, true, () => undefined);
  }

  #discover(peripheral: Peripheral): void {
    const { id, address, advertisement, rssi } = peripheral;
    this.#seen.delete(id);
    this.#seen.set(id, peripheral);
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size > seenMax) this.#seen.delete(oldest);
    this.#found?.({ id, address, name: advertisement.localName || '', rssi });
  }
}

/** All that is needed before the first message. */
async function open(peripheral: Peripheral): Promise<NobleLink> {
  const connect: ConnectWithMtu = peripheral.connectAsync.bind(peripheral);
  await connect({ mtu: mtuMax });
  const services = await peripheral.discoverServicesAsync();
  const service = services.find(({ uuid }) => isSameUuid(uuid, serviceUuid));
  const characteristics = (await service?.discoverCharacteristicsAsync()) ?? [];
  const find = (uuid: string): Characteristic | undefined =>
    characteristics.find((each) => isSameUuid(each.uuid, uuid));
  const [tx, rx] = [find(txUuid), find(rxUuid)];
  if (!tx || !rx) throw new Error('it has not the characteristics of CLASP');
  // Before the subscription: a device may say HELLO as soon as it has that.
  const link = new NobleLink(peripheral, { tx, rx });
  await rx.subscribeAsync();
  return link;
}
