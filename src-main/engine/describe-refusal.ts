import { errorNumber, type Refusal } from '../core/router/requests/refusal.ts';
import type { Router } from '../core/router/router.ts';

/** Why the router did not take a signal of our own, in an operator's words, without full stop: `locked by Phone`. */
export function describeRefusal({ params, nameOf }: Pick<Router, 'params' | 'nameOf'>, refusal: Refusal): string {
  if (refusal.code !== errorNumber.lockHeld) return refusal.message.replace(/\.$/, '');
  const holder = params.get(refusal.address ?? '')?.holder;
  const name = holder === undefined ? undefined : nameOf(holder);
  return `locked by ${name === undefined || name === '' ? 'another client' : name}`;
}
