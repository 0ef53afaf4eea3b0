import { UnavailableError } from '../../../src-main/contract/errors.ts';
import type {
  MidiPorts,
  OpenMidiInput,
  OpenMidiOutput,
  PortChoice,
} from '../../../src-main/bridges/midi/midi-ports.ts';

/** MIDI devices that a test plugs in and pulls out. */
export class FakeMidiPorts implements MidiPorts {
  inputs: string[] = [];
  outputs: string[] = [];
  /** in words, where the machine has no MIDI */
  fault: string | undefined;
  /** what every output refuses with */
  sendFault: string | undefined;
  looks = 0;
  readonly sent: { readonly port: string; readonly bytes: readonly number[] }[] = [];
  readonly #listeners = new Map<object, { port: string; onBytes: (bytes: Uint8Array) => void }>();
  readonly #openOutputs = new Map<object, string>();
  #plugged = 0;

  names() {
    this.looks++;
    if (this.fault !== undefined) return Promise.reject(new UnavailableError('cannot-open-port', this.fault));
    return Promise.resolve({ inputs: [...this.inputs], outputs: [...this.outputs] });
  }

  openInput(port: PortChoice, onBytes: (bytes: Uint8Array) => void): Promise<OpenMidiInput> {
    const key: OpenMidiInput = { isConnected: this.#connection(), close: () => void this.#listeners.delete(key) };
    this.#listeners.set(key, { port: nameOf(port), onBytes });
    return Promise.resolve(key);
  }

  openOutput(port: PortChoice): Promise<OpenMidiOutput> {
    const isConnected = this.#connection();
    const key: OpenMidiOutput = {
      isConnected,
      send: (bytes) => {
        if (!isConnected()) return;
        if (this.sendFault !== undefined) throw new Error(this.sendFault);
        this.sent.push({ port: nameOf(port), bytes: [...bytes] });
      },
      close: () => void this.#openOutputs.delete(key),
    };
    this.#openOutputs.set(key, nameOf(port));
    return Promise.resolve(key);
  }

  /** Every device is pulled out and plugged in again at once, under the names it had: what is open is dead. */
  replug(): void {
    this.#plugged++;
    this.#listeners.clear();
  }

  #connection(): () => boolean {
    const plugged = this.#plugged;
    return () => this.#plugged === plugged;
  }

  get open(): string[] {
    return [...[...this.#listeners.values()].map(({ port }) => port), ...this.#openOutputs.values()];
  }

  /** The bytes that left since this was asked last, message by message. */
  takeSent(): number[][] {
    return this.sent.splice(0).map(({ bytes }) => [...bytes]);
  }

  /** The device plays. */
  play(...bytes: readonly number[]): void {
    for (const { onBytes } of [...this.#listeners.values()]) onBytes(Uint8Array.from(bytes));
  }
}

function nameOf(port: PortChoice): string {
  return 'virtual' in port ? port.virtual : port.name;
}
