import { InputError, LimitError } from '../../contract/errors.ts';
import type { PairingTry } from './pairing.ts';

/** @param waitMs until the next PIN can be tried */
export function tooSoon(waitMs: number): LimitError {
  const seconds = Math.ceil(waitMs / 1000);
  return new LimitError('rate-exceeded', `Too many wrong PINs. The next can be tried in ${seconds} s.`, { waitMs });
}

export function wrongPin(): InputError {
  return new InputError('wrong-pin', 'That is not it.');
}

export function wrongCode({ attemptsLeft }: Pick<PairingTry, 'attemptsLeft'>): InputError {
  const left = attemptsLeft === 0 ? 'Start another pairing' : `${attemptsLeft} left`;
  return new InputError('wrong-code', `The code is wrong or has run out. ${left}.`, { attemptsLeft });
}
