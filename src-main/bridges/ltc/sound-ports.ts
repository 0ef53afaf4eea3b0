/** One direction of one sound device, mono. */
export interface SoundRequest {
  /** as the system names it; empty for its default */
  readonly device: string;
  /** samples a second */
  readonly sampleRate: number;
  /** It ended by itself; never after `close`. @param why a sentence */
  readonly onEnd: (why: string) => void;
}

export interface SoundInput {
  /** which program or device it is, for the operator */
  readonly name: string;
  /** Settles when nothing of it is left. */
  close(): Promise<void>;
}

export interface SoundOutput extends SoundInput {
  /** Plays after what was written before. @param samples -1..1; not kept
   *  @returns false when so much waits already that these were left out */
  write(samples: Float32Array): boolean;
}

/** The sound devices of a machine. */
export interface SoundPorts {
  /** What the system says of its sound cards: other words when one came or went. Empty where it says nothing. */
  cards(): string;
  /** @param onSamples as they come, -1..1, valid during the call
   *  @throws UnavailableError in words for the operator */
  record(request: SoundRequest, onSamples: (samples: Float32Array) => void): Promise<SoundInput>;
  /** @throws UnavailableError in words for the operator */
  play(request: SoundRequest): Promise<SoundOutput>;
  /** Settles when nothing of what it opened, or tried to, is left. */
  close(): Promise<void>;
}
