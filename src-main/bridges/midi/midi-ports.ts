/** The names that the system gives its ports, in its order. */
export interface MidiPortNames {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A port of a list by its place and name, or one that Flyrail makes for other programs. */
export type PortChoice = { readonly index: number; readonly name: string } | { readonly virtual: string };

export interface OpenMidiInput {
  /** false once its device was pulled out, though it may be back under the same name; true where that cannot be seen */
  isConnected(): boolean;
  close(): void;
}

export interface OpenMidiOutput extends OpenMidiInput {
  /** One whole message. @throws Error of the system */
  send(bytes: Uint8Array): void;
}

/** The MIDI ports of a machine. */
export interface MidiPorts {
  /** @throws UnavailableError where the machine has no MIDI, in words for the operator */
  names(): Promise<MidiPortNames>;
  /** @param onBytes one or more whole messages, valid during the call
   *  @throws UnavailableError */
  openInput(port: PortChoice, onBytes: (bytes: Uint8Array) => void): Promise<OpenMidiInput>;
  /** @throws UnavailableError */
  openOutput(port: PortChoice): Promise<OpenMidiOutput>;
}
