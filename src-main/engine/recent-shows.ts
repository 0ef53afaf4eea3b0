import { messageOf } from '../contract/errors.ts';
import { sameShowRef } from '../contract/show-ref.ts';
import { recentShowsMax, type EngineSettingsStore, type RecentShow } from '../ports/engine-settings.ts';
import type { Log } from '../ports/log.ts';

/** Puts a show first in the machine's list of recent ones. A list that cannot be kept stands in nobody's way. */
export async function rememberShow(
  { settings, log }: { readonly settings: EngineSettingsStore; readonly log: Log },
  show: RecentShow,
): Promise<void> {
  const others = settings.current().recentShows.filter(({ ref }) => !sameShowRef(ref, show.ref));
  try {
    await settings.update({ recentShows: [show, ...others].slice(0, recentShowsMax) });
  } catch (error) {
    log.warn('the list of recent shows is not kept', { reason: messageOf(error) });
  }
}
