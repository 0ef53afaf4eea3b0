import type { Scenario, Step } from './scenario.ts';

/** Takes steps out of a scenario for as long as it fails without them: halves first, then ever smaller parts.
 *  @param fails whether a scenario still shows the fault
 *  @param triesMax of `fails`; what is left by then is given */
export async function shrink(
  scenario: Scenario,
  fails: (scenario: Scenario) => Promise<boolean>,
  triesMax = 150,
): Promise<Scenario> {
  let { steps } = scenario;
  let tries = 0;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < steps.length && tries < triesMax;) {
      const fewer = without(steps, at, size);
      tries++;
      if (await fails({ ...scenario, steps: fewer })) steps = fewer;
      else at += size;
    }
  }
  return { ...scenario, steps };
}

function without(steps: readonly Step[], at: number, count: number): readonly Step[] {
  return [...steps.slice(0, at), ...steps.slice(at + count)];
}
