import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import type { HidOutput, HidOutputReport } from '../../contract/hid-layout.ts';
import { tryNumber, type Value } from '../../contract/signal.ts';
import { writeBits } from '../../core/hid/bit-field.ts';
import { isReport } from '../../core/hid/control-reader.ts';
import type { OpenedHid } from '../../ports/hid-ports.ts';
import type { DeviceControls } from './device-controls.ts';

interface OutReport extends Pick<HidOutputReport, 'send' | 'heard' | 'crc32'> {
  readonly bytes: Uint8Array;
  /** the device speaks in the way that this is for */
  isMeant: boolean;
  isChanged: boolean;
  isLeaving: boolean;
}

/** Lamps and levels of a device that is attached: one report each, of which the newest leaves once the one before it has left.
 *  What is for one of several ways in which a device may speak waits until it has spoken. */
export class OutputReports {
  readonly #device: OpenedHid;
  readonly #onFault: (error: unknown) => void;
  readonly #reports = new Map<string, OutReport>();
  readonly #outputs: readonly HidOutput[];

  constructor(
    device: OpenedHid,
    { reports, outputs }: Pick<DeviceControls, 'reports' | 'outputs'>,
    onFault: (error: unknown) => void,
  ) {
    this.#device = device;
    this.#onFault = onFault;
    for (const { id, send, bytes, length, heard, crc32: seed } of reports) {
      const state = { isMeant: heard.length === 0, isChanged: false, isLeaving: false };
      this.#reports.set(id, { ...state, send, heard, crc32: seed, bytes: bytesOf(bytes, length) });
    }
    this.#outputs = outputs;
  }

  has(name: string): boolean {
    return this.#outputs.some((output) => output.name === name);
  }

  /** The device has spoken. */
  heard(bytes: Uint8Array): void {
    for (const report of this.#reports.values()) {
      if (report.heard.length === 0) continue;
      const isMeant = report.heard.some((way) => isReport(bytes, way));
      if (isMeant === report.isMeant) continue;
      report.isMeant = isMeant;
      if (isMeant) this.flush();
    }
  }

  /** Takes a value for one of them; `flush` sends it.
   *  @returns why it was not taken, as a clause */
  put(name: string, value: Value): string | undefined {
    const outputs = this.#outputs.filter((output) => output.name === name);
    if (outputs.length === 0) return 'the device has no output of this name';
    const given = tryNumber(value);
    if (given === undefined || !(given >= 0 && given <= 1))
      return `expected a number from 0 to 1, or on or off, ${given === undefined ? `and no ${value.type}` : `not ${given}`}`;
    for (const output of outputs) {
      const report = this.#reports.get(output.report);
      if (!report) continue;
      writeBits(report.bytes, output, Math.round(output.min + given * (output.max - output.min)));
      report.isChanged = true;
    }
    return undefined;
  }

  flush(): void {
    for (const report of this.#reports.values())
      if (report.isMeant && report.isChanged && !report.isLeaving) void this.#leave(report);
  }

  /** Sends what a device wants to hear first, in its order. One that is connected otherwise may not know it, and works without. */
  async begin(atStart: DeviceControls['atStart']): Promise<void> {
    for (const { send, bytes, length } of atStart)
      await this.#send(send, bytesOf(bytes, length)).catch(() => undefined);
  }

  /** Never rejects. */
  async #leave(report: OutReport): Promise<void> {
    report.isLeaving = true;
    while (report.isChanged && report.isMeant) {
      report.isChanged = false;
      await this.#send(report.send, sealed(report)).catch(this.#onFault);
    }
    report.isLeaving = false;
  }

  #send(how: HidOutputReport['send'], bytes: Uint8Array): Promise<void> {
    return how === 'output' ? this.#device.write(bytes) : this.#device.sendFeature(bytes);
  }
}

/** A copy, with its checksum where it has one. */
function sealed({ bytes, crc32: seed }: OutReport): Uint8Array {
  const copy = Buffer.from(bytes);
  if (seed === '') return copy;
  const end = copy.length - 4;
  copy.writeUInt32LE(crc32(copy.subarray(0, end), crc32(Buffer.from(seed, 'hex'))), end);
  return copy;
}

/** @param hex what it begins with */
function bytesOf(hex: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < hex.length / 2 && at < length; at++)
    bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
