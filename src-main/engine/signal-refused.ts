import { AppError, InputError, LimitError } from '../contract/errors.ts';
import { errorNumber, type Refusal } from '../core/router/requests/refusal.ts';

/** What a person is told whose signal the router did not take.
 *  @param words see `describeRefusal` */
export function signalRefused({ code }: Refusal, words: string): AppError {
  const message = `Nothing was sent: ${words}.`;
  if (code === errorNumber.limitReached) return new LimitError('too-many-items', message);
  return code === errorNumber.lockHeld ? new InputError('param-locked', message) : new InputError('bad-value', message);
}
