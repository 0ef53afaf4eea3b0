import type { StopRequest } from './stop-signals.ts';

/** What a command has of the world. stdout carries nothing but its own lines. */
export interface CommandIo {
  readonly stdout: LineOutput;
  readonly stderr: Pick<LineOutput, 'write' | 'on'>;
  /** the process's own without it */
  readonly stdin?: AsyncIterable<unknown>;
  /** asks a command that goes on to end; without it, one that goes on waits for signals itself */
  readonly stopping?: StopRequest;
}

export interface LineOutput {
  /** @param done told when it is out, or why it is not */
  write(text: string, done?: (error?: Error | null) => void): unknown;
  /** bytes that wait for the reader */
  readonly writableLength?: number;
  /** a person looks at it */
  readonly isTTY?: boolean;
  /** the size of what they see */
  readonly columns?: number;
  readonly rows?: number;
  on?(event: 'error', run: (error: Error) => void): unknown;
  off?(event: 'error', run: (error: Error) => void): unknown;
}

export const exitCode = { ok: 0, failed: 1, refused: 2, unknown: 3 } as const;
