import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { HeldPort } from '../../../src-main/platform/serial/held-port.ts';
import { lineSettings } from '../../../src-main/platform/serial/line-settings.ts';
import { createPortWatch } from '../../../src-main/platform/serial/port-watch.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { until } from '../../until.ts';
import { SimulatedPorts } from './simulated-ports.ts';

describe('a serial port that is held', () => {
  let clock: SimulatedClock;
  let ports: SimulatedPorts;
  let heard: string[];
  const held: HeldPort[] = [];
  beforeEach(() => {
    clock = new SimulatedClock();
    ports = new SimulatedPorts(clock);
    heard = [];
  });
  afterEach(async () => {
    for (const port of held.splice(0)) await port.stop();
  });

  function hold(device: string): HeldPort {
    const port = new HeldPort({
      place: { device, line: lineSettings({}) },
      ports,
      watch: createPortWatch({ ports, clock, log: silentLog }),
      clock,
      log: silentLog,
      onOpen: (_, path) => heard.push(`open ${path}`),
      onLost: () => heard.push('lost'),
    });
    held.push(port);
    return port;
  }

  /** Simulated time for timers, real time for what the system is asked. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      await clock.advanceAsync(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('[DU32] is found by its serial number wherever it is plugged in, within 2 s, and no other is taken for it', async () => {
    const port = hold('usb=0403:6001:EN1');
    ports.plugIn('/dev/ttyUSB0', 'EN2');
    void port.start();
    await pass(100);
    expect(port.trouble).toBe('No USB device 0403:6001:EN1 is plugged in.');
    for (const path of ['/dev/ttyUSB1', '/dev/ttyUSB7', '/dev/ttyUSB1']) {
      ports.plugIn(path, 'EN1');
      await pass(2000);
      expect([port.trouble, port.path, heard.at(-1)]).toEqual([undefined, path, `open ${path}`]);
      ports.unplug(path);
      await pass(2000);
      expect([port.trouble, port.path, heard.at(-1)]).toEqual([
        'No USB device 0403:6001:EN1 is plugged in.',
        undefined,
        'lost',
      ]);
    }
    expect(heard.filter((what) => what === 'lost')).toHaveLength(3);
  });

  it('[DU32] goes by its path, and leaves another box alone that comes in its place', async () => {
    const port = hold('/dev/flyrail-test0');
    ports.plugIn('/dev/flyrail-test0', 'EN1');
    void port.start();
    await until('the port to be open', () => (clock.advance(100), port.path !== undefined));
    await pass(300);
    ports.unplug('/dev/flyrail-test0');
    ports.plugIn('/dev/flyrail-test0', 'EN2');
    await until('the other box to be noticed', () => (clock.advance(100), port.trouble?.includes('EN2') === true));
    expect(port.trouble).toBe(
      'At /dev/flyrail-test0 is another device now, 0403:6001:EN2; 0403:6001:EN1 was there: plug that in, or choose the port again.',
    );
    ports.plugIn('/dev/flyrail-test5', 'EN1');
    await until('the box at its new place', () => (clock.advance(100), port.path === '/dev/flyrail-test5'));
    expect(ports.openCount).toBe(1);
  });

  it.each([
    ['Error Resource busy Cannot lock port', 'is in use by another program: end that program.'],
    ['Error: Permission denied, cannot open /dev/x', 'may not be opened by this user: add it to the group dialout.'],
    ['Error: No such file or directory, cannot open', 'is not there: plug it in.'],
  ])('[DU33] says in words why it cannot be opened, and tries at every look: %s', async (said, words) => {
    const port = hold('usb=0403:6001:EN1');
    ports.plugIn('/dev/flyrail-test0', 'EN1');
    let tries = 0;
    const open = ports.open.bind(ports);
    ports.open = (path, line) => (tries++, open(path, line));
    ports.refuses = said;
    void port.start();
    await until('the first try', () => (clock.advance(10), port.trouble === `/dev/flyrail-test0 ${words}`));
    const before = tries;
    await pass(5000);
    expect(tries - before).toBeGreaterThanOrEqual(9);
    expect(tries - before).toBeLessThanOrEqual(10);
    ports.refuses = undefined;
    await until('the port to be open', () => (clock.advance(100), port.trouble === undefined));
  });

  it('[DU33] is given up when something else is at it, and tried again after a rest', async () => {
    const port = hold('usb=0403:6001');
    ports.plugIn('/dev/ttyUSB0');
    void port.start();
    await pass(100);
    port.giveUp('It is a kettle.', millis(3000));
    await pass(2500);
    expect([port.trouble, ports.openCount, heard]).toEqual(['It is a kettle.', 0, ['open /dev/ttyUSB0', 'lost']]);
    await pass(1500);
    expect([port.trouble, ports.openCount]).toEqual([undefined, 1]);
  });

  it('[DU36] is looked at half a second after it was opened, and taken again when it had hung up', async () => {
    const port = hold('usb=0403:6001');
    ports.plugIn('/dev/flyrail-test0');
    ports.faults.signals = 'Error: Input/output error, cannot get';
    void port.start();
    await until('the port to be open', () => (clock.advance(10), port.path !== undefined));
    ports.refuses = 'Error: No such file or directory, cannot open';
    clock.advance(400);
    expect(heard).toEqual(['open /dev/flyrail-test0']);
    clock.advance(100);
    await until(
      'its end to be noticed',
      () => (clock.advance(100), port.trouble?.endsWith('is not there: plug it in.') === true),
    );
    expect([heard, ports.openCount]).toEqual([['open /dev/flyrail-test0', 'lost'], 0]);
    delete ports.faults.signals;
    ports.refuses = undefined;
    await until('the port to be open', () => (clock.advance(100), port.path !== undefined));
    await pass(5000);
    expect([heard, ports.openCount]).toEqual([['open /dev/flyrail-test0', 'lost', 'open /dev/flyrail-test0'], 1]);
  });

  it('[DU36] is kept while its name is there, and where it has no signals', async () => {
    const name = `${temporaryFolder()}/tty`;
    writeFileSync(name, '');
    for (const [path, signals] of [
      [name, 'Error: Input/output error, cannot get'],
      ['/dev/flyrail-test0', 'Error: Inappropriate ioctl for device, cannot get'],
    ] as const) {
      ports.faults.signals = signals;
      ports.plugIn(path);
      const port = hold(path);
      void port.start();
      await until('the port to be open', () => (clock.advance(10), port.path !== undefined));
      await pass(5000);
      expect([port.trouble, heard.at(-1)]).toEqual([undefined, `open ${path}`]);
    }
  });

  it('[DU38] is lost when it is not listed any more where nothing else tells so, and taken again within 2 s', async () => {
    const port = hold('usb=0403:6001:EN1');
    ports.plugIn('COM3', 'EN1');
    void port.start();
    await pass(10_000);
    expect([heard, ports.opened.length]).toEqual([['open COM3'], 1]);
    ports.vanish('COM3');
    await pass(900);
    ports.plugIn('COM3', 'EN1');
    // One look that misses it may be the fault of the look.
    await pass(5000);
    expect(heard).toEqual(['open COM3']);
    ports.vanish('COM3');
    await pass(2100);
    expect([heard, port.trouble]).toEqual([['open COM3', 'lost'], 'No USB device 0403:6001:EN1 is plugged in.']);
    expect(ports.openCount).toBe(0);
    ports.plugIn('COM4', 'EN1');
    await pass(2000);
    expect([heard.at(-1), port.trouble]).toEqual(['open COM4', undefined]);
    await port.stop();
    expect(clock.waiting).toBe(0);
  });

  it('[DU38] is not looked for in a list that fails, that never had it, or where the system tells by names', async () => {
    const port = hold('usb=0403:6001');
    ports.plugIn('COM3');
    void port.start();
    await pass(500);
    ports.list = () => Promise.reject(new Error('no list'));
    await pass(5000);
    expect(heard).toEqual(['open COM3']);
    await port.stop();
    const named = new SimulatedPorts(clock);
    Object.assign(named, { names: () => Promise.resolve('ttyUSB0') });
    ports = named;
    ports.plugIn('/dev/ttyUSB0');
    void hold('/dev/ttyUSB0').start();
    await until('the port to be open', () => (clock.advance(100), heard.at(-1) === 'open /dev/ttyUSB0'));
    ports.vanish('/dev/ttyUSB0');
    const { lists } = ports;
    await pass(5000);
    expect([heard.at(-1), ports.lists]).toEqual(['open /dev/ttyUSB0', lists]);
  });

  it('[DU42] is not said to be unplugged while the system does not tell what is plugged in', async () => {
    const { list } = ports;
    ports.list = () => Promise.reject(new Error('no list'));
    const port = hold('usb=0403:6001');
    void port.start();
    await pass(2000);
    expect(port.trouble).toBe('This machine does not tell which serial ports it has: no list.');
    ports.list = list.bind(ports);
    await pass(1000);
    expect(port.trouble).toBe('No USB device 0403:6001 is plugged in.');
    ports.plugIn('COM3');
    await pass(1000);
    expect(heard).toEqual(['open COM3']);
  });

  it('[DU37] is given a rest when it was lost as soon as it was opened', async () => {
    const port = hold('usb=0403:6001');
    ports.plugIn('/dev/ttyUSB0');
    ports.onOpen = (opened) => setImmediate(() => opened.emit('error', new Error('it breaks')));
    void port.start();
    await pass(5000);
    expect(ports.opened.length).toBeGreaterThan(3);
    expect(ports.opened.length).toBeLessThanOrEqual(11);
    expect(port.trouble).toBe('/dev/ttyUSB0 was lost: it breaks.');
  });

  it('[DU34] is free when it has stopped, also when it was being opened', async () => {
    const port = hold('usb=0403:6001');
    ports.plugIn('/dev/ttyUSB0');
    const started = port.start();
    await pass(100);
    await started;
    await port.stop();
    expect([ports.openCount, clock.waiting]).toEqual([0, 0]);
    const other = hold('usb=0403:6001');
    let letOpen: () => void = () => undefined;
    const open = ports.open.bind(ports);
    ports.open = async (path, line) => {
      await new Promise<void>((resolve) => (letOpen = resolve));
      return open(path, line);
    };
    void other.start();
    await pass(100);
    const stopped = other.stop();
    letOpen();
    await stopped;
    expect([ports.openCount, clock.waiting, heard]).toEqual([0, 0, ['open /dev/ttyUSB0']]);
  });
});
