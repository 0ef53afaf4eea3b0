import { serialLineSchema } from '../../contract/door.ts';
import { lineSettings, usualLine, type SerialPlace } from '../../platform/serial/line-settings.ts';
import { dialFault } from '../socket-faults.ts';

/** `serial:///dev/ttyUSB0?baud=115200`, and what else is not as usual. */
export function serialUrl({ device, line }: SerialPlace): string {
  const query = new URLSearchParams({ baud: String(line.baud) });
  for (const key of ['parity', 'stopBits', 'flow'] as const)
    if (line[key] !== usualLine[key]) query.set(key.toLowerCase(), String(line[key]));
  const usb = /^usb=(.*)$/.exec(device)?.[1];
  const path = encodeURI(usb ?? device.replace(/^\//, '')).replace(/[?#]/g, encodeURIComponent);
  return `serial://${usb === undefined ? '' : 'usb'}/${path}?${query.toString()}`;
}

/** @param url `serial:///dev/ttyUSB0?baud=115200`, `serial:///COM3`, `serial://usb/0403:6001:A1B2`
 *  @throws UnavailableError 'cannot-open-port' for what is no such URL */
export function parseSerialUrl(url: string): SerialPlace {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const expected = 'expected serial:///dev/ttyUSB0?baud=115200, or serial://usb/VID:PID:SERIAL';
  if (parsed?.protocol !== 'serial:' || parsed.pathname.length < 2 || !['', 'usb'].includes(parsed.host))
    throw dialFault(url, expected);
  const path = decodedPath(parsed.pathname, url, expected);
  const isWindows = /^\/COM\d+$/i.test(path);
  const device = parsed.host === 'usb' ? `usb=${path.slice(1)}` : isWindows ? path.slice(1) : path;
  const names = new Map<string, string>([
    ['databits', 'dataBits'],
    ['stopbits', 'stopBits'],
  ]);
  const asked: Record<string, unknown> = {};
  for (const [key, value] of parsed.searchParams)
    asked[names.get(key) ?? key] = /^\d+$/.test(value) ? Number(value) : value;
  const { success, data } = serialLineSchema.safeParse(asked);
  if (success) return { device, line: lineSettings(data) };
  throw dialFault(
    url,
    'expected baud=50 to 4000000, parity=none, even or odd, stopbits=1 or 2, databits=8, flow=none, rtscts or xonxoff',
  );
}

function decodedPath(path: string, url: string, expected: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw dialFault(url, expected);
  }
}
