import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../src-main/contract/address.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import { toJson } from '../../src-main/contract/signal.ts';
import { createRouter } from '../../src-main/core/router/router.ts';
import { createShowRunner } from '../../src-main/engine/show-runner.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { fakeAccess, FakeHidPorts, hidInfo } from '../bridges/hid/fake-hid.ts';
import { hidSettings } from '../bridges/bridge-settings.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { until } from '../until.ts';

describe('HID devices of a show that runs', () => {
  it('[HI15] two equal ones stay apart, and one that is unplugged does not touch the other', async () => {
    const [clock, ports, random] = [new SimulatedClock(), new FakeHidPorts(), createSystemRandom()];
    const router = createRouter({ clock, random, log: silentLog, name: 'test', defer: setImmediate });
    ports.infos = [hidInfo({ path: 'a', place: 'usb-1' }), hidInfo({ path: 'b', place: 'usb-2' })];
    const runner = createShowRunner({
      ...{ clock, router, random, log: silentLog, hid: fakeAccess(ports, clock) },
      ...{ hub: { emit: () => undefined }, onLive: () => undefined },
    });
    const bridges = [1, 2].map((number) => ({
      ...hidSettings({ device: `hid=0b33:0020@usb-${number}`, prefix: `/pad${number}` }),
      ...{ id: `pad${number}`, number, name: `Pad ${number}` },
    }));
    runner.apply({ ...emptyShow('gala', 'Gala'), bridges });
    const states = (): string[] => runner.devices().map(({ state }) => state);
    await until('both to be there', () => {
      clock.advance(100);
      return states().join() === 'connected,connected';
    });
    ports.report('00 00 00 10 00', 'a');
    ports.report('00 00 00 20 00', 'b');
    const pressed = (): string[] =>
      router
        .current(parsePattern('/**'))
        .filter(({ value }) => toJson(value) === 1)
        .map(({ address }) => address)
        .toSorted();
    await until('both to be pressed', () => pressed().join() === '/pad1/button/1,/pad2/button/2');
    ports.unplug('a');
    await until('one to be let go', () => pressed().join() === '/pad2/button/2');
    expect(ports.openPaths).toEqual(['b']);
    ports.infos = [...ports.infos, hidInfo({ path: 'c', place: 'usb-1' })];
    await clock.advanceAsync(2000);
    expect([states(), ports.openPaths]).toEqual([
      ['connected', 'connected'],
      ['b', 'c'],
    ]);
    ports.report('00 00 00 40 00', 'c');
    await until('another to be pressed', () => pressed().join() === '/pad1/button/3,/pad2/button/2');
    await runner.stop();
    expect(ports.openPaths).toEqual([]);
  });
});
