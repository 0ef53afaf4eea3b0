import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyShow, type Bridge, type ShowDocument } from '../../src-main/contract/show.ts';
import { dmxUsbSettings } from '../bridges/bridge-settings.ts';
import { sampleMapping } from '../show-samples.ts';
import type { PtyLine } from '../pty-line.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPtyLine } from '../transports/serial/pty-line.ts';
import { hasPython, startWidget, type Widget } from './dmx-widget.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { runFlyrail, startServe } from './flyrail-process.ts';
import { writeShow } from './serve-shows.ts';

/** One line to lamps, one from a desk, and a mapping between them. */
function linesShow(lamps: string, desk: string): ShowDocument {
  const heard: Bridge = {
    ...dmxUsbSettings({ port: desk, direction: 'in', universe: 7, prefix: '/in' }),
    ...{ id: 'desk', number: 4, name: 'Desk' },
  };
  const mapping = sampleMapping(1);
  const through = {
    ...mapping,
    source: { pattern: '/in/7/1' },
    target: { ...mapping.target, address: '/dmx/1/9' },
    transforms: [],
  };
  return { ...emptyShow('gala', 'Gala'), bridges: [dmxUsbSettings({ port: lamps }), heard], mappings: [through] };
}

describe('the built product at a DMX interface', () => {
  skipUnless(hasProgram('socat'), notInstalled('socat', 'socat'));
  skipUnless(hasPython, 'no python3 here');

  it('[DU24][DU43] sends and hears at two lines, is live after a replug within 2 s, and neither line feels the other', async () => {
    const data = temporaryFolder();
    const [lamps, desk] = [join(data, 'lamps'), join(data, 'desk')];
    let { line, widget: lamp } = await plug(lamps);
    const { widget: wing } = await plug(desk);
    const serving = startServe(data, ['--show', writeShow(data, linesShow(lamps, desk))]);
    const { clasp } = await serving.ready();
    const pub = async (address: string, value: string): Promise<void> =>
      expect(await runFlyrail(['pub', address, value, '--url', clasp.url])).toMatchObject({ code: 0 });
    const devices = async (): Promise<Record<string, { state: string; reason: string }>> => {
      const { stdout } = await runFlyrail(['devices', '--data', data, '--json']);
      const all = stdout.split('\n').filter(Boolean);
      return Object.fromEntries(
        all.map((each) => {
          const device = JSON.parse(each) as { id: string; state: string; reason: string };
          return [device.id, device];
        }),
      );
    };

    await pub('/dmx/1/1', '0.5');
    wing.tell('dmx 200,1');
    await see(lamp, [128, 0, 0, 0, 0, 0, 0, 0, 200]);
    expect((await runFlyrail(['devices', '--data', data])).stdout).toContain(
      '     Simulated Widgets Pty One, serial number 12345678, firmware 1.44\n',
    );

    await line.unplug();
    await comes('the loss', async () => (await devices())['dmx1']?.state === 'broken');
    // The desk has sent one frame, and that a while ago.
    expect(['connected', 'late']).toContain((await devices())['desk']?.state);
    wing.tell('dmx 100,1');
    await pub('/dmx/1/2', '1.0');
    await lamp.leave();

    ({ line, widget: lamp } = await plug(lamps));
    const from = performance.now();
    await comes('a frame', async () => (await lamp.report()).last.length > 0);
    expect(performance.now() - from).toBeLessThan(2000);
    const back = await see(lamp, [128, 255, 0, 0, 0, 0, 0, 0, 100]);
    expect(back.faults).toEqual([]);

    expect(await runFlyrail(['dmx', 'blackout', 'on', '--data', data])).toMatchObject({ code: 0 });
    await see(lamp, [0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(await runFlyrail(['dmx', 'blackout', 'off', '--data', data])).toMatchObject({ code: 0 });
    await see(lamp, [128, 255, 0, 0, 0, 0, 0, 0, 100]);
    expect(await serving.stop()).toMatchObject({ code: 0 });
    for (const widget of [lamp, wing]) await widget.leave();
    await line.unplug();
  }, 90_000);
});

/** A line with a widget that runs when the port comes, as one on a cable does. */
async function plug(port: string): Promise<{ readonly line: PtyLine; readonly widget: Widget }> {
  const line = await openPtyLine();
  const widget = await startWidget(line.ends[1], 'pro');
  rmSync(port, { force: true });
  symlinkSync(line.ends[0], port);
  return { line, widget };
}

/** Asks the widget until it has these levels in its first slots. */
async function see(widget: Widget, first: readonly number[]) {
  let report = await widget.report();
  await comes(`levels ${first.join()}`, async () => {
    report = await widget.report();
    return report.last.slice(0, first.length).join() === first.join();
  });
  return report;
}

/** As `until`, for what has to be asked of somebody else. */
async function comes(what: string, ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await ask())) if (performance.now() > deadline) throw new Error(`Waited in vain for: ${what}`);
}
