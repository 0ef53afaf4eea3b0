import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SerialBridge } from '../../src-main/bridges/serial/serial-bridge.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import { toJson } from '../../src-main/contract/signal.ts';
import { createSerialAccess } from '../../src-main/platform/serial/serial-access.ts';
import { lineSettings } from '../../src-main/platform/serial/line-settings.ts';
import { systemPorts } from '../../src-main/platform/serial/system-ports.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { serialSettings } from '../bridges/bridge-settings.ts';
import { signalAt } from '../bridges/serial/serial-scene.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { seededChance, wholeNumber } from '../seeded-chance.ts';
import { silentLog } from '../silent-log.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPtyLine } from '../transports/serial/pty-line.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { runFlyrail, startServe } from './flyrail-process.ts';
import { hasPyserial, startDevice, type SerialDevice } from './serial-device.ts';
import { writeShow } from './serve-shows.ts';

const clock = createSystemClock();
const serial = createSerialAccess({ clock, log: silentLog });
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

class Line {
  readonly host = new RecordingHost();
  readonly bridge: SerialBridge;

  constructor(settings: Record<string, unknown>) {
    this.bridge = new SerialBridge(serialSettings(settings), { clock, log: silentLog, serial });
    closers.push(() => this.bridge.stop());
  }

  async start(): Promise<this> {
    await this.bridge.start(this.host);
    return this;
  }

  set(path: string, value: Parameters<typeof signalAt>[1], kind: 'param' | 'event' = 'param'): void {
    this.bridge.apply([signalAt(`/board${path}`, value, kind)]);
  }

  heard(): unknown[][] {
    return this.host.published.map(({ address, value }) => [address.slice('/board'.length), toJson(value)]);
  }

  async hears(...expected: unknown[]): Promise<void> {
    const wanted = JSON.stringify(expected);
    await until(wanted, () => this.heard().some((each) => JSON.stringify(each) === wanted));
  }
}

async function plug(...args: Parameters<typeof startDevice>): Promise<SerialDevice> {
  const device = await startDevice(...args);
  closers.push(() => device.leave());
  return device;
}

const boardRules = {
  receives: [
    { pattern: 'POT{n:int}={value:int}', to: '/pot/{n}', scale: { fromHigh: 1023 } },
    { pattern: 'ACK {name} {value}', to: '/ack/{name}' },
  ],
  sends: [{ from: '/led/*', message: 'LED{1}={value:d}', scale: { fromHigh: 1, toHigh: 255 } }],
};

describe('serial lines, with devices on pyserial at the other end', () => {
  skipUnless(hasProgram('socat'), notInstalled('socat', 'socat'));
  skipUnless(hasPyserial, notInstalled('pyserial', 'python3-serial'));

  it('[SL27] speaks with a board in lines', async () => {
    const { ends } = await openPtyLine();
    const board = await plug(ends[1], 'board');
    const line = await new Line({ port: ends[0], ...boardRules }).start();
    expect(line.bridge.status()).toMatchObject({
      state: 'connected',
      reason: 'The port is open. Nothing was heard yet.',
    });
    board.tell(`say ${Buffer.from('POT3=1023\r\nhello board\r\nPOT').toString('hex')}`);
    await line.hears('/line', 'hello board');
    board.tell(`say ${Buffer.from('4=0\r\n').toString('hex')}`);
    await line.hears('/pot/4', 0);
    line.set('/led/2', 0.5);
    await line.hears('/ack/LED2', 128);
    expect(await board.report()).toEqual({ got: ['LED2=128'], faults: [] });
    expect(line.heard()[0]).toEqual(['/pot/3', 1]);
  });

  it('[SL27] leaves a projector its pause, waits for its reply, sends again what it did not hear, and asks how it stands', async () => {
    const { ends } = await openPtyLine();
    const projector = await plug(ends[1], 'projector');
    projector.tell('mute 1');
    const line = await new Line({
      ...{ port: ends[0], sentDelimiter: '\\r', pauseMs: 50, polls: [{ message: '%1POWR ?', everySeconds: 0.5 }] },
      answer: { reply: '%1{}={}', timeoutMs: 300, repeats: 2 },
      sends: [
        { from: '/power', message: '%1POWR {value:1|0}' },
        { from: '/input', message: '%1INPT {value:d}' },
      ],
      receives: [
        { pattern: '%1POWR={power:1|0}', to: '/is/on' },
        { pattern: '%1{what}=ERR{code:int}', to: '/error/{what}', kind: 'event' },
      ],
    }).start();
    line.set('/power', true);
    line.set('/input', 31);
    await line.hears('/is/on', true);
    await line.hears('/error/INPT', 1);
    await line.hears('/line', '%1POWR=OK');
    const { got, faults } = await projector.report();
    // A busy machine may hand two to the device at once; without a pause all would come so.
    expect(faults.length).toBeLessThanOrEqual(1);
    expect(got.slice(0, 4)).toEqual(['%1POWR ?', '%1POWR ?', '%1POWR 1', '%1INPT 31']);
    expect(line.bridge.status()).toMatchObject({ refusedTotal: 0 });
  });

  it('[SL27] speaks Modbus: bytes, silence, CRC-16', async () => {
    const { ends } = await openPtyLine();
    const slave = await plug(ends[1], 'modbus');
    const line = await new Line({
      ...{ port: ends[0], framing: 'gap', gapMs: 20, content: 'bytes', pauseMs: 60 },
      checksum: { kind: 'crc16-modbus', written: 'little' },
      answer: { timeoutMs: 1000 },
      sends: [
        { from: '/set/level', message: '11 06 00 07 {value:u16be}' },
        { from: '/ask', message: '11 03 00 07 00 01' },
      ],
      receives: [{ how: 'layout', begins: '11 03 02', fields: [{ name: 'level', at: 3, type: 'u16be' }] }],
    }).start();
    line.set('/set/level', 4660);
    line.set('/ask', 1, 'event');
    await line.hears('/level', 4660);
    const { got, faults } = await slave.report();
    expect([got.map((frame) => frame.slice(0, -4)), faults]).toEqual([['110600071234', '110300070001'], []]);
    slave.tell('say 1103020001ffff');
    await until('the wrong CRC', () => line.bridge.status().reason.includes('1 with a wrong checksum'));
    expect(line.heard().at(-1)).toEqual(['/level', 4660]);
  });

  it('[SL27] speaks COBS with zeros in it', async () => {
    const { ends } = await openPtyLine();
    const device = await plug(ends[1], 'cobs');
    const line = await new Line({ port: ends[0], framing: 'cobs', content: 'bytes' }).start();
    line.set('/send', { type: 'bytes', value: Uint8Array.of(0, 1, 0, 0, 2) }, 'event');
    await line.hears('/frame', [0x80, 2, 0, 0, 1, 0]);
    expect(await device.report()).toEqual({ got: ['0001000002'], faults: [] });
  });

  it('[SL28] is live within 2 s of a replug, each time, and the bridge beside it goes on', async () => {
    const folder = temporaryFolder();
    const [port, far] = [join(folder, 'board'), join(folder, 'far')];
    let cable = await openPtyLine([port, far]);
    const other = await openPtyLine();
    const otherBoard = await plug(other.ends[1], 'board');
    const beside = await new Line({ port: other.ends[0], ...boardRules }).start();
    await plug(far, 'board');
    const line = await new Line({ port, ...boardRules, onAttach: ['MODE=1'] }).start();
    line.host.returned = () => line.set('/led/1', 1);
    await line.hears('/ack/MODE', 1);
    for (let time = 0; time < 3; time++) {
      await cable.unplug();
      await until('the loss to be noticed', () => line.bridge.status().state === 'broken');
      expect(line.bridge.status().reason).toMatch(/(was lost: .*|is not there: plug it in)\. Flyrail looks for it/);
      line.set('/led/1', 0);
      line.host.published.length = 0;
      beside.set('/led/9', time);
      cable = await openPtyLine([port, far]);
      const board = await plug(far, 'board');
      const pluggedAt = performance.now();
      await until('the port to be taken', () => line.bridge.status().state === 'connected');
      expect(performance.now() - pluggedAt).toBeLessThan(2000);
      await line.hears('/ack/LED1', 255);
      expect((await board.report()).got).toEqual(['MODE=1', 'LED1=255']);
    }
    await beside.hears('/ack/LED9', 255);
    expect([beside.bridge.status().state, (await otherBoard.report()).got.length]).toEqual(['connected', 3]);
  });

  it.each([11, 23, 42])('[SL28] finds lines in garbage, and all lines of a flood (seed %i)', async (seed) => {
    const { ends } = await openPtyLine();
    const board = await plug(ends[1], 'board');
    const line = await new Line({ port: ends[0], baud: 115_200, ...boardRules, unmatched: 'drop' }).start();
    const chance = seededChance(seed);
    for (let i = 0; i < 20; i++) {
      const noise = Array.from({ length: wholeNumber(chance, 1, 400) }, () => wholeNumber(chance, 0, 255));
      board.tell(`say ${Buffer.from(noise).toString('hex')}`);
    }
    board.tell(`say ${Buffer.from('\nPOT7=1023\n').toString('hex')}`);
    await line.hears('/pot/7', 1);
    expect(line.bridge.status().reason).toMatch(/Left out: /);
    board.tell('flood 5000');
    await until('the whole flood', () => line.heard().filter(([address]) => address === '/pot/0').length === 5000);
    expect(line.heard().at(-1)).toEqual(['/pot/0', 1]);
  });

  it('[SL28] says that a port is in use, and takes it when it is free', async () => {
    const { ends } = await openPtyLine();
    const other = await systemPorts.open(ends[0], lineSettings({}));
    const line = await new Line({ port: ends[0] }).start();
    expect(line.bridge.status()).toMatchObject({
      state: 'broken',
      reason: `${ends[0]} is in use by Flyrail itself: give every bridge a port of its own. Flyrail looks for it and takes it again by itself.`,
    });
    await new Promise<void>((resolve) => other.close(() => resolve()));
    await until('the port to be taken', () => line.bridge.status().state === 'connected');
  });

  it('[SL24][SL27] opens a line of 7 bits, even parity, without hanging up, and tells that a pty has no DTR', async () => {
    const { ends } = await openPtyLine();
    const board = await plug(ends[1], 'board');
    const line = await new Line({
      port: ends[0],
      dataBits: 7,
      parity: 'even',
      hangUp: false,
      dtr: 'on',
      baud: 4800,
    }).start();
    await until('the port to be ready', () => line.bridge.status().state === 'connected');
    expect(line.bridge.status().reason).toContain('no DTR and RTS');
    line.set('/send', 'A=1', 'event');
    await line.hears('/line', 'ACK A 1');
    expect((await board.report()).got).toEqual(['A=1']);
  });

  it('[SL29] is there in the built product, from a show made of JSON', async () => {
    const folder = temporaryFolder();
    const { ends } = await openPtyLine();
    const board = await plug(ends[1], 'board');
    const show = { ...emptyShow('rig', 'Rig'), bridges: [serialSettings({ port: ends[0], ...boardRules })] };
    const flyrail = startServe(folder, ['--show', writeShow(folder, show, 'rig.flyrail')]);
    closers.push(() => flyrail.stop());
    const { url } = (await flyrail.ready()).clasp;
    await runFlyrail(['pub', '--url', url, '/board/led/1', '1']);
    const got: string[] = [];
    for (const deadline = performance.now() + 20_000; got.length === 0 && performance.now() < deadline;)
      got.push(...(await board.report()).got);
    expect(got).toEqual(['LED1=255']);
    board.tell(`say ${Buffer.from('POT1=1023\r\n').toString('hex')}`);
    let found = '';
    for (const deadline = performance.now() + 20_000; !/\b1\b/.test(found) && performance.now() < deadline;)
      found = (await runFlyrail(['get', '--url', url, '/board/pot/1'])).stdout;
    expect(found).toMatch(/\b1\b/);
  });
});
