import type { Page } from '@playwright/test';
import { expect, test as base } from './serve.ts';

interface WatchedFixtures {
  /** Problems that belong to what a test does, as when it kills the engine; every other one fails it. */
  readonly allowedProblems: RegExp | undefined;
  /** runs by itself around each test */
  readonly watch: PageWatch;
}

export interface PageWatch {
  /** what the page complained of so far, in words */
  readonly problems: readonly string[];
  /** From now on the page may complain: its engine is about to go. */
  end(): void;
}

/** A test with a headless engine behind it whose page may not complain: no error and no warning in the console, no
 *  exception, no breach of its policy, and no request to anyone but its own engine. */
export const test = base.extend<WatchedFixtures>({
  allowedProblems: [undefined, { option: true }],
  serving: async ({ serving, watch }, use) => {
    await use(serving);
    watch.end();
  },
  watch: [
    async ({ page, allowedProblems }, use) => {
      const watch = await watchPage(page);
      await use(watch);
      expect(watch.problems.filter((problem) => allowedProblems?.test(problem) !== true)).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export async function watchPage(page: Page): Promise<PageWatch> {
  const problems: string[] = [];
  let ended = false;
  const complain = (problem: string): void => {
    if (!ended) problems.push(problem);
  };
  const asked = (url: string): void => {
    if (!isOwn(url)) complain(`asks ${url}`);
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complain(`exception: ${error.message}`));
  page.on('request', (request) => asked(request.url()));
  page.on('websocket', (socket) => asked(socket.url()));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} stops ${blockedURI}`);
    });
  });
  return { problems, end: () => (ended = true) };
}

/** The page's own engine, and what never leaves the page. */
function isOwn(url: string): boolean {
  return /^(https?|wss?):\/\/127\.0\.0\.1:|^(app|data|blob|about):/.test(url);
}
