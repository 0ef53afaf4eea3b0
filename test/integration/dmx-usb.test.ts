import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DmxUsbBridge } from '../../src-main/bridges/dmx-usb/dmx-usb-bridge.ts';
import { encodeMessage, proLabel } from '../../src-main/bridges/dmx-usb/pro-messages.ts';
import { ProSplitter } from '../../src-main/bridges/dmx-usb/pro-splitter.ts';
import { toJson } from '../../src-main/contract/signal.ts';
import { createSerialAccess } from '../../src-main/platform/serial/serial-access.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { systemPorts } from '../../src-main/platform/serial/system-ports.ts';
import { lineSettings } from '../../src-main/platform/serial/line-settings.ts';
import { dmxUsbSettings } from '../bridges/bridge-settings.ts';
import { levelAt } from '../bridges/dmx-usb/levels.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { silentLog } from '../silent-log.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPtyLine } from '../transports/serial/pty-line.ts';
import { until } from '../until.ts';
import { hasPython, startWidget, type Widget } from './dmx-widget.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { NetworkHall } from './network-hall.ts';
import { canMakeNamespaces, noNamespaces } from './network-namespace.ts';
import { hasOla, oladDevice, startOlad } from './olad.ts';

const isPossible = await canMakeNamespaces();
const clock = createSystemClock();
const serial = createSerialAccess({ clock, log: silentLog });
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A bridge that runs, and gets what stands when its device is there, as the engine does it. */
async function startBridge(
  some: Parameters<typeof dmxUsbSettings>[0],
): Promise<{ bridge: DmxUsbBridge; host: RecordingHost }> {
  const bridge = new DmxUsbBridge(dmxUsbSettings(some), { clock, log: silentLog, serial });
  const host = new RecordingHost();
  closers.push(() => bridge.stop());
  await bridge.start(host);
  return { bridge, host };
}

async function plugWidget(port: string, ...args: ['pro' | 'open', number?]): Promise<Widget> {
  const widget = await startWidget(port, ...args);
  closers.push(() => widget.leave());
  return widget;
}

describe('DMX over USB, with a widget that is not ours at the other end of a line', () => {
  skipUnless(hasProgram('socat'), notInstalled('socat', 'socat'));
  skipUnless(hasPython, 'no python3 here');

  it('[DU19] sends a USB Pro whole frames at the rate of the settings, without a fault', async () => {
    const { ends } = await openPtyLine();
    const widget = await plugWidget(ends[1], 'pro');
    const { bridge } = await startBridge({ port: ends[0], rate: 44, breakMicros: 176 });
    expect(bridge.status()).toMatchObject({ state: 'connected', seenAt: null });
    expect(bridge.status().reason).toMatch(/^Ready: Simulated Widgets Pty One 12345678\./);
    bridge.apply([levelAt(1, 255), levelAt(512, 1)]);
    await until('a hundred frames', () => bridge.status().outTotal >= 100);
    const report = await widget.report();
    expect(report.faults).toEqual([]);
    expect(report.frames).toBeGreaterThanOrEqual(99);
    expect([report.last.length, report.last[0], report.last[511]]).toEqual([512, 255, 1]);
    expect([report.config, report.sets]).toEqual([[16, 1, 40], 1]);
    bridge.apply([levelAt(2, 77)]);
    const sent = bridge.status().outTotal;
    await until('two more frames', () => bridge.status().outTotal >= sent + 2);
    expect((await widget.report()).last.slice(0, 2)).toEqual([255, 77]);
  });

  it('[DU39] tells a USB Pro the rate of its own frames at the first attach alone', async () => {
    const { ends } = await openPtyLine();
    const widget = await plugWidget(ends[1], 'pro');
    for (const _attach of [1, 2]) {
      const { bridge } = await startBridge({ port: ends[0], rate: 15 });
      expect(bridge.status().reason).toMatch(/^Ready: .* is sent from its first value on\.$/);
      const { faults, config, sets } = await widget.report();
      expect([faults, config, sets]).toEqual([[], [9, 1, 15], 1]);
      await bridge.stop();
    }
  });

  it('[DU19] sends Open DMX whole frames, one behind the other, on a port that knows no break', async () => {
    const { ends } = await openPtyLine();
    const widget = await plugWidget(ends[1], 'open');
    const { bridge } = await startBridge({ port: ends[0], driver: 'open-dmx', rate: 44 });
    bridge.apply([levelAt(1, 255), levelAt(512, 1)]);
    await until('a hundred frames', () => bridge.status().outTotal >= 100);
    const report = await widget.report();
    expect(report.faults).toEqual([]);
    expect(report.frames).toBeGreaterThanOrEqual(99);
    expect([report.last.length, report.last[0], report.last[511]]).toEqual([512, 255, 1]);
    // A frame of 513 slots takes 22.57 ms on the line: none is sent sooner than that after the one before, on the whole.
    expect(report.gaps.reduce((sum, gap) => sum + gap, 0) / report.gaps.length).toBeGreaterThan(22.57);
    expect(bridge.status().reason).toContain('The port knows no line break');
  });

  it('[DU19] hears a USB Pro, over noise too', async () => {
    const { ends } = await openPtyLine();
    const widget = await plugWidget(ends[1], 'pro');
    const { bridge, host } = await startBridge({ port: ends[0], direction: 'in', universe: 5 });
    widget.tell('dmx 1,2,3');
    widget.tell('noise');
    widget.tell('dmx 1,200,3');
    await until('both frames', () => bridge.status().inTotal >= 2);
    expect(host.published.map(({ address, value }) => [address, toJson(value)])).toEqual([
      ['/dmx/5/1', 1],
      ['/dmx/5/2', 2],
      ['/dmx/5/3', 3],
      ['/dmx/5/2', 200],
    ]);
    expect((await widget.report()).mode).toBe(0);
  });

  it('[DU19] is live again after a replug with the levels it had, and says meanwhile that it is away', async () => {
    const folder = temporaryFolder();
    const [port, far] = [join(folder, 'dmx'), join(folder, 'far')];
    let line = await openPtyLine([port, far]);
    await plugWidget(far, 'pro');
    const { bridge, host } = await startBridge({ port });
    host.returned = () => bridge.apply([levelAt(1, 9)]);
    bridge.apply([levelAt(1, 9), levelAt(2, 8)]);
    await until('some frames', () => bridge.status().outTotal > 3);
    for (let time = 0; time < 3; time++) {
      await line.unplug();
      await until('the loss to be noticed', () => bridge.status().state === 'broken');
      expect(bridge.status().reason).toMatch(/(was lost: .*|is not there: plug it in)\. Flyrail looks for it/);
      line = await openPtyLine([port, far]);
      const widget = await plugWidget(far, 'pro');
      const sent = bridge.status().outTotal;
      await until('frames again', () => bridge.status().outTotal > sent + 1);
      expect((await widget.report()).last.slice(0, 3)).toEqual([9, 8, 0]);
    }
  });

  it('[DU16] says that the port is in use, takes it when it is free, and frees it when it stops', async () => {
    const { ends } = await openPtyLine();
    await plugWidget(ends[1], 'pro');
    const other = await systemPorts.open(ends[0], lineSettings({}));
    const { bridge } = await startBridge({ port: ends[0] });
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: `${ends[0]} is in use by Flyrail itself: give every bridge a port of its own. Flyrail looks for it and takes it again by itself.`,
    });
    await new Promise<void>((resolve) => other.close(() => resolve()));
    await until('the port to be taken', () => bridge.status().state === 'connected');
    await bridge.stop();
    const next = await startBridge({ port: ends[0] });
    expect(next.bridge.status().state).toBe('connected');
  });

  it('[DU6] says of a line at which nobody answers that it is no USB Pro', async () => {
    const { ends } = await openPtyLine();
    const { bridge } = await startBridge({ port: ends[0] });
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining('does not answer as a DMX USB Pro') as string,
    });
  });
});

describe('what olad sends a USB Pro', () => {
  skipUnless(hasProgram('socat'), notInstalled('socat', 'socat'));
  skipUnless(isPossible, noNamespaces);
  skipUnless(hasOla, notInstalled('olad', 'ola'));
  const hall = new NetworkHall();
  beforeAll(async () => {
    if (isPossible && hasOla) await hall.build();
  }, 60_000);
  afterAll(async () => {
    if (isPossible && hasOla) await hall.tearDown();
  });

  it('[DU20] is read by our decoder, and our answers by olad', async () => {
    const folder = temporaryFolder();
    const devices = join(folder, 'dev');
    mkdirSync(devices);
    chmodSync(devices, 0o777);
    const line = await openPtyLine([join(devices, 'ttyUSB0')]);
    chmodSync(line.ends[0], 0o666);
    const port = await systemPorts.open(line.ends[1], lineSettings({}));
    closers.push(() => new Promise<void>((resolve) => port.close(() => resolve())));
    const frames: number[][] = [];
    const splitter = new ProSplitter({
      onMessage: ({ label, data }) => {
        if (label === proLabel.sendDmx) frames.push([...data]);
        const answer = answers.get(label);
        if (answer) port.write(encodeMessage(label, Uint8Array.from(answer)));
      },
      onSkipped: () => undefined,
    });
    port.on('data', (chunk) => splitter.read(chunk, clock.nowMicros()));
    const ola = await startOlad(hall, { folder, plugins: usbWidgetsAlone(devices), awaits: /Usb Pro/ });
    expect(ola.devices).toContain('Serial #: 12345678, firmware 1.44');
    await ola.run('ola_patch', '-d', oladDevice(ola, /Enttec/), '-p', '0', '-u', '7');
    await ola.run('ola_set_dmx', '-u', '7', '-d', '10,20,30');
    await until('the frame of olad', () => frames.length > 0);
    expect(frames.at(-1)).toEqual([0, 10, 20, 30]);
  });
});

/** As an ENTTEC widget answers. */
const answers = new Map<number, number[]>([
  [proLabel.parameters, [44, 1, 9, 1, 40]],
  [proLabel.serialNumber, [0x78, 0x56, 0x34, 0x12]],
]);

/** All that OLA may know of, but USB widgets: off. */
function usbWidgetsAlone(devices: string): Record<string, string> {
  const others = ['artnet', 'dummy', 'e131', 'espnet', 'ftdidmx', 'gpio', 'karate', 'kinet', 'milinst', 'nanoleaf'];
  const more = ['opendmx', 'openpixelcontrol', 'osc', 'pathport', 'renard', 'sandnet', 'shownet', 'spi', 'spidmx'];
  const off = [...others, ...more, 'stageprofi', 'usbdmx', 'uartdmx'].map((name) => [name, 'enabled = false\n']);
  return {
    ...(Object.fromEntries(off) as Record<string, string>),
    usbserial: `device_dir = ${devices}\ndevice_prefix = ttyUSB\nenabled = true\n`,
  };
}
