import { describe, expect, it } from 'vitest';
import { systemHidPorts } from '../../../src-main/platform/hid/system-hid-ports.ts';
import { until } from '../../until.ts';
import { hid } from '../bridge-kinds/hid.ts';
import { midi } from '../bridge-kinds/midi.ts';
import library from './hid-library.ts';
import { Input, midiPortName, Output } from './midi-library.ts';

describe('what stands in for the libraries of devices', () => {
  it('[BN41] brings HID reports to Flyrail and takes them from it', async () => {
    const ports = systemHidPorts({ load: () => Promise.resolve(library) });
    const [info] = await ports.list();
    expect(info).toMatchObject({ vendorId: 0x054c, productId: 0x09cc });
    const reports: Uint8Array[] = [];
    const opened = await ports.open(info?.path ?? '', {
      onReport: (bytes) => reports.push(Uint8Array.from(bytes)),
      onLost: () => expect.unreachable(),
    });
    const device = await hid.open(undefined);
    const numbers: number[] = [];
    device.onNumber = (n) => numbers.push(n);
    await until('both', () => {
      device.send(200);
      void opened.write(Uint8Array.of(5, 7, 0, 0, 0, 0, 77));
      return reports.length > 0 && numbers.length > 0;
    });
    expect([reports[0]?.[8], numbers[0]]).toEqual([200, 77]);
    await device.close();
    await opened.close();
  });

  it('[BN41] brings MIDI messages to Flyrail and takes them from it', async () => {
    expect([Input.getPortNames(), Output.getPortNames()]).toEqual([[midiPortName], [midiPortName]]);
    const [input, output] = [new Input(), new Output()];
    const heard: number[][] = [];
    input.on('messageBuffer', (_delta, bytes) => heard.push([...bytes]));
    input.openPort();
    output.openPort();
    const device = await midi.open(undefined);
    const numbers: number[] = [];
    device.onNumber = (n) => numbers.push(n);
    await until('both', () => {
      device.send(300);
      output.send(Uint8Array.of(0xe0, 0x05, 0x41));
      return heard.length > 0 && numbers.length > 0;
    });
    // [MIDI 1.0] low seven bits first; 8192 is the middle.
    expect(heard[0]).toEqual([0xe0, (300 + 8192) & 0x7f, (300 + 8192) >> 7]);
    expect(numbers[0]).toBe(5 + (0x41 << 7) - 8192);
    await device.close();
    input.destroy();
    output.destroy();
  });
});
