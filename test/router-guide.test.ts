import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addressBytesMax } from '../src-main/contract/address.ts';
import { easings } from '../src-main/contract/show.ts';
import { conflictStrategies, fromJson } from '../src-main/contract/signal.ts';
import { defaultLatePolicy } from '../src-main/core/clock/late-policy.ts';
import { routerLimits } from '../src-main/core/router/limits.ts';
import { errorNumber } from '../src-main/core/router/requests/refusal.ts';
import { decodeTimelineRequest } from '../src-main/core/timeline/timeline-carrier.ts';
import type { TimelineCommand } from '../src-main/core/timeline/timeline-command.ts';
import type { PlayState, TimelineReport } from '../src-main/core/timeline/timeline-report.ts';
import type { Keyframe, Timeline } from '../src-main/core/timeline/timeline.ts';

const guide = readFileSync(new URL('../docs/router.md', import.meta.url), 'utf8');
const mib = 1024 * 1024;
/** All of them, or the compiler says which is missing. */
const timelineWords = {
  ...({ keyframes: 1, loop: 1, startTime: 1, duration: 1, tickRate: 1 } satisfies Record<keyof Timeline, 1>),
  ...({ time: 1, value: 1, easing: 1, bezier: 1 } satisfies Record<keyof Keyframe, 1>),
  ...({ play: 1, pause: 1, resume: 1, stop: 1, seek: 1, rate: 1, loop: 1, remove: 1 } satisfies Commands),
  ...({ waiting: 1, playing: 1, paused: 1, stopped: 1, finished: 1 } satisfies Record<PlayState, 1>),
  ...({ state: 1, position: 1, rate: 1, loop: 1, at: 1 } satisfies Record<keyof TimelineReport['status'], 1>),
};
type Commands = Record<TimelineCommand['command'], 1>;
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
    ['how far ahead', [`${count(defaultLatePolicy.aheadMax / 3_600_000)} hours`]],
    ['an address', [count(addressBytesMax)]],
    ['timelines, and', [count(routerLimits.timelinesMax), `${routerLimits.timelinesBytesMax / mib} MiB`]],
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

  it('[RT461] names every key, easing, command and state of a timeline, and what it shows of them is taken', () => {
    const chapter = guide.split('## ').find((part) => part.startsWith('Timelines')) ?? '';
    for (const word of [...Object.keys(timelineWords), ...easings, 'autoplay', 'command'])
      expect(chapter).toContain(`\`${word}\``);
    const [, whole = ''] = /```json\n([^`]+)```/.exec(chapter) ?? [];
    const typed = [...chapter.matchAll(/flyrail pub \S+ '([^']+)' --signal timeline/g)].map(([, json = '']) => json);
    const requests = [whole, ...typed].map((json) => decodeTimelineRequest(fromJson(JSON.parse(json))));
    expect(requests).toMatchObject([
      { kind: 'put', timeline: { keyframes: [{}, { easing: 'cubic-bezier' }, { easing: 'linear' }], tickRate: 100 } },
      { kind: 'put', autoplay: true },
      { kind: 'command', command: { command: 'pause' } },
    ]);
  });

  it('[RT462] says how strategies stand on the wire', () => {
    const codes = conflictStrategies.map((strategy, code) => `${code} \`${strategy}\``).join(', ');
    expect(guide.replaceAll(/\s+/g, ' ')).toContain(`(${codes})`);
  });
});
