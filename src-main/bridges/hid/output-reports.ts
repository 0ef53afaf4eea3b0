import type { HidOutput, HidOutputReport } from '../../contract/hid-layout.ts';
import { tryNumber, type Value } from '../../contract/signal.ts';
import { writeBits } from '../../core/hid/bit-field.ts';
import type { OpenedHid } from '../../ports/hid-ports.ts';
import type { DeviceControls } from './device-controls.ts';

interface OutReport {
  readonly send: HidOutputReport['send'];
  readonly bytes: Uint8Array;
  isChanged: boolean;
  isLeaving: boolean;
}

/** Lamps and levels of a device that is attached: one report each, of which the newest leaves once the one before it has left. */
export class OutputReports {
  readonly #device: OpenedHid;
  readonly #onFault: (error: unknown) => void;
  readonly #reports = new Map<string, OutReport>();
  readonly #outputs = new Map<string, HidOutput>();

  constructor(
    device: OpenedHid,
    { reports, outputs }: Pick<DeviceControls, 'reports' | 'outputs'>,
    onFault: (error: unknown) => void,
  ) {
    this.#device = device;
    this.#onFault = onFault;
    for (const { id, send, bytes, length } of reports)
      this.#reports.set(id, { send, bytes: bytesOf(bytes, length), isChanged: false, isLeaving: false });
    for (const output of outputs) this.#outputs.set(output.name, output);
  }

  has(name: string): boolean {
    return this.#outputs.has(name);
  }

  /** Takes a value for one of them; `flush` sends it.
   *  @returns why it was not taken, as a clause */
  put(name: string, value: Value): string | undefined {
    const output = this.#outputs.get(name);
    const report = output && this.#reports.get(output.report);
    if (!output || !report) return 'the device has no output of this name';
    const given = tryNumber(value);
    if (given === undefined || !(given >= 0 && given <= 1))
      return `expected a number from 0 to 1, or on or off, ${given === undefined ? `and no ${value.type}` : `not ${given}`}`;
    writeBits(report.bytes, output, Math.round(output.min + given * (output.max - output.min)));
    report.isChanged = true;
    return undefined;
  }

  flush(): void {
    for (const report of this.#reports.values()) if (report.isChanged && !report.isLeaving) void this.#leave(report);
  }

  /** Sends what a device wants to hear first, in its order. One that is connected otherwise may not know it, and works without. */
  async begin(atStart: DeviceControls['atStart']): Promise<void> {
    for (const { send, bytes, length } of atStart)
      await this.#send(send, bytesOf(bytes, length)).catch(() => undefined);
  }

  /** Never rejects. */
  async #leave(report: OutReport): Promise<void> {
    report.isLeaving = true;
    while (report.isChanged) {
      report.isChanged = false;
      await this.#send(report.send, Uint8Array.from(report.bytes)).catch(this.#onFault);
    }
    report.isLeaving = false;
  }

  #send(how: HidOutputReport['send'], bytes: Uint8Array): Promise<void> {
    return how === 'output' ? this.#device.write(bytes) : this.#device.sendFeature(bytes);
  }
}

/** @param hex what it begins with */
function bytesOf(hex: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < hex.length / 2 && at < length; at++)
    bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
