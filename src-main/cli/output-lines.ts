import process from 'node:process';
import { exitCode, type LineOutput } from './command-io.ts';
import { refuseUnlessGone } from './print.ts';
import type { StopRequest } from './stop-signals.ts';

/** Bytes that may wait for the reader of stdout unless a command says otherwise; lines beyond them are left out and counted. */
export const outputBacklogMax = 1024 * 1024;
/** Time for the reader of stdout to take the rest once the command is told to end. */
const stopWithinMs = 1000;

/** The lines of a command that goes on. */
export interface OutputLines {
  /** @returns false when it was left out */
  write(line: string): boolean;
  /** since it was made */
  leftOut(): number;
  /** Settles when the reader went away.
   *  @throws UnavailableError 'cannot-write-file', as a rejection, when it cannot be written, as on a full disk */
  readonly readerGone: Promise<void>;
  /** Settles when all that was written is out, or the reader went away.
   *  @throws as `readerGone` */
  flush(): Promise<void>;
}

/** @param backlogMax bytes that may wait for the reader */
export function createOutputLines(stdout: LineOutput, backlogMax = outputBacklogMax): OutputLines {
  let leftOut = 0;
  let gone: (error: Error) => void = () => undefined;
  const readerGone = new Promise<Error>((resolve) => (gone = resolve)).then(refuseUnlessGone);
  // Whoever waits for it hears of it; nobody may.
  readerGone.catch(() => undefined);
  stdout.on?.('error', gone);
  const onWritten = (error?: Error | null): void => {
    if (error) gone(error);
  };
  return {
    write: (line) => {
      if ((stdout.writableLength ?? 0) > backlogMax) {
        leftOut++;
        return false;
      }
      stdout.write(line, onWritten);
      return true;
    },
    leftOut: () => leftOut,
    readerGone,
    flush: () =>
      Promise.race([
        readerGone,
        new Promise<void>((resolve) => {
          stdout.write('', (error) => {
            onWritten(error);
            if (!error) resolve();
          });
        }),
      ]),
  };
}

/** Waits until the reader has everything. Once the command is told to end, a reader that stands still is not waited for any
 *  longer: what waits for it would keep the process for ever.
 *  @throws as `flush` */
export async function finishOutput(lines: OutputLines, { requested }: StopRequest): Promise<void> {
  let isOut = false;
  let timer: NodeJS.Timeout | undefined;
  void requested.then(() => {
    if (!isOut) timer = setTimeout(() => process.exit(exitCode.ok), stopWithinMs);
  });
  try {
    await lines.flush();
  } finally {
    isOut = true;
    clearTimeout(timer);
  }
}
