import { MessageChannelMain, type WebContents } from 'electron';
import { channels } from '../contract/shell-channels.ts';

/** Has the page hand on what stands in a field, before it goes away. Resolves when the engine has it; a page that hangs,
 *  crashed, or does not answer within `withinMs`, is not waited for. */
export function settlePage(contents: WebContents, withinMs: number): Promise<void> {
  const { port1, port2 } = new MessageChannelMain();
  return new Promise((resolve) => {
    const late = setTimeout(done, withinMs);
    port2.once('message', done).once('close', done);
    port2.start();
    contents.postMessage(channels.settle, null, [port1]);

    function done(): void {
      clearTimeout(late);
      port2.close();
      resolve();
    }
  });
}
