import { parsePattern, type Pattern } from './address.ts';
import { InputError } from './errors.ts';
import { contains, type Looks } from './pattern-contain.ts';

/** What may be done, each with all that stands before it. */
export const scopeActions = ['read', 'write', 'admin'] as const;
export type ScopeAction = (typeof scopeActions)[number];

/** One thing that whoever has it may do: `write:/desk/**`. */
export interface Scope {
  readonly action: ScopeAction;
  readonly pattern: Pattern;
}

/** Of one token. */
export const scopesMax = 64;

const actionOf: Readonly<Record<string, ScopeAction>> = {
  read: 'read',
  r: 'read',
  write: 'write',
  w: 'write',
  admin: 'admin',
  a: 'admin',
  '*': 'admin',
};

/** `action:pattern`, the action also as its first letter, admin also as `*`.
 *  @throws InputError 'bad-scope', saying what was expected
 *  @see CLASP-WIRE §14 */
export function parseScope(text: string): Scope {
  const at = text.indexOf(':');
  const name = text.slice(0, Math.max(at, 0));
  const action = Object.hasOwn(actionOf, name) ? actionOf[name] : undefined;
  if (!action) {
    throw new InputError('bad-scope', 'A scope is read, write or admin, then : and a pattern: write:/desk/**.', {
      scope: text.slice(0, 80),
    });
  }
  try {
    return { action, pattern: parsePattern(text.slice(at + 1)) };
  } catch (cause) {
    const because = cause instanceof InputError ? cause.message : 'It is not a pattern.';
    throw new InputError('bad-scope', `The pattern of the scope: ${because}`, { scope: text.slice(0, 80) }, { cause });
  }
}

/** Several with commas between; spaces around them do not count.
 *  @throws InputError 'bad-scope', also for none and for more than `scopesMax` */
export function parseScopes(text: string): readonly Scope[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > scopesMax) throw new InputError('bad-scope', `At most ${scopesMax} scopes.`);
  return parts.map(parseScope);
}

export function formatScope({ action, pattern }: Scope): string {
  return `${action}:${pattern}`;
}

/** Whether who may do the first may do the second: admin is more than write, write more than read. */
export function includes(wide: ScopeAction, narrow: ScopeAction): boolean {
  return scopeActions.indexOf(wide) >= scopeActions.indexOf(narrow);
}

/** Whether one scope allows all that the other allows. */
export function scopeContains(outer: Scope, inner: Scope, looks?: Looks): boolean {
  return includes(outer.action, inner.action) && contains(outer.pattern, inner.pattern, looks);
}
