import { countSkip, leaveCounts, noCounts } from './counts.mjs';

/** A vitest reporter. vitest's own JSON does not carry the reasons of skipped tests. */
export default class VitestCounts {
  /** @param {readonly import('vitest/node').TestModule[]} modules
   *  @param {readonly unknown[]} unhandledErrors */
  onTestRunEnd(modules, unhandledErrors) {
    const counts = noCounts();
    counts.failed += unhandledErrors.length;
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) countTest(counts, test);
    }
    leaveCounts(counts);
  }
}

/** @param {import('./counts.mjs').Counts} counts
 *  @param {import('vitest/node').TestCase} test */
function countTest(counts, test) {
  const result = test.result();
  if (result.state === 'passed') counts.passed += 1;
  else if (result.state === 'skipped') countSkip(counts, { title: test.fullName, reason: result.note });
  else counts.failed += 1;
}
