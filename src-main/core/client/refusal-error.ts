import { AppError, type ErrorCode } from '../../contract/errors.ts';
import { tryNeverArrived } from '../protocol/arrivals.ts';
import { tryLeftOut } from '../protocol/left-out.ts';
import { formatLocked, isLockDenied, tryHolder } from '../protocol/lock-answers.ts';
import { messageType, type AckMessage, type ErrorMessage } from '../protocol/messages.ts';
import type { Answer } from './outgoing.ts';

const codes: Readonly<Record<number, ErrorCode>> = {
  200: 'bad-address',
  201: 'unknown-address',
  202: 'bad-pattern',
  400: 'changed-meanwhile',
  401: 'param-locked',
  402: 'bad-value',
  403: 'access-refused',
  404: 'unknown-address',
  429: 'rate-exceeded',
  502: 'bundle-missed',
};

/** What a router's ERROR means for the one who asked. `details.number` is the ERROR's number, `details.address` the address
 *  it names, `holder` who has the lock, where the router says it; `samples`, `moves` and `values` count what we did not get since we read too slowly (`LeftOut`); `neverArrived`
 *  counts what should have come while we were away and never will, or is 'unknown'.
 *  @see CLASP-WIRE §11 */
export function refusalError({ code, message, address }: Pick<ErrorMessage, 'code' | 'message' | 'address'>): AppError {
  const text = message === '' ? `The router answered with ERROR ${code}.` : message;
  const leftOut = code === 503 ? tryLeftOut(text) : undefined;
  const holder = code === 401 ? tryHolder(text) : undefined;
  const never = code === 503 ? tryNeverArrived(text) : undefined;
  return new AppError(codeOf(code), text, {
    number: code,
    ...(address !== undefined && { address }),
    ...(holder !== undefined && { holder }),
    ...(leftOut && { ...leftOut }),
    ...(never && { neverArrived: never.count ?? 'unknown' }),
  });
}

/** What an answer refuses; undefined when it refuses nothing. */
export function refusalIn(answer: Answer): AppError | undefined {
  if (answer === 'sent' || !('type' in answer)) return undefined;
  if (answer.type === messageType.error) return refusalError(answer);
  return answer.type === messageType.ack && isLockDenied(answer) ? lockDeniedError(answer) : undefined;
}

/** `details.holder` is the session id of who holds the lock. */
function lockDeniedError({ address, holder }: AckMessage): AppError {
  const text = holder === undefined ? 'The param is locked.' : formatLocked(holder);
  return new AppError('param-locked', text, {
    number: 401,
    ...(address !== undefined && { address }),
    ...(holder !== undefined && { holder }),
  });
}

/** 300..399: no try will go better until somebody repairs the token. */
export function isAccessRefusal(number: number): boolean {
  return number >= 300 && number <= 399;
}

function codeOf(number: number): ErrorCode {
  if (isAccessRefusal(number)) return 'access-refused';
  return codes[number] ?? (number >= 500 ? 'peer-failed' : 'peer-refused');
}
