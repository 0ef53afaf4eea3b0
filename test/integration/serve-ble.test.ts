import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src-main/platform/log.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { radiosOf } from '../../src-main/transports/ble/open-radio.ts';
import { startRadioProcess } from '../../src-main/transports/ble/start-radio-process.ts';
import type { RadioState } from '../../src-main/transports/ble/radio.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { builtCommand, runFlyrail, startServe } from './flyrail-process.ts';

const adapters = '/sys/class/bluetooth';
const hasAdapter = existsSync(adapters) && readdirSync(adapters).length > 0;
const noAdapter = 'No Bluetooth adapter is there that knows Bluetooth Low Energy.';
const radioProcess = builtCommand.replace(/headless\.js$/, 'ble-radio.js');

describe('flyrail serve --transport ble, with the real libraries and no adapter', () => {
  skipUnless(!hasAdapter && process.platform === 'linux', 'this machine has a Bluetooth adapter, or is no Linux');

  it.each([
    ['central', 'ble:central', 'SIGTERM'],
    ['peripheral', 'ble://Flyrail', 'SIGTERM'],
    // Both libraries end the process at Ctrl C, with code 1, unless somebody else listens later than they do.
    ['central,hci=1', 'ble:central', 'SIGINT'],
    ['peripheral,name=Desk', 'ble://Desk', 'SIGINT'],
  ] as const)(
    '[TP106] says what it waits for, works otherwise, and stops in order: ble=%s',
    async (door, url, signal) => {
      const flyrail = startServe(temporaryFolder(), [
        '--no-ui',
        '--transport',
        `ble=${door}`,
        '--allow-unauthenticated',
      ]);
      const { transports, clasp } = await flyrail.ready();
      expect(transports[1]).toEqual({ name: 'ble', url, waitingFor: noAdapter });
      expect((await runFlyrail(['pub', '/desk/level', '1', '--url', clasp.url])).code).toBe(0);
      expect((await runFlyrail(['get', '/desk/level', '--url', clasp.url])).stdout).toBe('1\n');
      const { code, tookMs } = await flyrail.stop(signal);
      expect([code, flyrail.events().map(({ event }) => event)]).toEqual([0, ['ready', 'stopping']]);
      expect(tookMs).toBeLessThan(3000);
      // The only line is our own; those of the libraries go to the log, at debug.
      expect(flyrail.stderr().trim().split('\n')).toHaveLength(1);
      expect(flyrail.stderr()).toContain('ble door waits');
    },
  );

  it('[TP107] lets centrals in only where that is meant', async () => {
    const { code, stderr } = await runFlyrail(['serve', '--transport', 'ble=peripheral']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Add --auth for tokens, or --allow-unauthenticated')]);
  });

  it('[TP100] tells a client that there is no adapter', async () => {
    const { code, stderr } = await runFlyrail(['get', '/a', '--url', 'ble://Desk']);
    expect([code, stderr]).toEqual([2, `flyrail: ble://Desk does not answer: ${noAdapter}\n`]);
  });
});

describe('the process of a Bluetooth library', () => {
  const clock = createSystemClock();
  const log = createLog('silent');
  const faults: unknown[] = [];
  const note = (error: unknown): void => void faults.push(error);
  beforeAll(() => process.on('uncaughtExceptionMonitor', note));
  afterAll(() => process.off('uncaughtExceptionMonitor', note));

  it.each(['central', 'peripheral'] as const)(
    '[TP101] tells how the adapter is, ends, and leaves nothing here: %s',
    async (role) => {
      const before = process.listenerCount('SIGINT') + process.listenerCount('exit');
      const states: RadioState[] = [];
      const radio = radiosOf({ clock, log, radioProcess })[role](undefined);
      radio.onState((state) => states.push(state));
      await until('the adapter to be known', () => states.length > 1);
      await radio.close();
      expect([process.listenerCount('SIGINT') + process.listenerCount('exit'), faults]).toEqual([before, []]);
    },
  );

  it('[TP101] may be torn from whatever it does', async () => {
    const gone: string[] = [];
    for (let i = 0; i < 24; i++) {
      const process = startRadioProcess(radioProcess, { role: i % 2 ? 'central' : 'peripheral', hci: undefined }, log);
      process.onGone((reason) => gone.push(reason));
      await until(`${5 * i} ms to pass`, elapsed(5 * i));
      await process.end();
    }
    expect(gone).toEqual(Array(24).fill('the process ended'));
  });

  it('[TP101] says why it failed', async () => {
    const broken = startRadioProcess(`${radioProcess}.none`, { role: 'central', hci: undefined }, log);
    let why = '';
    broken.onGone((reason) => (why = reason));
    await until('it to fail', () => why !== '');
    expect(why).toContain('ble-radio.js.none');
  });
});

function elapsed(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
}
