import type { DmxUsbBridge } from '../../contract/bridges/dmx-usb.ts';
import type { DeviceIdentity } from '../../contract/device-identity.ts';
import { millis } from '../../contract/units.ts';
import { HeldPort } from '../../platform/serial/held-port.ts';
import { lineSettings } from '../../platform/serial/line-settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { OpenedPort, SerialAccess } from '../../ports/serial-ports.ts';
import type { DmxDriver, DmxDriverOptions, DriverEvents } from './dmx-driver.ts';
import { dmxLine, OpenDmxDriver } from './open-dmx-driver.ts';
import { ProDriver } from './pro-driver.ts';

/** After it answered as something else, a port is left to others for this long. */
export const wrongDeviceRest = millis(5000);
/** One that answered before and is back may still be starting: it is asked again soon, so often. */
const startingRest = millis(500);
const startingTries = 4;

interface LineNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly serial: SerialAccess;
}

/** One interface, through all its comings and goings. */
export class DmxLine {
  #settings: DmxUsbBridge['settings'];
  readonly #clock: Clock;
  readonly #events: Omit<DriverEvents, 'onWrong'>;
  readonly #port: HeldPort;
  #driver: DmxDriver | undefined;
  #isReady = false;
  /** tries that are left of those after a short rest */
  #soon = 0;
  #onAnswered: (() => void) | undefined;

  constructor(
    settings: DmxUsbBridge['settings'],
    { clock, log, serial }: LineNeeds,
    events: Omit<DriverEvents, 'onWrong'>,
  ) {
    this.#settings = settings;
    this.#clock = clock;
    this.#events = events;
    this.#port = new HeldPort({
      place: { device: settings.port, line: lineSettings(settings.driver === 'open-dmx' ? dmxLine : {}) },
      ...serial,
      clock,
      log,
      onOpen: (port, path) => this.#begin(port, path),
      onLost: () => this.#end(),
    });
  }

  /** why nothing can pass, and what is done about it, as sentences; undefined while it can */
  get trouble(): string | undefined {
    const { trouble } = this.#port;
    if (trouble !== undefined) return `${trouble} Flyrail looks for it and takes it again by itself.`;
    return this.#isReady ? undefined : 'Asking the interface what it is.';
  }

  get path(): string | undefined {
    return this.#port.path;
  }

  /** undefined while nothing can pass */
  get identity(): DeviceIdentity | undefined {
    return this.#isReady ? { ...this.#port.identity, ...this.#driver?.identity } : undefined;
  }

  /** what the interface says it is */
  get words(): string {
    return this.#driver?.words ?? '';
  }

  /** what the operator should know of it, as sentences; empty for nothing */
  get notes(): string {
    return this.#driver?.notes ?? '';
  }

  /** Settles when it is known what is there, or that nothing is. */
  async start(): Promise<void> {
    const answered = new Promise<void>((resolve) => (this.#onAnswered = resolve));
    await this.#port.start();
    if (this.#driver && !this.#isReady) await answered;
  }

  /** Drops what cannot leave. */
  send(output: number, levels: Readonly<Uint8Array>): void {
    if (this.#isReady) this.#driver?.send(output, levels);
  }

  /** Takes over settings that leave port and interface the same. */
  change(settings: DmxUsbBridge['settings']): void {
    this.#settings = settings;
    this.#driver?.change?.(settings);
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#port.stop();
  }

  #begin(port: OpenedPort, path: string): void {
    const events: DriverEvents = {
      ...this.#events,
      onReady: () => {
        this.#isReady = true;
        this.#soon = startingTries;
        this.#events.onReady();
        this.#onAnswered?.();
      },
      onWrong: (reason) => {
        const isStarting = this.#soon > 0 && !this.#isReady;
        const rest = isStarting ? startingRest : wrongDeviceRest;
        this.#soon = Math.max(0, this.#soon - 1);
        this.#port.giveUp(`${path} ${reason}.`, rest);
      },
    };
    this.#driver = driverOf({ port, clock: this.#clock, settings: this.#settings, events });
    this.#driver.begin();
  }

  #end(): void {
    this.#driver?.stop();
    this.#driver = undefined;
    this.#isReady = false;
    this.#onAnswered?.();
  }
}

function driverOf(options: DmxDriverOptions): DmxDriver {
  return options.settings.driver === 'open-dmx' ? new OpenDmxDriver(options) : new ProDriver(options);
}
