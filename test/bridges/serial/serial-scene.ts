import { SerialBridge } from '../../../src-main/bridges/serial/serial-bridge.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, text, toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { createPortWatch } from '../../../src-main/platform/serial/port-watch.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { SimulatedPorts } from '../../platform/serial/simulated-ports.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { serialSettings } from '../bridge-settings.ts';

const path = '/dev/ttyUSB0';

/** A bridge, the machine that it runs on, and a device that can be plugged in there. */
export class SerialScene {
  readonly clock = new SimulatedClock();
  readonly ports = new SimulatedPorts(this.clock);
  readonly host = new RecordingHost();
  readonly bridge: SerialBridge;
  /** Answers what the device is sent. */
  onWrite: (bytes: Buffer) => void = () => undefined;

  constructor(some: Record<string, unknown> = {}) {
    this.ports.onOpen = (port) => (port.onWrite = (bytes) => this.onWrite(bytes));
    const watch = createPortWatch({ ports: this.ports, clock: this.clock, log: silentLog });
    const serial = { ports: this.ports, watch };
    this.bridge = new SerialBridge(serialSettings(some), { clock: this.clock, log: silentLog, serial });
  }

  plugIn(): void {
    this.ports.plugIn(path, 'EN1');
  }

  unplug(): void {
    this.ports.unplug(path);
  }

  async start(): Promise<this> {
    const started = this.bridge.start(this.host);
    await this.pass(1000);
    await started;
    return this;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
    await new Promise((resolve) => setImmediate(resolve));
    await this.clock.advanceAsync(0);
  }

  /** The device says this. */
  say(bytes: string | readonly number[]): void {
    this.ports.last.say(typeof bytes === 'string' ? Buffer.from(bytes) : Uint8Array.from(bytes));
  }

  /** What was heard, as `[address, value, kind]`. */
  get heard(): readonly unknown[] {
    return this.host.published.map(({ address, value, kind }) => [address, toJson(value), kind]);
  }

  set(address: string, value: Value | number | string | boolean, kind: 'param' | 'event' = 'param'): void {
    this.bridge.apply([signalAt(address, value, kind)]);
  }

  /** All that the port was given since it was opened. */
  get sent(): string {
    return this.ports.last.written.toString('latin1');
  }
}

export function signalAt(
  address: string,
  value: Value | number | string | boolean,
  kind: 'param' | 'event' = 'param',
): Signal {
  return { kind, address: parseAddress(address), value: valueOf(value) };
}

function valueOf(value: Value | number | string | boolean): Value {
  if (typeof value === 'number') return f64(value);
  if (typeof value === 'string') return text(value);
  return typeof value === 'boolean' ? { type: 'bool', value } : value;
}
