import type { MessageLink } from '../../src-main/contract/message-link.ts';
import type { ShellApi } from '../../src-main/contract/shell-api.ts';
import type { LinkSource } from './link-source.ts';
import { createPortLinkSource } from './port-link.ts';
import { createWebSocketLinkSource } from './websocket-link.ts';

declare global {
  interface Window {
    /** what the desktop window's preload exposes; absent in a browser */
    readonly flyrail?: { readonly link: MessageLink; readonly shell: ShellApi };
  }
}

/** The preload's port in the desktop window, a WebSocket in a browser. */
export function chooseLink(page: Window): { source: LinkSource; shell: ShellApi | undefined } {
  if (page.flyrail) return { source: createPortLinkSource(page.flyrail.link), shell: page.flyrail.shell };
  const source = createWebSocketLinkSource({
    fetch: page.fetch.bind(page),
    openSocket: (url) => new WebSocket(url),
    location: page.location,
    replaceUrl: (url) => {
      page.history.replaceState(null, '', url);
    },
    onHashChange: (run) => {
      page.addEventListener('hashchange', run);
      return () => {
        page.removeEventListener('hashchange', run);
      };
    },
  });
  return { source, shell: undefined };
}
