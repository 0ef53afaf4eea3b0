import { describe, expect, it } from 'vitest';
import { HidBridge } from '../../../src-main/bridges/hid/hid-bridge.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import type { HidBridge as HidBridgeSettings } from '../../../src-main/contract/bridges/hid.ts';
import { hidControlSchema } from '../../../src-main/contract/hid-control.ts';
import { hidLayoutSchema } from '../../../src-main/contract/hid-layout.ts';
import { bool, f64, text, toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import type { HidInfo } from '../../../src-main/ports/hid-ports.ts';
import { gestureSilence } from '../../../src-main/core/gesture/active-gestures.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { describeDeviceBridge } from '../../conformance/device-bridge.ts';
import { plainPad } from '../../fixtures/hid/descriptors.ts';
import { padded } from '../../fixtures/hid/recorded-reports.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { hidSettings } from '../bridge-settings.ts';
import { fakeAccess, FakeHidPorts, hidInfo } from './fake-hid.ts';

const deck = { vendorId: 0x0fd9, productId: 0x0080, serialNumber: 'CL1', product: 'Stream Deck MK.2' };
const dualsense = { vendorId: 0x054c, productId: 0x0ce6, product: 'DualSense Wireless Controller' };

describeDeviceBridge('HidBridge', {
  prefix: '/hid',
  sends: param('/hid/brightness', f64(0.5)),
  refuses: param('/hid/brightness', text('loud')),
  make: (isThere) => {
    const ports = new FakeHidPorts();
    const clock = new SimulatedClock();
    const plugIn = (): void => {
      ports.infos = [hidInfo(deck)];
      ports.takeSent();
    };
    if (isThere) plugIn();
    return {
      bridge: new HidBridge(hidSettings({ device: 'hid=0fd9:0080:CL1' }), {
        clock,
        log: silentLog,
        hid: fakeAccess(ports, clock),
      }),
      plugIn,
      unplug: () => ports.unplug(),
      pass: (ms) => clock.advanceAsync(ms),
      open: () => ports.openPaths.length + clock.waiting,
      received: () => ports.sent.length,
      close: () => Promise.resolve(),
    };
  },
});

describe('HID bridge', () => {
  it('[HI12] tells buttons at once as params, and steps of a jog as events', async () => {
    const { ports, heard } = await open();
    ports.report('00 10 00 10 00');
    expect(heard()).toEqual([
      ...['param shuttle 0', 'param button/1 1', 'param button/2 0', 'param button/3 0', 'param button/4 0'],
      'param button/5 0',
    ]);
    ports.report('00 12 00 00 01');
    expect(heard()).toEqual(['param button/1 0', 'param button/5 1', 'event jog 2']);
    ports.report('f9 12 00 00 01');
    expect(heard()).toEqual([]);
  });

  it('[HI12] tells buttons as events and gestures where it is told so, and none for what was never pressed', async () => {
    const events = await open({ buttons: 'event' });
    events.ports.report('00 00 00 10 00');
    events.ports.report('00 00 00 00 00');
    expect(events.heard().filter((line) => line.includes('button'))).toEqual(['event button/1 1', 'event button/1 0']);
    const gestures = await open({ buttons: 'gesture' });
    gestures.ports.report('00 00 00 30 00');
    gestures.ports.report('00 00 00 20 00');
    expect(gestures.heard().filter((line) => line.includes('button'))).toEqual([
      ...['gesture button/1 1 start 1', 'gesture button/2 1 start 2', 'gesture button/1 0 end 1'],
    ]);
  });

  it('[HI12] makes a gesture of a stick until it rests, and of a jog until it is quiet', async () => {
    const { ports, heard, clock } = await open({ axes: 'gesture', jogs: 'gesture' });
    ports.report('00 00 00 00 00');
    ports.report('07 01 00 00 00');
    ports.report('03 02 00 00 00');
    await clock.advanceAsync(20);
    ports.report('00 02 00 00 00');
    expect(heard().filter((line) => !line.includes('button'))).toEqual([
      ...[
        'gesture shuttle 1 start 1',
        'gesture jog 1 start 2',
        'gesture shuttle 0.4286 move 1',
        'gesture jog 2 move 2',
      ],
      'gesture shuttle 0 end 1',
    ]);
    await clock.advanceAsync(270);
    expect(heard()).toEqual([]);
    await clock.advanceAsync(40);
    expect(heard()).toEqual(['gesture jog 2 end 2']);
  });

  it('[HI12] lets a jog move a param from 0 to 1, from where somebody else put it', async () => {
    const { bridge, ports, heard, clock } = await open({ jogs: 'param', jogStep: 0.1 });
    ports.report('00 05 00 00 00');
    ports.report('00 08 00 00 00');
    await clock.advanceAsync(100);
    expect(heard().filter((line) => line.includes('jog'))).toEqual(['param jog 0.3']);
    bridge.apply([param('/hid/jog', f64(0.95))]);
    ports.report('00 09 00 00 00');
    await clock.advanceAsync(100);
    expect(heard()).toEqual(['param jog 1']);
    expect(bridge.status().refusedTotal).toBe(0);
  });

  it('[HI29] tells each touch of a strip as an event with its place, or as its control says', async () => {
    const plus = hidInfo({ vendorId: 0x0fd9, productId: 0x0084, product: 'Stream Deck +' });
    const changes = [
      { name: 'strip/hold', as: 'param' as const, deadzone: null, invert: true },
      { name: 'strip/swipe/to', as: 'gesture' as const, deadzone: null, invert: false },
    ];
    const { ports, heard } = await open({ device: 'hid=0fd9:0084', changes }, [plus]);
    for (const what of ['01', '01', '02', '03']) ports.report(`01 02 0e 00 ${what} 01 00 00 20 00 1f 03 20 00`);
    expect(heard()).toEqual([
      ...['event strip/tap 0', 'event strip/tap 0', 'param strip/hold 1'],
      ...['event strip/swipe/from 0', 'event strip/swipe/to 1'],
    ]);
    ports.unplug();
    expect(heard()).toEqual([]);
  });

  it('[HI13] tells of an axis the newest at most so often, adds up steps, and never holds back that it rests', async () => {
    const { ports, heard, clock } = await open({ rate: 10 });
    ports.report('00 00 00 00 00');
    heard();
    await clock.advanceAsync(1000);
    for (let at = 1; at <= 50; at++) {
      ports.report(`0${1 + (at % 7)} ${at.toString(16).padStart(2, '0')} 00 00 00`);
      await clock.advanceAsync(10);
    }
    const told = heard();
    expect(told.length).toBeLessThanOrEqual(12);
    expect(sumOf(told)).toBeGreaterThanOrEqual(41);
    ports.report('05 32 00 00 00');
    ports.report('00 32 00 00 00');
    const rest = heard();
    expect(rest).toEqual(['param shuttle 0']);
    await clock.advanceAsync(200);
    expect(sumOf([...told, ...heard()])).toBe(50);
  });

  it('[HI14] lets go of what is held when it is unplugged, brings sticks back, and cancels gestures', async () => {
    const { ports, heard, clock } = await open({ axes: 'gesture' });
    ports.report('07 00 00 30 00');
    heard();
    ports.unplug();
    expect(heard()).toEqual(['gesture shuttle 1 cancel 1', 'param button/1 0', 'param button/2 0']);
    ports.infos = [hidInfo()];
    await clock.advanceAsync(1100);
    ports.report('00 00 00 00 00');
    expect(heard().filter((line) => line.includes(' 1'))).toEqual([]);
  });

  it('[HI25] tells nothing of a gesture behind its cancel, though a move waited for its turn', async () => {
    const { ports, heard } = await open({ axes: 'gesture', jogs: 'gesture' });
    ports.report('00 10 00 00 00');
    heard();
    for (const report of ['01 11 00 00 00', '02 12 00 00 00', '03 13 00 00 00']) ports.report(report);
    heard();
    ports.unplug();
    expect(heard()).toEqual(['gesture shuttle 0.4286 cancel 1', 'gesture jog 3 cancel 2']);
  });

  it('[HI27] keeps a gesture under way as long as a switch or a stick is held, and ends it once', async () => {
    const { ports, heard, clock } = await open({ buttons: 'gesture', axes: 'gesture', rate: 1 });
    ports.report('07 00 00 10 00');
    expect(heard()).toEqual(['gesture shuttle 1 start 1', 'gesture button/1 1 start 2']);
    for (let minute = 0; minute < 3; minute++) {
      for (const _ of [0, 1, 2]) {
        await clock.advanceAsync(gestureSilence - 1000 - 10_000);
        expect(heard()).toEqual(expect.arrayContaining(['gesture shuttle 1 move 1', 'gesture button/1 1 move 2']));
      }
    }
    // One more move waits for its turn.
    ports.report('06 00 00 10 00');
    ports.report('05 00 00 10 00');
    await clock.advanceAsync(10_000);
    heard();
    ports.report('00 00 00 00 00');
    await clock.advanceAsync(60_000);
    expect(heard()).toEqual(['gesture shuttle 0 end 1', 'gesture button/1 0 end 2']);
    expect(clock.waiting).toBe(0);
  });

  it.each(['param', 'event'] as const)(
    '[HI14] leaves them as they are where it is told so, until the device says otherwise: %s',
    async (buttons) => {
      const { bridge, ports, heard, clock } = await open({ onUnplug: 'hold', buttons });
      ports.report('07 00 00 30 00');
      heard();
      ports.unplug();
      expect(heard()).toEqual([]);
      expect(bridge.status().reason).toContain('Held as they were: shuttle, button/1, button/2.');
      ports.infos = [hidInfo()];
      await clock.advanceAsync(1100);
      expect(heard()).toEqual([]);
      ports.report('03 40 00 20 00');
      // Its counter stood elsewhere when it went: that is no step.
      expect(heard()).toEqual([`${buttons} button/1 0`, 'param shuttle 0.4286']);
      ports.report('00 40 00 00 00');
      expect(heard()).toEqual(['param shuttle 0', `${buttons} button/2 0`]);
    },
  );

  it('[HI14] lets go of what it held for a device that is away when the bridge stops', async () => {
    const { bridge, ports, heard } = await open({ onUnplug: 'hold', buttons: 'event' });
    ports.report('07 00 00 10 00');
    ports.unplug();
    heard();
    await bridge.stop();
    expect(heard()).toEqual(['param shuttle 0', 'event button/1 0']);
  });

  it('[HI14] lets go of what it held when the device comes back with other controls', async () => {
    const layout = (bit: number) =>
      hidLayoutSchema.parse({
        ...{ format: 1, name: 'Mine', devices: [{ vendor: '0b33', product: '0020' }] },
        controls: [{ name: `pedal/${bit}`, byte: 3, bit }],
      });
    const own = { mine: layout(4) };
    const { ports, heard, clock } = await open({ onUnplug: 'hold' }, [hidInfo()], new FakeHidPorts(), own);
    ports.report('00 00 00 10 00');
    ports.unplug();
    heard();
    own.mine = layout(5);
    ports.infos = [hidInfo()];
    await clock.advanceAsync(1100);
    expect(heard()).toEqual(['param pedal/4 0']);
  });

  it('[HI14] lets go of what is held when the bridge stops', async () => {
    const { bridge, ports, heard } = await open();
    ports.report('00 00 00 10 00');
    heard();
    await bridge.stop();
    expect(heard()).toEqual(['param button/1 0']);
  });

  it('[HI18] sets lamps and levels from 0 to 1, by one report each, of which the newest leaves', async () => {
    const { bridge, ports, clock } = await open({ device: 'hid=054c:0ce6' }, [hidInfo(dualsense)]);
    ports.report(padded('01', 64));
    bridge.apply([
      param('/hid/light/red', f64(1)),
      param('/hid/light/blue', f64(0.5)),
      param('/hid/led/player/3', bool(true)),
    ]);
    bridge.apply([param('/hid/light/red', f64(0))]);
    await clock.advanceAsync(0);
    const sent = ports.takeSent();
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatch(/^output 020315/);
    expect(sent.map((line) => line.slice(-8))).toEqual(['04ff0080', '04000080']);
    expect(bridge.status()).toMatchObject({ outTotal: 4, refusedTotal: 0 });
    bridge.apply([
      param('/hid/light/red', f64(1.5)),
      param('/hid/a', f64(1)),
      { ...param('/hid/light/red', f64(0)), kind: 'timeline' },
    ]);
    expect(bridge.status()).toMatchObject({ outTotal: 4, refusedTotal: 3 });
    expect(bridge.status().reason).toContain('takes no timelines');
  });

  it.each([
    ['hid=054c:0ce6', padded('31 01', 78), '31020315', 46 - 4, '108a8787'],
    ['hid=054c:0ce6', padded('01 80 80 80 80 08', 10), '31020315', 46 - 4, '108a8787'],
    ['hid=054c:05c4', padded('11 c0', 78), '11c40007', 8 - 4, 'd310f87f'],
  ])(
    '[HI28] sends in the way in which the device speaks, with a checksum by Bluetooth: %s',
    async (device, spoken, begins, zeros, sum) => {
      const [vendorId, productId] = [0x054c, Number.parseInt(device.slice(-4), 16)];
      const { bridge, ports, clock } = await open({ device }, [hidInfo({ vendorId, productId })]);
      bridge.apply([param('/hid/light/red', f64(1))]);
      await clock.advanceAsync(1000);
      expect(ports.takeSent()).toEqual([]);
      ports.report(spoken);
      await clock.advanceAsync(0);
      const ahead = `${begins}${'00'.repeat(zeros)}ff`;
      expect(ports.takeSent()).toEqual([`output ${ahead.padEnd(74 * 2, '0')}${sum}`]);
      ports.report(spoken);
      await clock.advanceAsync(0);
      expect(ports.takeSent()).toEqual([]);
      // By cable from now on.
      ports.report(padded('01', 64));
      await clock.advanceAsync(0);
      expect(ports.takeSent().map((line) => line.length)).toEqual([
        'output '.length + 2 * (productId === 0x0ce6 ? 48 : 32),
      ]);
    },
  );

  it('[HI30] tells model and serial number of the device while it is there', async () => {
    const { bridge, ports, clock } = await open({ device: 'hid=0fd9:0080' }, [
      { ...hidInfo(deck), manufacturer: 'Elgato', product: 'Stream Deck', serialNumber: 'CL123' },
    ]);
    expect(bridge.status().device).toEqual({ model: 'Elgato Stream Deck', serialNumber: 'CL123' });
    ports.writeFault = 'could not write';
    bridge.apply([param('/hid/brightness', f64(1))]);
    await clock.advanceAsync(0);
    expect(bridge.status()).not.toHaveProperty('device');
  });

  it('[HI18] counts what it is sent while the device is away, and opens one anew that does not take it', async () => {
    const { bridge, host, ports, clock } = await open({ device: 'hid=0fd9:0080' }, [hidInfo(deck)]);
    ports.writeFault = 'could not write';
    bridge.apply([param('/hid/brightness', f64(1))]);
    await clock.advanceAsync(0);
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining('did not take') as string,
    });
    bridge.apply([param('/hid/brightness', f64(1))]);
    expect(bridge.status().reason).toContain('1 value was not sent meanwhile.');
    // It is listed still: it is not opened and lost without end.
    ports.writeFault = undefined;
    await clock.advanceAsync(400);
    expect(ports.openPaths).toEqual([]);
    await clock.advanceAsync(1100);
    expect([bridge.status().state, host.returns]).toEqual(['connected', 1]);
  });

  it('[HI10] sends what a device wants to hear first, and works where it does not know it', async () => {
    const pro = hidInfo({ vendorId: 0x057e, productId: 0x2009, product: 'Pro Controller' });
    const { ports } = await open({ device: 'hid=057e:2009' }, [pro]);
    expect(ports.takeSent().map((line) => line.slice(0, 13))).toEqual(['output 800200', 'output 800400']);
    const other = new FakeHidPorts();
    other.writeFault = 'no such report';
    const bluetooth = await open({ device: 'hid=057e:2009' }, [pro], other);
    other.report('3f 02 00 08 00 80 00 80 00 80 00 80');
    expect(bluetooth.heard()).toContain('param a 1');
    expect(bluetooth.bridge.status().state).toBe('connected');
  });

  it('[HI4] knows a device without a layout by its own description, where the system tells it', async () => {
    const pad = hidInfo({ vendorId: 0x1234, productId: 0x0001, usagePage: 1, usage: 5 });
    const ports = new FakeHidPorts();
    ports.descriptions.set(pad.path, plainPad);
    const { bridge, heard } = await open({ device: 'hid=1234:0001' }, [pad], ports);
    ports.report('ff 80 80 80 00 ff');
    expect(heard()).toEqual(['param y 0', 'param rx 0', 'param ry 0', 'param x 1', 'param z 0', 'param rz 1']);
    expect(bridge.status().reason).toContain('what it says of itself');
    const silent = await open({ device: 'hid=1234:0001' }, [pad]);
    expect(silent.bridge.status()).toMatchObject({ state: 'trouble' });
    expect(silent.bridge.status().reason).toContain('Learn its controls');
    const broken = new FakeHidPorts();
    broken.descriptions.set(pad.path, Uint8Array.of(0xc0));
    const odd = await open({ device: 'hid=1234:0001' }, [pad], broken);
    expect(odd.bridge.status().reason).toContain('cannot be read');
  });

  it('[HI19] has controls of its own beside the layout, and changed ones', async () => {
    const own = [
      hidControlSchema.parse({ name: 'go', byte: 3, bit: 4 }),
      hidControlSchema.parse({ name: 'button/5', byte: 2, bit: 0 }),
    ];
    const changes = [{ name: 'shuttle', as: 'stream' as const, deadzone: null, invert: true }];
    const { ports, heard, clock } = await open({ controls: own, changes });
    ports.report('07 00 01 10 01');
    await clock.advanceAsync(100);
    const told = heard();
    expect(told).toContain('param go 1');
    expect(told).toContain('param button/5 1');
    expect(told).toContain('stream shuttle -1');
    const alone = await open({ controls: own, layout: 'none' });
    alone.ports.report('07 00 00 10 00');
    expect(alone.heard()).toEqual(['param go 1', 'param button/5 0']);
  });

  it('[HI11] takes the layout that is named, an own one first, and says that there is none of a name', async () => {
    const layout = hidLayoutSchema.parse({
      format: 1,
      name: 'Mine',
      devices: [{ vendor: '0B33', product: '0020' }],
      controls: [{ name: 'any', byte: 3, bits: 8 }],
    });
    const mine = await open({}, [hidInfo()], new FakeHidPorts(), { mine: layout });
    mine.ports.report('00 00 00 10 00');
    expect(mine.heard()).toEqual(['param any 1']);
    const named = await open({ layout: 'shuttle-pro' });
    named.ports.report('00 00 00 10 00');
    expect(named.heard()).toContain('param button/5 1');
    const missing = await open({ layout: 'nothing' });
    expect(missing.bridge.status()).toMatchObject({ state: 'broken' });
    expect(missing.bridge.status().reason).toContain('There is no layout nothing');
  });

  it('[HI16] stays up and says why where the machine has no HID, or may not open the device', async () => {
    const ports = new FakeHidPorts();
    ports.fault = 'HID devices cannot be used on this machine: libusb-1.0.so.0 is missing.';
    const { bridge, clock, host } = await open({}, [hidInfo()], ports);
    expect(bridge.status()).toMatchObject({ state: 'broken', reason: expect.stringContaining('libusb') as string });
    ports.fault = undefined;
    ports.openFault = '/dev/hidraw0 may not be opened by this user.';
    await clock.advanceAsync(1000);
    expect(bridge.status().reason).toContain('may not be opened');
    ports.openFault = undefined;
    await clock.advanceAsync(1000);
    expect([bridge.status().state, host.returns]).toEqual(['connected', 1]);
  });

  it('[HI16] says at its start that there are no HID devices to be had where none are given', async () => {
    const bridge = new HidBridge(hidSettings(), { clock: new SimulatedClock(), log: silentLog });
    await expect(bridge.start(new RecordingHost())).rejects.toThrow('HID devices are not to be had here.');
    await bridge.stop();
  });
});

async function open(
  settings: Partial<HidBridgeSettings['settings']> = {},
  infos: readonly HidInfo[] = [hidInfo()],
  ports = new FakeHidPorts(),
  own: Parameters<typeof fakeAccess>[2] = {},
) {
  ports.infos = [...infos];
  const [clock, host] = [new SimulatedClock(), new RecordingHost()];
  const bridge = new HidBridge(hidSettings(settings), { clock, log: silentLog, hid: fakeAccess(ports, clock, own) });
  await bridge.start(host);
  await clock.advanceAsync(0);
  return { bridge, host, ports, clock, heard: () => host.published.splice(0).map(line) };
}

function line(signal: Signal): string {
  const words = `${signal.kind} ${signal.address.slice('/hid/'.length)} ${String(toJson(signal.value))}`;
  return signal.kind === 'gesture' ? `${words} ${signal.phase} ${signal.gestureId}` : words;
}

function param(address: string, value: Value): Extract<Signal, { kind: 'param' }> {
  return { kind: 'param', address: address as Address, value };
}

function sumOf(lines: readonly string[]): number {
  return lines
    .filter((each) => each.startsWith('event jog'))
    .reduce((sum, each) => sum + Number(each.split(' ')[2]), 0);
}
