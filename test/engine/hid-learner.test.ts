import { describe, expect, it } from 'vitest';
import { HidLearner, learnDevicesMax, learnSilence } from '../../src-main/engine/hid-learner.ts';
import { fakeAccess, FakeHidPorts, hidInfo } from '../bridges/hid/fake-hid.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';

const device = 'hid=0b33:0020';

describe('learning HID controls for the window', () => {
  it('[HI23] listens to a device while it is asked, tells what is moved, and lets it go after that', async () => {
    const { learner, ports, clock } = make();
    expect(learner.listen(device, '')).toMatchObject({ problem: 'Looking for the device.' });
    await clock.advanceAsync(0);
    expect(learner.listen(device, '')).toMatchObject({ problem: null, resting: true, heard: [] });
    await clock.advanceAsync(1200);
    ports.report('00 00 00 10 00');
    ports.report('00 00 04 00 00');
    const { heard, reports, resting } = learner.listen(device, '');
    expect([reports, resting]).toEqual([2, false]);
    expect(heard.map(({ control, known, raw }) => [control.name, known, raw])).toEqual([
      ['b2-2', false, 1],
      ['button/1', true, 0],
    ]);
    expect(ports.openPaths).toHaveLength(1);
    await clock.advanceAsync(learnSilence + 100);
    expect([ports.openPaths, clock.waiting]).toEqual([[], 0]);
  });

  it('[HI23] says why nothing can be heard, and listens to a few devices at once only', async () => {
    const { learner, ports, clock } = make();
    expect(learner.listen('', '').problem).toBe('Choose a device first.');
    ports.infos = [];
    learner.listen(device, '');
    await clock.advanceAsync(0);
    expect(learner.listen(device, '').problem).toBe('The device 0b33:0020 is not plugged in.');
    for (let at = 1; at < learnDevicesMax; at++) learner.listen(`hid=0b33:000${at}`, '');
    expect(learner.listen('hid=0b33:0009', '').problem).toBe('Too many devices are being learned at once.');
    await learner.stop();
    expect([ports.openPaths, clock.waiting]).toEqual([[], 0]);
  });
});

function make() {
  const [ports, clock] = [new FakeHidPorts(), new SimulatedClock()];
  ports.infos = [hidInfo()];
  return { ports, clock, learner: new HidLearner({ access: fakeAccess(ports, clock), clock, log: silentLog }) };
}
