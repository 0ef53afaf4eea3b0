import { setTimeout as delay } from 'node:timers/promises';

/** How often the condition is looked at: often enough to lose no time, and without taking the machine from others. */
const lookEveryMs = 2;

/** Waits until the condition holds.
 *  @throws Error naming what it waited for, after `withinMs` */
export async function until(what: string, condition: () => boolean, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for: ${what}`);
    await delay(lookEveryMs);
  }
}

/** Looks on, all the while, that the condition holds: for what must not happen.
 *  @throws Error naming it as soon as it does not hold */
export async function staysTrue(what: string, condition: () => boolean, forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  do {
    if (!condition()) throw new Error(`It did not stay true: ${what}`);
    await delay(lookEveryMs);
  } while (performance.now() < end);
}
