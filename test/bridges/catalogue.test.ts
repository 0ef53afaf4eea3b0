import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ArtnetPorts } from '../../src-main/bridges/artnet/artnet-ports.ts';
import { catalogue, createBridge } from '../../src-main/bridges/catalogue.ts';
import { dmxUsbBridgeSchema } from '../../src-main/contract/bridges/dmx-usb.ts';
import { oscBridgeSchema } from '../../src-main/contract/bridges/osc.ts';
import { sacnBridgeSchema } from '../../src-main/contract/bridges/sacn.ts';
import { bridgeSchema } from '../../src-main/contract/show.ts';
import { createSerialAccess } from '../../src-main/platform/serial/serial-access.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { ltcSettings, midiSettings, serialSettings } from './bridge-settings.ts';
import { silentLog } from '../silent-log.ts';
import { artnetSettings } from './bridge-settings.ts';
import { SimulatedClock } from '../simulated-clock.ts';

describe('the catalogue of bridges', () => {
  it('[BR7] makes every kind that a show can hold, not started', async () => {
    const kinds = bridgeSchema.options.map(({ shape }) => shape.kind.value);
    // Links are made by their own catalogue.
    expect([...Object.keys(catalogue), 'clasp'].sort()).toEqual(kinds.sort());
    const common = { id: 'b', number: 1, name: 'B', enabled: true };
    const ports = { listenHost: '127.0.0.1', listenPort: 8000, targets: [{ host: '127.0.0.1', port: 9000 }] };
    const [clock, random] = [new SimulatedClock(), createSystemRandom()];
    const artnetPorts = new ArtnetPorts({ clock, random, lanCards: () => [] });
    const serial = createSerialAccess({ clock, log: silentLog });
    const needs = { clock, random, log: silentLog, networkCards: () => [], artnetPorts, serial };
    const osc = oscBridgeSchema.parse({
      ...common,
      kind: 'osc',
      settings: { direction: 'both', prefix: '/osc', ...ports },
    });
    const outputs = {
      universes: [{ first: 1, last: 2, priority: 100 }],
      mode: 'unicast',
      unicastTo: ['10.0.0.9'],
      networkCard: '',
    };
    const source = { sourceName: 'Flyrail', cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab' };
    const sacn = sacnBridgeSchema.parse({ ...common, kind: 'sacn', settings: { ...outputs, ...source } });
    const dmxUsb = dmxUsbBridgeSchema.parse({ ...common, kind: 'dmx-usb', settings: { port: '/dev/ttyUSB0' } });
    expect((await createBridge(dmxUsb, needs)).status().url).toBe('U 1 on /dev/ttyUSB0');
    expect((await createBridge(artnetSettings(), needs)).status().url).toBe('U 0-3 to 127.0.0.1');
    expect((await createBridge(osc, needs)).status().url).toBe('127.0.0.1:8000 → 127.0.0.1:9000');
    expect((await createBridge(midiSettings(), needs)).status().url).toBe('Keys MIDI 1 → Keys MIDI 1');
    expect((await createBridge(ltcSettings({ direction: 'in' }), needs)).status().url).toBe('default sound input');
    expect((await createBridge(serialSettings(), needs)).status().url).toBe('usb=0403:6001:EN1, 9600 baud');
    expect((await createBridge(sacn, needs)).status().url).toBe('U 1-2 to 10.0.0.9');
  });

  it('[BR7] loads the libraries of a bridge only when it is used', () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      const { catalogue } = await import('./src-main/bridges/catalogue.ts');
      const has = (name) => loaded.some((url) => url.includes('/node_modules/' + name + '/'));
      const before = [has('osc-min'), has('e131'), has('mqtt'), has('re2js'), has('serialport')];
      await catalogue.osc.load();
      console.log(JSON.stringify([before, [has('osc-min'), has('e131'), has('mqtt'), has('re2js'), has('serialport')]]));`;
    const answer = execFileSync(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(answer)).toEqual([
      [false, false, false, false, false],
      [true, false, false, false, false],
    ]);
  });
});
