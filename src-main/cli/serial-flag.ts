import { baudMax, baudMin, serialLineSchema, type DoorSettings } from '../contract/door.ts';

type SerialDoor = Extract<DoorSettings, { kind: 'serial' }>;

const expected = {
  baud: `a whole number from ${baudMin} to ${baudMax}`,
  databits: '8, since frames are of whole bytes',
  parity: 'none, even or odd',
  stopbits: '1 or 2',
  flow: 'none, rtscts or xonxoff',
} as const;
type Option = keyof typeof expected;
const fieldOf = {
  baud: 'baud',
  databits: 'dataBits',
  parity: 'parity',
  stopbits: 'stopBits',
  flow: 'flow',
} as const satisfies Record<Option, keyof SerialDoor>;

export const serialOptions = Object.keys(expected) as readonly Option[];

/** @param device a path, `COM3`, or `usb=VID:PID[:SERIAL]`
 *  @param refuse is given what was expected, and throws */
export function serialDoor(
  device: string,
  options: ReadonlyMap<string, readonly string[]>,
  refuse: (expected: string) => never,
): SerialDoor {
  const isPlace = /^(\/.|COM\d+$)/i.test(device) || /^usb=[\da-f]{4}:[\da-f]{4}(:.+)?$/i.test(device);
  if (!isPlace) refuse('expected a path such as /dev/ttyUSB0, or usb=VID:PID[:SERIAL] in hexadecimal');
  let line: Omit<SerialDoor, 'kind' | 'device'> = {};
  for (const option of serialOptions) {
    const [written] = options.get(option) ?? [];
    if (written === undefined) continue;
    const value = /^\d{1,9}$/.test(written) ? Number(written) : written;
    const { success, data } = serialLineSchema.safeParse({ [fieldOf[option]]: value });
    if (!success) return refuse(`${option}: expected ${expected[option]}`);
    line = { ...line, ...data };
  }
  return { kind: 'serial', device, ...line };
}
