import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../simulated-clock.ts';
import { LinePace } from '../../../src-main/platform/serial/line-pace.ts';
import { lineSettings } from '../../../src-main/platform/serial/line-settings.ts';
import { parseSerialUrl, serialUrl } from '../../../src-main/transports/serial/serial-url.ts';
import { portOptions } from '../../../src-main/platform/serial/serial-ports.ts';

describe('the URL of a serial line', () => {
  it.each([
    ['serial:///dev/ttyUSB0?baud=115200', '/dev/ttyUSB0', {}],
    ['serial:///COM3?baud=50', 'COM3', { baud: 50 }],
    ['serial:///dev/a%20b%3Fc?baud=4000000', '/dev/a b?c', { baud: 4_000_000 }],
    [
      'serial://usb/0403:6001:A1?baud=9600&parity=even&stopbits=2&flow=rtscts',
      'usb=0403:6001:A1',
      { baud: 9600, parity: 'even', stopBits: 2, flow: 'rtscts' },
    ],
  ] as const)('[TP69] %s is read, and written the same', (url, device, line) => {
    const place = { device, line: lineSettings(line) };
    expect(parseSerialUrl(url)).toEqual(place);
    expect(serialUrl(place)).toBe(url);
  });

  it('[TP69] is 115200 8N1 without flow control where it says nothing', () => {
    const { line } = parseSerialUrl('serial:///dev/ttyUSB0');
    expect(line).toEqual({ baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' });
    expect(portOptions(line)).toMatchObject({
      baudRate: 115_200,
      dataBits: 8,
      stopBits: 1,
      rtscts: false,
      xon: false,
      lock: true,
    });
    expect(portOptions({ ...line, flow: 'xonxoff' })).toMatchObject({ rtscts: false, xon: true, xoff: true });
  });

  it.each([
    'serial:///dev/ttyUSB0?baud=49',
    'serial:///dev/ttyUSB0?baud=4000001',
    'serial:///dev/ttyUSB0?baud=9600.5',
    'serial:///dev/ttyUSB0?baud=',
    'serial:///dev/ttyUSB0?databits=7',
    'serial:///dev/ttyUSB0?flow=dtr',
    'serial:///dev/ttyUSB0?speed=9600',
    'serial://host/dev/ttyUSB0',
    'serial:///%ff',
    'serial:',
    'tcp://127.0.0.1:7330',
  ])('[TP69] %s is refused, with what was expected', (url) => {
    expect(() => parseSerialUrl(url)).toThrow(
      expect.objectContaining({ code: 'cannot-open-port', message: expect.stringContaining('expected') as string }),
    );
  });

  it('[TP70] tells how long its bytes take', () => {
    const pace = (line: Parameters<typeof lineSettings>[0]) => new LinePace(lineSettings(line), new SimulatedClock());
    expect(pace({ baud: 115_200 }).transferMs(11_520)).toBeCloseTo(1000);
    expect(pace({ baud: 9600, parity: 'odd', stopBits: 2 }).transferMs(80)).toBeCloseTo(100);
  });
});
