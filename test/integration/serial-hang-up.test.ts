import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { millis } from '../../src-main/contract/units.ts';
import { HeldPort } from '../../src-main/platform/serial/held-port.ts';
import { lineSettings } from '../../src-main/platform/serial/line-settings.ts';
import { createSerialAccess } from '../../src-main/platform/serial/serial-access.ts';
import { systemPorts } from '../../src-main/platform/serial/system-ports.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import type { SerialPorts } from '../../src-main/ports/serial-ports.ts';
import { createSerialTransport } from '../../src-main/transports/serial/serial-transport.ts';
import { silentLog } from '../silent-log.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';

const clock = createSystemClock();
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** the device that is killed when its port is opened */
let doomed: ChildProcess | undefined;

/** A device at a path, until it is killed. */
async function plug(path: string, lives: 'lives' | 'dies'): Promise<void> {
  const device = spawn('socat', [`pty,raw,echo=0,link=${path}`, 'pty,raw,echo=0'], { stdio: 'ignore' });
  const ended = once(device, 'exit');
  stops.push(() => (device.kill('SIGKILL'), ended));
  doomed = lives === 'dies' ? device : undefined;
  await until('the port', () => existsSync(path) || device.killed);
}

/** Kills a device as the system has opened its port, before anybody can read. */
const ports: SerialPorts = {
  ...systemPorts,
  open: async (path, line) => {
    const port = await systemPorts.open(path, line);
    doomed?.kill('SIGKILL');
    return port;
  },
};

describe('a serial port that hangs up as it is opened', () => {
  skipUnless(hasProgram('socat'), notInstalled('socat', 'socat'));

  it('[DU36] is noticed by who holds it, each time, and taken again when it is back', async () => {
    const path = `${temporaryFolder()}/tty`;
    let opened = 0;
    const port = new HeldPort({
      place: { device: path, line: lineSettings({}) },
      ...createSerialAccess({ clock, log: silentLog }),
      ports,
      clock,
      log: silentLog,
      onOpen: () => opened++,
      onLost: () => undefined,
    });
    stops.push(() => port.stop());
    void port.start();
    for (let round = 1; round <= 4; round++) {
      await plug(path, 'dies');
      await until('the port to be open', () => opened === round, 5000);
      await until('its end to be noticed', () => port.trouble?.includes('is not there') === true, 5000);
    }
    expect(port.path).toBe(undefined);
    await plug(path, 'lives');
    await until('the port to be open', () => opened === 5, 5000);
    expect([port.path, port.trouble]).toEqual([path, undefined]);
  });

  it('[TP112] is noticed by a serial way in, each time', async () => {
    const path = `${temporaryFolder()}/tty`;
    await plug(path, 'dies');
    const door = await createSerialTransport({
      device: path,
      ports,
      clock,
      log: silentLog,
      limits: { retryEveryMs: millis(100), signalsEveryMs: millis(200) },
    }).listen(() => undefined);
    stops.push(() => door.stop());
    for (let round = 1; round <= 4; round++) {
      await until('its end to be noticed', () => door.waitingFor?.()?.includes('is not there') === true, 5000);
      await plug(path, round < 4 ? 'dies' : 'lives');
      await until('the port to be taken', () => door.waitingFor?.() === undefined, 5000);
    }
  });
});
