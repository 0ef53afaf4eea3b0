import type { MessageLink } from '../../src-main/contract/message-link.ts';
import type { LinkSource } from './link-source.ts';

/** Links through the desktop window's preload, which keeps one link at a time to the engine's process. After the engine
 *  was restarted the preload's link carries messages again. */
export function createPortLinkSource(link: MessageLink): LinkSource {
  return {
    open: () =>
      Promise.resolve({
        send: (message) => link.send(message),
        onMessage: (run) => link.onMessage(run),
        onClose: (run) => link.onClose(run),
        // The port is the shell's: closed from here, it would not come back.
        close: () => undefined,
      }),
  };
}
