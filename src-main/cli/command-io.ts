import type { StopRequest } from './stop-signals.ts';

/** What a command has of the world. stdout carries nothing but its own lines. */
export interface CommandIo {
  readonly stdout: LineOutput;
  readonly stderr: { write(text: string): unknown };
  /** asks a command that goes on to end; without it, one that goes on waits for signals itself */
  readonly stopping?: StopRequest;
}

export interface LineOutput {
  write(text: string): unknown;
  /** bytes that wait for the reader */
  readonly writableLength?: number;
  on?(event: 'error', run: (error: Error) => void): unknown;
}

export const exitCode = { ok: 0, failed: 1, refused: 2 } as const;
