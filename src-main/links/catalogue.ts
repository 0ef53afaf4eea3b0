import type { ClaspBridge } from '../contract/show.ts';
import type { Bridge } from '../ports/bridge.ts';
import type { LinkNeeds } from '../ports/link.ts';

/** Makes the link that a show describes; it is not started yet. Its client is loaded once a show uses it. */
export async function createLink(settings: ClaspBridge, needs: LinkNeeds): Promise<Bridge> {
  return new (await import('./clasp/clasp-link.ts')).ClaspLink(settings, needs);
}
