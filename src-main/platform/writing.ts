import { AppError, UnavailableError, type ErrorDetails } from '../contract/errors.ts';
import { systemReason } from './system-reason.ts';

/** Runs what writes to the disk, and gives what SQLite or the system refuse a code and the operator's words; a failure
 *  that has a code keeps it.
 *  @param failed what cannot be done, without full stop: `Cannot keep the change`
 *  @throws UnavailableError 'cannot-write-file' */
export function writing<T>(failed: string, run: () => T, details: ErrorDetails = {}): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw cannotWrite(failed, cause, details);
  }
}

/** @param failed as above */
export function cannotWrite(failed: string, cause: unknown, details: ErrorDetails = {}): UnavailableError {
  return new UnavailableError('cannot-write-file', `${failed}: ${systemReason(cause)}.`, details, { cause });
}
