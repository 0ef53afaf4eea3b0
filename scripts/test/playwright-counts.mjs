import { countSkip, leaveCounts, noCounts } from './counts.mjs';

/** A Playwright reporter; a test that only passed when tried again counts as failed. */
export default class PlaywrightCounts {
  #unexpected = 0;
  /** @type {import('@playwright/test/reporter').Suite | undefined} */
  #suite;

  /** @param {import('@playwright/test/reporter').FullConfig} _config
   *  @param {import('@playwright/test/reporter').Suite} suite */
  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** An error outside any test: a file that does not load, a set-up that fails. */
  onError() {
    this.#unexpected += 1;
  }

  onEnd() {
    const counts = noCounts();
    counts.failed += this.#unexpected;
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === 'expected') counts.passed += 1;
      else if (outcome === 'skipped') countSkip(counts, { title: titleOf(test), reason: reasonOf(test) });
      else counts.failed += 1;
    }
    leaveCounts(counts);
  }

  printsToStdio() {
    return false;
  }
}

/** @param {import('@playwright/test/reporter').TestCase} test */
function titleOf(test) {
  return test.titlePath().filter(Boolean).join(' › ');
}

/** @param {import('@playwright/test/reporter').TestCase} test
 *  @returns {string | undefined} */
function reasonOf(test) {
  const annotations = [...test.annotations, ...test.results.flatMap((result) => result.annotations)];
  return annotations.find(({ type, description }) => type === 'skip' && description)?.description;
}
