import type { MessageLink } from '../../src-main/contract/message-link.ts';
import type { ShellApi } from '../../src-main/contract/shell-api.ts';
import { createLoginDoor, type LoginDoor, type LoginMeans } from './login-door.ts';
import type { LinkSource } from './link-source.ts';
import { createPortLinkSource } from './port-link.ts';
import { createWebSocketLinkSource } from './websocket-link.ts';

declare global {
  interface Window {
    /** what the desktop window's preload exposes; absent in a browser */
    readonly flyrail?: { readonly link: MessageLink; readonly shell: ShellApi };
  }
}

interface ChosenLink {
  readonly source: LinkSource;
  readonly shell: ShellApi | undefined;
  /** how a page of a browser comes in; undefined in the desktop window */
  readonly door: LoginDoor | undefined;
}

/** The preload's port in the desktop window, a WebSocket in a browser. */
export function chooseLink(page: Window): ChosenLink {
  if (page.flyrail) {
    return { source: createPortLinkSource(page.flyrail.link), shell: page.flyrail.shell, door: undefined };
  }
  const entries = new Set<() => boolean>();
  const door = createLoginDoor(loginMeans(page, entries), page.location.hash);
  if (page.location.hash.startsWith('#pair=')) page.history.replaceState(null, '', page.location.pathname);
  const socketSource = createWebSocketLinkSource({
    logInByKey: () => door.withKey(),
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
  const source: LinkSource = {
    open: () => socketSource.open(),
    onFreshWay: (run) => {
      const cancel = socketSource.onFreshWay?.(run);
      entries.add(run);
      return () => {
        cancel?.();
        entries.delete(run);
      };
    },
  };
  return { source, shell: undefined, door };
}

/** What proves a secret is loaded when somebody logs in. */
function loginMeans(page: Window, entries: ReadonlySet<() => boolean>): LoginMeans {
  return {
    fetch: page.fetch.bind(page),
    storage: storageOf(page),
    prove: async (way, password) => (await import('./login-proof.ts')).proveLogin(way, password),
    stretch: async (pin, salt) => (await import('./login-proof.ts')).stretchPin(pin, salt),
    entered: () => {
      for (const run of entries) run();
    },
  };
}

function storageOf(page: Window): Storage | undefined {
  try {
    return page.localStorage;
  } catch {
    return undefined;
  }
}
