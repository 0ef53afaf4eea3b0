import { MessageChannelMain, type WebContents } from 'electron';
import { channels } from '../contract/shell-channels.ts';
import { lostFromPage } from './lost-words.ts';

/** Over what the page itself takes: for its way here and back. */
const answerWithinMs = 200;

/** Has the page hand on what stands in its fields, before it goes away.
 *  @param withinMs how long the page waits for the engine to have it
 *  @returns what would be lost with the page, in words; nothing is known of a page that hangs, crashed or does not answer */
export function settlePage(contents: WebContents, withinMs: number): Promise<readonly string[]> {
  const { port1, port2 } = new MessageChannelMain();
  return new Promise((resolve) => {
    const done = (lost: unknown): void => {
      clearTimeout(late);
      resolve(lostFromPage(lost));
      // Tells of its close at once.
      port2.close();
    };
    const late = setTimeout(done, withinMs + answerWithinMs);
    port2
      .once('message', ({ data }) => {
        done(data);
      })
      .once('close', () => {
        done(undefined);
      });
    port2.start();
    contents.postMessage(channels.settle, withinMs, [port1]);
  });
}
