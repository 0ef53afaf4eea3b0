/** @param {readonly import('./run-step.mjs').StepResult[]} results
 *  @returns {string} one line a step: outcome, time, counts */
export function table(results) {
  const width = Math.max(...results.map((result) => result.title.length));
  return results.map((result) => row(result, width)).join('\n');
}

/** The line that CI reads, and the last one printed.
 *  @param {readonly import('./counts.mjs').Counts[]} results */
export function summaryLine(results) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    String(results.reduce((total, result) => total + result[key], 0));
  return `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`;
}

/** @param {import('./run-step.mjs').StepResult} result
 *  @param {number} width */
function row(result, width) {
  const time = `${(result.durationMs / 1000).toFixed(1)} s`.padStart(8);
  return `${result.failed > 0 ? 'FAIL' : 'ok  '}  ${result.title.padEnd(width)} ${time}  ${summaryLine([result])}`;
}
