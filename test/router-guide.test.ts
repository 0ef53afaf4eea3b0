import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routerLimits } from '../src-main/core/router/limits.ts';
import { errorNumber } from '../src-main/core/router/requests/refusal.ts';

const guide = readFileSync(new URL('../docs/router.md', import.meta.url), 'utf8');
const mib = 1024 * 1024;
const count = (number: number): string => number.toLocaleString('en');

describe('docs/router.md', () => {
  it('[RP31] explains every number of ERROR, each once, and no other', () => {
    const [, table = ''] = guide.split('| ERROR | when |');
    const explained = [...table.matchAll(/^\| (\d{3}) \| \S.* \|$/gm)].map(([, number]) => Number(number));
    expect(explained).toEqual(Object.values(errorNumber));
  });

  it.each([
    ['sessions', [count(routerLimits.sessionsMax)]],
    ['subscriptions of', [count(routerLimits.subscriptionsPerSessionMax), count(routerLimits.subscriptionsMax)]],
    ['params, and', [count(routerLimits.paramsMax), `${routerLimits.paramBytesMax / mib} MiB`]],
    ['announced', [count(routerLimits.announcedMax), `${routerLimits.announcedBytesMax / mib} MiB`]],
    ['bundles that wait', [count(routerLimits.scheduledMax), `${routerLimits.scheduledBytesMax / mib} MiB`]],
    ['messages of a session', [count(routerLimits.atOncePerTurnMax), `${String(routerLimits.turnMicros / 1000)} ms`]],
  ])('[RP31] gives the limit of %s as it is', (what, values) => {
    const row = guide.split('\n').find((line) => line.startsWith(`| ${what}`)) ?? '';
    for (const value of values) expect(row).toContain(value);
  });

  it('[RP31] says when a slow session is closed', () => {
    const { outboxMessagesMax, outboxBytesMax } = routerLimits;
    expect(guide).toContain(`Past ${count(outboxMessagesMax)} messages or ${outboxBytesMax / mib} MiB`);
  });
});
