import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Connection, Listening } from '../../ports/transport.ts';
import { KeepAlive } from '../../platform/keep-alive.ts';
import { OpenConnections } from '../open-connections.ts';
import { BleConnection } from './ble-connection.ts';
import type { BleLimits } from './ble-limits.ts';
import type { AcceptLink, CentralRadio, PeripheralRadio, RadioLink, RadioState } from './radio.ts';

/** Peers and frames that never reached the router: a peer beyond `linksMax`; a frame that lost a piece; what was too much at
 *  once. */
export type LostBecause = 'full' | 'torn' | 'overrun';

export interface BleListenerOptions {
  /** where clients dial, or what the door is */
  readonly url: string;
  readonly radio: CentralRadio | PeripheralRadio;
  /** Lets peers in for as long as the adapter is on. */
  readonly begin: (accept: AcceptLink) => Cancel;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: BleLimits;
  readonly onLost: (why: LostBecause) => void;
}

/** A door that is there as long as the adapter is, and waits for it otherwise. */
export class BleListener {
  readonly #options: BleListenerOptions;
  readonly #accept: (connection: Connection) => void;
  readonly #open = new OpenConnections();
  readonly #links = new Set<RadioLink>();
  readonly #keepAlive: KeepAlive;
  #state: RadioState = 'starting';
  #cancelBegun: Cancel | undefined;

  private constructor(options: BleListenerOptions, accept: (connection: Connection) => void) {
    this.#options = options;
    this.#accept = accept;
    this.#keepAlive = new KeepAlive(options.clock, options.limits.pingIntervalMs);
  }

  /** Settles when the adapter has said how it is, or said nothing for a while. */
  static async open(options: BleListenerOptions, accept: (connection: Connection) => void): Promise<Listening> {
    const listener = new BleListener(options, accept);
    await listener.#firstState();
    return {
      url: options.url,
      waitingFor: () => waitingWords[listener.#state],
      stop: () => listener.#stop(),
    };
  }

  #firstState(): Promise<void> {
    const { radio, clock, limits } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.after(limits.firstStateMs, resolve);
      radio.onState((state) => {
        this.#turn(state);
        if (state === 'starting') return;
        cancel();
        resolve();
      });
    });
  }

  #turn(state: RadioState): void {
    const { log, url, begin } = this.#options;
    if (state !== this.#state) {
      if (state === 'on') log.info('ble door open', { url });
      else log.warn('ble door waits', { url, for: waitingWords[state] ?? '' });
    }
    this.#state = state;
    if (state === 'on') {
      this.#cancelBegun ??= begin((link) => this.#take(link));
      return;
    }
    this.#cancelBegun?.();
    this.#cancelBegun = undefined;
  }

  #take(link: RadioLink): void {
    const { clock, limits, onLost } = this.#options;
    if (this.#links.size >= limits.linksMax) {
      onLost('full');
      link.disconnect();
      return;
    }
    const connection = new BleConnection({ link, clock, limits, onLost });
    this.#links.add(link);
    link.onEnd(() => this.#links.delete(link));
    this.#open.add(connection);
    this.#keepAlive.add(connection);
    connection.onClose(() => this.#keepAlive.remove(connection));
    this.#accept(connection);
  }

  async #stop(): Promise<void> {
    const { radio, clock, limits } = this.#options;
    this.#cancelBegun?.();
    const ended = [...this.#links].map((link) => new Promise<void>((resolve) => link.onEnd(() => resolve())));
    await this.#open.closeAll('the listener stops', { clock, withinMs: limits.closeTimeoutMs });
    await new Promise<void>((resolve) => {
      const cancel = clock.after(limits.closeTimeoutMs, resolve);
      void Promise.all(ended).then(() => {
        cancel();
        resolve();
      });
    });
    await radio.close();
  }
}

/** One sentence for the operator. */
export const waitingWords: Readonly<Record<RadioState, string | undefined>> = {
  on: undefined,
  starting: 'The Bluetooth adapter has not answered yet.',
  off: 'Bluetooth is switched off.',
  absent: 'No Bluetooth adapter is there that knows Bluetooth Low Energy.',
  unauthorized:
    'This program may not use Bluetooth: allow it in the settings of the system (Linux: cap_net_raw, or root).',
  failed: 'The Bluetooth library has failed and is started again.',
};
