// How evenly DMX frames leave by USB: real ports (a pair of ptys) with a widget that is not ours at their other end.
//
//   node test/bench/dmx-usb-jitter.ts [SECONDS]
//
// Prints a line for each driver and rate: the intervals between frames in ms, as they left and as they arrived.
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { DmxUsbBridge } from '../../src-main/bridges/dmx-usb/dmx-usb-bridge.ts';
import type { FramePaceReading } from '../../src-main/contract/device.ts';
import { FramePace } from '../../src-main/core/dmx/frame-pace.ts';
import { micros } from '../../src-main/contract/units.ts';
import { createPreciseClock } from '../../src-main/platform/precise-clock.ts';
import { createSerialAccess } from '../../src-main/platform/serial/serial-access.ts';
import { dmxUsbSettings } from '../bridges/bridge-settings.ts';
import { levelAt } from '../bridges/dmx-usb/levels.ts';
import { startWidget } from '../integration/dmx-widget.ts';
import { startPtyLine } from '../pty-line.ts';
import { silentLog } from '../silent-log.ts';

const seconds = Number(process.argv[2] ?? 10);
const worker = new URL('../../src-main/workers/wake-up-worker.ts', import.meta.url);
const clock = createPreciseClock({ worker, log: silentLog });
const serial = createSerialAccess({ clock, log: silentLog });
const runs = [
  ...[1, 10, 20, 30, 40, 44].map((rate) => ({ driver: 'enttec-pro', rate }) as const),
  ...[10, 30, 40, 44].map((rate) => ({ driver: 'open-dmx', rate }) as const),
];

console.log('driver      wanted  left: Hz     p50     p99     max   arrived: p50     p99     max  faults');
for (const { driver, rate } of runs) {
  const line = await startPtyLine();
  const widget = await startWidget(line.ends[1], driver === 'open-dmx' ? 'open' : 'pro');
  const bridge = new DmxUsbBridge(dmxUsbSettings({ port: line.ends[0], driver, rate }), {
    clock,
    log: silentLog,
    serial,
  });
  const host = {
    publish: nothing,
    returned: nothing,
    fault: nothing,
    schedule: () => 'full' as const,
    addresses: () => [],
  };
  await bridge.start({ ...host, counts: new Map() });
  bridge.apply([levelAt(1, 255)]);
  await wait(1000 * Math.max(seconds, 3 / rate));
  const { frames } = bridge.status();
  const { gaps, faults } = await widget.report();
  const parts = [driver.padEnd(10), String(rate).padStart(7), figures(frames, true), figures(paceOf(gaps), false)];
  console.log(`${parts.join('  ')}  ${String(faults.length).padStart(6)}`);
  await bridge.stop();
  await widget.leave();
  await line.unplug();
}
await clock.close();

function figures(pace: FramePaceReading | undefined, withRate: boolean): string {
  if (!pace) return '-';
  const numbers = [...(withRate ? [pace.rateHz] : []), pace.p50Ms, pace.p99Ms, pace.maxMs];
  return numbers.map((number) => number.toFixed(2).padStart(8)).join('');
}

function paceOf(gapsMs: readonly number[]): FramePaceReading | undefined {
  const pace = new FramePace();
  let at = 0;
  pace.sent(micros(at));
  for (const gap of gapsMs) pace.sent(micros((at += gap * 1000)));
  return pace.reading();
}

function nothing(): void {
  // Nobody listens.
}
