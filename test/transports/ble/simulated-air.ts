import { UnavailableError } from '../../../src-main/contract/errors.ts';
import type { Cancel } from '../../../src-main/contract/message-link.ts';
import { millis } from '../../../src-main/contract/units.ts';
import type { Clock } from '../../../src-main/ports/clock.ts';
import { RadioLinkEvents } from '../../../src-main/transports/ble/radio-link-events.ts';
import type {
  AcceptLink,
  CentralRadio,
  PeripheralRadio,
  RadioLink,
  RadioState,
  Sighting,
} from '../../../src-main/transports/ble/radio.ts';
import type { Chance } from '../../seeded-chance.ts';

export interface AirOptions {
  readonly clock: Clock;
  readonly mtu?: number;
  /** of messages that nobody confirms: notifications, and writes without response */
  readonly lossShare?: number;
  readonly chance?: Chance;
}

/** How often a peripheral is heard. */
const sightEveryMs = millis(10);

/** Radios in one room. Messages take a turn of the event loop; those that nobody confirms may be lost. */
export class SimulatedAir {
  readonly options: AirOptions;
  readonly shown = new Map<string, SimulatedPeripheral>();
  readonly counts = { sent: 0, asked: 0, lost: 0 };
  mtu: number;
  lossShare: number;
  #addresses = 0;

  constructor(options: AirOptions) {
    this.options = options;
    this.mtu = options.mtu ?? 247;
    this.lossShare = options.lossShare ?? 0;
  }

  central(): SimulatedCentral {
    return new SimulatedCentral(this);
  }

  peripheral(): SimulatedPeripheral {
    return new SimulatedPeripheral(this, `00:00:00:00:00:${(this.#addresses++).toString(16).padStart(2, '0')}`);
  }

  isLost(): boolean {
    const isLost = (this.options.chance?.() ?? 1) < this.lossShare;
    if (isLost) this.counts.lost++;
    return isLost;
  }
}

class SimulatedRadio {
  readonly air: SimulatedAir;
  readonly links = new Set<SimulatedLink>();
  #state: RadioState = 'on';
  readonly #listeners = new Set<(state: RadioState) => void>();

  constructor(air: SimulatedAir) {
    this.air = air;
  }

  get isOn(): boolean {
    return this.#state === 'on';
  }

  onState(run: (state: RadioState) => void): Cancel {
    this.#listeners.add(run);
    run(this.#state);
    return () => this.#listeners.delete(run);
  }

  turn(state: RadioState): void {
    if (state !== 'on') for (const link of this.links) link.lose('the adapter is gone');
    this.#state = state;
    for (const run of this.#listeners) run(state);
  }

  async close(): Promise<void> {
    for (const link of this.links) link.disconnect();
    this.#listeners.clear();
  }
}

export class SimulatedPeripheral extends SimulatedRadio implements PeripheralRadio {
  readonly address: string;
  name = '';
  accept: AcceptLink | undefined;
  /** next connections fail */
  failures = 0;

  constructor(air: SimulatedAir, address: string) {
    super(air);
    this.address = address;
  }

  advertise(name: string, accept: AcceptLink): Cancel {
    this.name = name;
    this.accept = accept;
    this.air.shown.set(this.address, this);
    return () => this.air.shown.delete(this.address);
  }

  override async close(): Promise<void> {
    this.air.shown.delete(this.address);
    await super.close();
  }
}

export class SimulatedCentral extends SimulatedRadio implements CentralRadio {
  attempts = 0;
  #cancel: Cancel | undefined;

  scan(found: (sighting: Sighting) => void): Cancel {
    const look = (): void => {
      this.#cancel = this.air.options.clock.after(sightEveryMs, look);
      for (const { address, name } of this.air.shown.values())
        found({ id: address.replaceAll(':', ''), address, name, rssi: -60 });
    };
    this.#cancel = this.air.options.clock.after(millis(0), look);
    return () => this.#cancel?.();
  }

  async connect(id: string, { accept }: Parameters<CentralRadio['connect']>[1]): Promise<void> {
    this.attempts++;
    await Promise.resolve();
    const other = [...this.air.shown.values()].find(({ address }) => address.replaceAll(':', '') === id);
    if (!other?.accept || !this.isOn || !other.isOn || other.failures-- > 0)
      throw new UnavailableError('cannot-open-port', 'out of range');
    const [near, far] = SimulatedLink.pair(this, other);
    accept(near);
    other.accept(far);
  }

  override async close(): Promise<void> {
    this.#cancel?.();
    await super.close();
  }
}

export class SimulatedLink extends RadioLinkEvents implements RadioLink {
  readonly #radio: SimulatedRadio;
  readonly #isCentral: boolean;
  #other: SimulatedLink | undefined;
  /** nothing that is sent from here is taken until it goes on */
  #stalled: Promise<void> | undefined;

  private constructor(peer: string, radio: SimulatedRadio, isCentral: boolean) {
    super(peer, radio.air.mtu);
    this.#radio = radio;
    this.#isCentral = isCentral;
    radio.links.add(this);
    this.onEnd(() => radio.links.delete(this));
  }

  static pair(central: SimulatedRadio, peripheral: SimulatedPeripheral): [SimulatedLink, SimulatedLink] {
    const near = new SimulatedLink(peripheral.name || peripheral.address, central, true);
    const far = new SimulatedLink('a central', peripheral, false);
    near.#other = far;
    far.#other = near;
    return [near, far];
  }

  async send(message: Uint8Array, isAsked: boolean): Promise<void> {
    this.assertOpen();
    if (message.length > this.messageBytes) throw new Error(`${message.length} bytes do not fit the MTU`);
    const { air } = this.#radio;
    const isConfirmed = isAsked && this.#isCentral;
    const copy = message.slice();
    air.counts.sent++;
    if (isConfirmed) air.counts.asked++;
    if (isConfirmed || !air.isLost()) setImmediate(() => this.#other?.receive(copy));
    await new Promise((resolve) => setImmediate(resolve));
    await this.#stalled;
    this.assertOpen();
  }

  /** @returns lets it go on */
  stall(): () => void {
    let goOn = (): void => undefined;
    this.#stalled = new Promise((resolve) => (goOn = resolve));
    return goOn;
  }

  disconnect(): void {
    this.end('closed here');
    setImmediate(() => this.#other?.end('closed by the peer'));
  }

  /** As out of range: both ends see it by themselves. */
  lose(reason = 'the link was lost'): void {
    this.end(reason);
    this.#other?.end('the link was lost');
  }
}
