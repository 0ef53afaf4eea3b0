import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { bleLimits, type BleLimits } from '../../../src-main/transports/ble/ble-limits.ts';
import { isNamed, PeripheralSearch } from '../../../src-main/transports/ble/peripheral-search.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { SimulatedAir, SimulatedLink, type SimulatedPeripheral } from './simulated-air.ts';

function search(name?: string, limits: Partial<BleLimits> = {}) {
  const clock = new SimulatedClock();
  const air = new SimulatedAir({ clock });
  const radio = air.central();
  const links: SimulatedLink[] = [];
  const counts = { full: 0 };
  const cancel = PeripheralSearch.begin({
    radio,
    name,
    clock,
    log: silentLog,
    limits: { ...bleLimits, ...limits },
    accept: (link) => {
      if (link instanceof SimulatedLink) links.push(link);
    },
    onFull: () => counts.full++,
  });
  const show = (called: string): SimulatedPeripheral => {
    const device = air.peripheral();
    device.advertise(called, () => undefined);
    return device;
  };
  return { clock, air, radio, links, counts, cancel, show };
}

describe('the search for peripherals', () => {
  it('[TP96] connects to all in range, one after the other, each once', async () => {
    const { clock, links, radio, show } = search();
    for (const name of ['a', 'b', 'c']) show(name);
    await clock.advanceAsync(1000);
    expect([links.map(({ peer }) => peer).toSorted(), radio.attempts]).toEqual([['a', 'b', 'c'], 3]);
  });

  it('[TP96] connects to the one that is named alone', async () => {
    const { clock, links, show } = search('b');
    for (const name of ['a', 'b', 'c']) show(name);
    await clock.advanceAsync(1000);
    expect(links.map(({ peer }) => peer)).toEqual(['b']);
  });

  it.each(['desk', 'AA:BB:CC:DD:EE:FF', 'aa-bb-cc-dd-ee-ff', 'aabbccddeeff'])(
    '[TP96] finds by name or address: %s',
    (wanted) => {
      const sighting = { id: 'aabbccddeeff', address: 'aa:bb:cc:dd:ee:ff', name: 'desk', rssi: -50 };
      expect(isNamed(sighting, wanted)).toBe(true);
      expect(isNamed({ ...sighting, id: '010203040506', address: '', name: '' }, wanted)).toBe(false);
    },
  );

  it('[TP97] connects again to one that went out of range as soon as it is seen after its wait', async () => {
    const { clock, air, links, show } = search();
    const device = show('a');
    await clock.advanceAsync(20_000);
    links[0]?.lose();
    await clock.advanceAsync(100);
    expect(links.length).toBe(2);
    links[1]?.lose();
    air.shown.delete(device.address);
    await clock.advanceAsync(3_600_000);
    air.shown.set(device.address, device);
    await clock.advanceAsync(20);
    expect(links.length).toBe(3);
  });

  it('[TP97] waits longer each time for one that fails, up to 30 s, without end, and holds up no other', async () => {
    const { clock, links, radio, show } = search();
    show('bad').failures = 12;
    const at: number[] = [];
    const start = clock.nowMicros();
    for (let seen = 0; links.length < 1 && at.length < 40;) {
      await clock.advanceAsync(100);
      if (radio.attempts > seen) at.push(Math.round((clock.nowMicros() - start) / 1e6));
      seen = radio.attempts;
    }
    const waits = at.slice(1).map((each, i) => each - (at[i] ?? 0));
    expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
    expect(waits.slice(5)).toEqual(Array(7).fill(30));
    const bad = show('worse');
    bad.failures = 1000;
    show('good');
    await clock.advanceAsync(1000);
    expect(links.map(({ peer }) => peer)).toEqual(['bad', 'good']);
  });

  it('[TP97] gives up a peripheral that does not answer in time, and goes on', async () => {
    const { clock, radio, links, show } = search();
    const stuck = show('stuck');
    const real = radio.connect.bind(radio);
    radio.connect = (id, attempt) =>
      id === stuck.address.replaceAll(':', '')
        ? new Promise((_, reject) => attempt.givenUp.addEventListener('abort', () => reject(new Error('given up'))))
        : real(id, attempt);
    show('good');
    await clock.advanceAsync(9000);
    expect(links.length).toBe(0);
    await clock.advanceAsync(1100);
    expect(links.map(({ peer }) => peer)).toEqual(['good']);
  });

  it('[TP97] ends with no attempt under way and no timer, and leaves links alone', async () => {
    const { clock, links, cancel, show } = search();
    show('a');
    await clock.advanceAsync(100);
    cancel();
    show('b');
    await clock.advanceAsync(1000);
    expect([links.length, links[0]?.hasEnded, clock.waiting]).toEqual([1, false, 0]);
  });

  it('[TP108] leaves alone what is beyond its bound, counts each once, and has room again when one goes', async () => {
    const { clock, links, counts, show } = search(undefined, { linksMax: 2, steadyMs: millis(10) });
    for (const name of ['a', 'b', 'c', 'd']) show(name);
    await clock.advanceAsync(1000);
    expect([links.length, counts.full]).toEqual([2, 2]);
    links[0]?.disconnect();
    await clock.advanceAsync(100);
    expect(links.length).toBe(3);
  });

  it('[TP108] remembers only so many that failed', async () => {
    const { clock, radio, show } = search(undefined, { rememberedMax: 3, retryFirstMs: millis(60_000) });
    const devices = Array.from({ length: 6 }, (_, n) => show(`d${n}`));
    for (const device of devices) device.failures = 1_000_000;
    await clock.advanceAsync(2000);
    expect(radio.attempts).toBeGreaterThan(6);
  });
});
