import { createBridge, type BridgeNeeds } from '../bridges/catalogue.ts';

import { UnavailableError } from '../contract/errors.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import { text } from '../contract/signal.ts';
import type { Router } from '../core/router/router.ts';
import { routerMark } from '../links/clasp/mirrors.ts';
import { createLink } from '../links/catalogue.ts';
import type { LinkMemory, LinkNeeds } from '../ports/link.ts';
import type { Bridge } from '../ports/bridge.ts';

/** What links need of this machine. */
export type LinkSurroundings = Pick<LinkNeeds, 'routerId' | 'secret' | 'openDialler'>;

interface OpenBridgeOptions extends BridgeNeeds {
  readonly router: Pick<Router, 'openLocal'>;
  readonly links: LinkSurroundings | undefined;
}

/** Makes what a show describes, bridges and links alike; it is not started yet. */
export function createOpenBridge({
  router,
  links,
  ...needs
}: OpenBridgeOptions): (bridge: BridgeSettings) => Promise<Bridge> {
  const memories = new Map<string, LinkMemory>();
  let isMarked = false;
  return async (bridge) => {
    if (bridge.kind !== 'clasp')
      return createBridge(bridge, { ...needs, secret: links?.secret, routerId: links?.routerId });
    if (!links) throw new UnavailableError('cannot-open-port', 'Links to other routers are not to be had here.');
    if (!isMarked)
      router.openLocal('links').publish([{ kind: 'param', address: routerMark, value: text(links.routerId) }]);
    isMarked = true;
    return createLink(bridge, { ...needs, ...links, memory: memoryOf(bridge.id, bridge.settings.url) });
  };

  /** Of the newest place that it led to. */
  function memoryOf(id: string, url: string): LinkMemory {
    const key = `${id} ${url}`;
    const memory: LinkMemory = memories.get(key) ?? (new Map() as LinkMemory);
    for (const other of memories.keys()) if (other.startsWith(`${id} `)) memories.delete(other);
    memories.set(key, memory);
    return memory;
  }
}
