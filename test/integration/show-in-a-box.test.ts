import { existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeKinds } from '../../src-main/contract/bridges/bridge-form.ts';
import { planAll } from '../box/plans.ts';
import { reportOf } from '../box/report.ts';
import { runBox } from '../box/run-box.ts';
import { skipUnless } from '../skip-unless.ts';
import { hasProgram, notInstalled } from './find-program.ts';

// The official CLASP client reports every ACK on the console.
beforeEach(() => {
  for (const method of ['log', 'debug', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation(() => undefined);
});

/** Five minutes by `npm run box`; otherwise long enough to pull every plug once. */
const seconds = Number(process.env['FLYRAIL_BOX_SECONDS'] ?? (process.env['npm_lifecycle_event'] === 'box' ? 300 : 60));

/** What has its device stands still no longer than this beyond what is usual in the run: a busy machine holds up everything. */
const gapMsMax = 3000;

describe('a show in a box', () => {
  skipUnless(['socat', 'python3'].every(hasProgram), notInstalled('socat and python3', 'socat python3'));
  skipUnless(hasProgram('mosquitto'), notInstalled('mosquitto', 'mosquitto'));
  skipUnless(hasProgram('cc') && existsSync('/usr/include/ltc.h'), notInstalled('libltc', 'libltc-dev'));
  it(
    '[EE21] keeps what each protocol promises, with all of them at once, and no unplugged device disturbs another',
    async () => {
      const plans = [];
      for (const plan of planAll) plans.push(await plan());
      expect(new Set(plans.flatMap(({ bridge }) => bridge?.kind ?? []))).toEqual(new Set(bridgeKinds));
      const result = await runBox(plans, seconds * 1000);
      const report = reportOf(result, seconds);
      process.stdout.write(`${report}\n`);
      const file = process.env['FLYRAIL_BOX_REPORT'];
      if (file !== undefined) writeFileSync(file, `${report}\n`);
      expect(result.passages.filter(({ lost, came }) => lost > 0 || came === 0)).toEqual([]);
      // Guests of the web door, which have nothing that would wait for them, stay.
      const stayed = result.passages.filter(({ backMs }) => backMs === undefined);
      expect(stayed.filter(({ way }) => !/REST|door/.test(way))).toEqual([]);
      const gaps = result.passages.map(({ longestGapMs }) => longestGapMs).toSorted((left, right) => left - right);
      const usualMs = gaps[gaps.length >> 1] ?? 0;
      expect(result.passages.filter(({ longestGapMs }) => longestGapMs > usualMs + gapMsMax)).toEqual([]);
      const { disturbed, unnoticed, stillAway } = result;
      expect({ disturbed, unnoticed, stillAway }).toEqual({ disturbed: [], unnoticed: [], stillAway: [] });
    },
    (seconds + 120) * 1000,
  );
});
