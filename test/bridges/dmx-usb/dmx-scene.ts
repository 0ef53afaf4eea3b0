import { DmxUsbBridge } from '../../../src-main/bridges/dmx-usb/dmx-usb-bridge.ts';
import type { Value } from '../../../src-main/contract/signal.ts';
import { createPortWatch } from '../../../src-main/platform/serial/port-watch.ts';
import type { DmxDesk } from '../../../src-main/ports/dmx-desk.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { SimulatedPorts } from '../../platform/serial/simulated-ports.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { dmxUsbSettings } from '../bridge-settings.ts';
import { levelAt } from './levels.ts';
import { SimulatedWidget } from './simulated-widget.ts';

/** A bridge, the machine that it runs on, and a widget that can be plugged in there. */
export class DmxScene {
  readonly clock = new SimulatedClock();
  readonly ports = new SimulatedPorts(this.clock);
  readonly widget = new SimulatedWidget();
  readonly host = new RecordingHost();
  readonly settings;
  readonly #desk: DmxDesk | undefined;
  readonly bridge: DmxUsbBridge;

  constructor(some: Parameters<typeof dmxUsbSettings>[0] = {}, desk?: DmxDesk) {
    this.#desk = desk;
    this.settings = dmxUsbSettings(some);
    this.ports.onOpen = (port) => {
      if (this.settings.settings.driver === 'enttec-pro') this.widget.attach(port);
    };
    this.bridge = this.make();
  }

  /** One more with the same settings. */
  make(): DmxUsbBridge {
    const watch = createPortWatch({ ports: this.ports, clock: this.clock, log: silentLog });
    return new DmxUsbBridge(this.settings, {
      clock: this.clock,
      log: silentLog,
      serial: { ports: this.ports, watch },
      desk: this.#desk,
    });
  }

  plugIn(path = '/dev/ttyUSB0', serialNumber = 'EN1'): void {
    this.ports.plugIn(path, serialNumber);
  }

  async start(): Promise<void> {
    const started = this.bridge.start(this.host);
    await this.pass(1000);
    await started;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
    await new Promise((resolve) => setImmediate(resolve));
    await this.clock.advanceAsync(0);
  }

  set(slot: number, level: number | Value, universe = 1): void {
    this.bridge.apply([levelAt(slot, level, universe)]);
  }
}
