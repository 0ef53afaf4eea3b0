import { AppError, InputError } from '../contract/errors.ts';
import type { Bridge, ShowDocument } from '../contract/show.ts';
import { bridgePattern } from '../contract/bridges/bridge-pattern.ts';

/** Refuses an edit that gives a bridge a prefix under which nothing can be. One that was there before (a file made
 *  elsewhere) does not stand in the way of other edits, so that its bridge can be switched off: its status says what to
 *  repair. The schema takes it for the same reason.
 *  @throws InputError 'bad-address' */
export function refuseBadPrefixes(before: ShowDocument, after: ShowDocument): void {
  if (before.bridges === after.bridges) return;
  const known = new Map(before.bridges.map(({ id, settings }) => [id, settings.prefix]));
  for (const bridge of after.bridges) if (known.get(bridge.id) !== bridge.settings.prefix) refuseBadPrefix(bridge);
}

function refuseBadPrefix({ id, name, settings: { prefix } }: Bridge): void {
  try {
    bridgePattern(prefix);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    const shown = prefix.length > 60 ? `${prefix.slice(0, 59)}…` : prefix;
    const message = `${name} cannot have the prefix ${shown}. ${cause.message} Nothing was changed.`;
    throw new InputError('bad-address', message, { bridgeId: id });
  }
}
