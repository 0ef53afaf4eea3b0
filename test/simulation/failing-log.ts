import { messageOf } from '../../src-main/contract/errors.ts';
import type { Log, LogFields } from '../../src-main/ports/log.ts';

/** What may be said when the disk fails, as it does here. */
const allowed = new Set(['params are not kept over a restart', 'signals are not kept']);

/** A log in which an error is a fault of the product: inside a simulation nobody but the disk may fail. */
export function failingLog(onFault: (text: string) => void): Log {
  const nothing = (): void => undefined;
  const error = (message: string, { reason, cause }: LogFields = {}): void => {
    if (!allowed.has(message))
      onFault(`${message}: ${String(reason)} ${cause instanceof Error ? (cause.stack ?? messageOf(cause)) : ''}`);
  };
  const log: Log = { error, warn: nothing, info: nothing, debug: nothing, child: () => log };
  return log;
}
