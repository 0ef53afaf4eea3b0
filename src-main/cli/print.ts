import { UnavailableError } from '../contract/errors.ts';
import { systemReason } from '../platform/system-reason.ts';
import type { LineOutput } from './command-io.ts';

/** Writes what a command is asked for to standard output, and waits until it is out. A reader that goes away early, as
 *  `head` does, had what it wanted.
 *  @throws UnavailableError 'cannot-write-file' when it cannot be written, as on a full disk */
export async function print(stdout: LineOutput, text: string): Promise<void> {
  const error = await new Promise<unknown>((resolve) => {
    // Told to the call too; without a listener it would end the process.
    stdout.on?.('error', resolve);
    stdout.write(text, (fault) => {
      // Of one that failed the stream tells after this call.
      if (!fault) stdout.off?.('error', resolve);
      resolve(fault);
    });
  });
  if (error !== undefined && error !== null) refuseUnlessGone(error);
}

/** @throws UnavailableError 'cannot-write-file' unless the error says that the reader went away */
export function refuseUnlessGone(error: unknown): void {
  if (isGone(error)) return;
  throw new UnavailableError(
    'cannot-write-file',
    `Cannot write to standard output: ${systemReason(error)}.`,
    {},
    { cause: error },
  );
}

/** Windows says EOF of a pipe that is closed. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'EOF');
}
