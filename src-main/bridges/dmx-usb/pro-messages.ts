import { ProtocolError } from '../../contract/errors.ts';
import { slotsPerUniverse } from '../../core/dmx/dmx-address.ts';

/** What a message is about. @see ENTTEC DMX USB Pro Widget API 1.44; 77 and 78: Open Lighting USB protocol extensions;
 *  100 and 101: DMXking ultraDMX */
export const proLabel = {
  parameters: 3,
  setParameters: 4,
  receivedDmx: 5,
  sendDmx: 6,
  receiveMode: 8,
  changedDmx: 9,
  serialNumber: 10,
  manufacturer: 77,
  deviceName: 78,
  sendFirst: 100,
  sendSecond: 101,
} as const;

export const startOfMessage = 0x7e;
export const endOfMessage = 0xe7;
/** of the data of one message */
export const dataBytesMax = 600;
export const headerBytes = 4;
/** Break and mark after break are counted in these. */
const timeUnitMicros = 10.67;
/** Frames a second that a widget can be told to send. */
export const proRateMax = 40;

export interface ProMessage {
  readonly label: number;
  readonly data: Uint8Array;
}

/** How a widget makes its frames. */
export interface ProParameters {
  readonly firmware: string;
  readonly breakMicros: number;
  readonly markMicros: number;
  /** frames a second that it repeats by itself; 0: as many as there can be */
  readonly rateHz: number;
}

/** `7E label length data E7`, the length in two bytes, low first.
 *  @param data up to 600 bytes; copied */
export function encodeMessage(label: number, data: Readonly<Uint8Array>): Buffer {
  const message = Buffer.allocUnsafe(headerBytes + data.length + 1);
  message[0] = startOfMessage;
  message[1] = label;
  message.writeUInt16LE(data.length, 2);
  message.set(data, headerBytes);
  message[headerBytes + data.length] = endOfMessage;
  return message;
}

/** A frame for the line, with start code 0. @param levels of slot 1 and those after it, 24..512 of them */
export function encodeDmx(label: number, levels: Readonly<Uint8Array>): Buffer {
  const data = new Uint8Array(1 + levels.length);
  data.set(levels, 1);
  return encodeMessage(label, data);
}

/** @throws ProtocolError 'bad-length' */
export function readParameters({ data }: ProMessage): ProParameters {
  const [low, high, breakUnits, markUnits, rateHz] = atLeast(data, 5);
  return {
    firmware: `${high}.${low}`,
    breakMicros: breakUnits * timeUnitMicros,
    markMicros: markUnits * timeUnitMicros,
    rateHz,
  };
}

/** A widget's times and rate as settings want them. */
export interface WantedParameters {
  /** null: as the widget has it */
  readonly breakMicros: number | null;
  readonly markMicros: number | null;
  /** 1 and more */
  readonly rate: number;
}

/** What sets a widget's times and rate, as near as it can; it keeps them when it is unplugged.
 *  @see ENTTEC DMX USB Pro Widget API 1.44, Set Widget Parameters */
export function parametersData(now: ProParameters, wanted: WantedParameters): Uint8Array {
  const breakUnits = unitsOf(wanted.breakMicros ?? now.breakMicros, 9);
  const markUnits = unitsOf(wanted.markMicros ?? now.markMicros, 1);
  return Uint8Array.of(0, 0, breakUnits, markUnits, rateOf(now, wanted));
}

/** Whether a widget has these times and this rate already, as near as it can. */
export function hasParameters(now: ProParameters, wanted: WantedParameters): boolean {
  const [, , breakUnits, markUnits, rate] = parametersData(now, wanted);
  return breakUnits === unitsOf(now.breakMicros, 9) && markUnits === unitsOf(now.markMicros, 1) && rate === now.rateHz;
}

/** Four bytes with two digits each, the last two first; all ones in a widget that was given none.
 *  @returns undefined where there is none
 *  @throws ProtocolError 'bad-length' */
export function readSerialNumber({ data }: ProMessage): string | undefined {
  const digits = [...atLeast(data, 4)].slice(0, 4).toReversed();
  const text = digits.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return text === 'ffffffff' ? undefined : text.replace(/^0+(?=.)/, '');
}

/** A number of two bytes, then a name of at most 32 characters.
 *  @throws ProtocolError 'bad-length' */
export function readName({ data }: ProMessage): string {
  atLeast(data, 2);
  const name = Buffer.from(data.subarray(2, 34)).toString('latin1');
  return name.replace(/\0.*$/s, '').replace(/[^\x20-\x7e]/g, '?');
}

/** A frame from the line as the widget heard it. */
export interface HeardFrame {
  /** the widget's queue ran over: frames before this one were lost */
  readonly overflow: boolean;
  /** bytes of this one came faster than the widget took them */
  readonly overrun: boolean;
  /** 0 for levels; undefined for a break with nothing behind it */
  readonly startCode: number | undefined;
  /** of slot 1 and those after it, up to 512 of them */
  readonly levels: Uint8Array;
}

/** @throws ProtocolError 'bad-length' */
export function readHeardFrame({ data }: ProMessage): HeardFrame {
  const [status] = atLeast(data, 1);
  return {
    overflow: (status & 1) !== 0,
    overrun: (status & 2) !== 0,
    startCode: data[1],
    levels: data.subarray(2, 2 + slotsPerUniverse),
  };
}

/** Puts what changed into a frame: a place, 40 bits for the bytes from there on, and the bytes whose bit is set. The place is
 *  counted in eights, and the frame's first byte is its start code.
 *  @param frame start code and 512 levels
 *  @returns where it changed
 *  @throws ProtocolError 'bad-length'; then nothing has changed */
export function applyChanges({ data }: ProMessage, frame: Uint8Array): readonly number[] {
  const [place] = atLeast(data, 6);
  const bytes = data.subarray(6);
  const changed: number[] = [];
  for (let bit = 0; bit < 40; bit++) if (((data[1 + (bit >> 3)] ?? 0) >> (bit & 7)) & 1) changed.push(place * 8 + bit);
  if (changed.length > bytes.length || changed.some((at) => at >= frame.length))
    throw new ProtocolError('bad-length', 'The widget told of changes that are not there.', { bytes: data.length });
  changed.forEach((at, i) => {
    frame[at] = bytes[i] ?? 0;
  });
  return changed;
}

/** One that sends as many as there can be, or more than can be set, is not slowed down for a rate beyond that. */
function rateOf({ rateHz }: ProParameters, { rate }: WantedParameters): number {
  const isFast = rateHz === 0 || rateHz > proRateMax;
  return rate > proRateMax && isFast ? rateHz : Math.min(proRateMax, rate);
}

function unitsOf(timeMicros: number, least: number): number {
  return Math.min(127, Math.max(least, Math.round(timeMicros / timeUnitMicros)));
}

function atLeast(data: Uint8Array, count: number): [number, number, number, number, number] & Uint8Array {
  if (data.length < count)
    throw new ProtocolError('bad-length', `A message of the widget has ${data.length} bytes, expected ${count}.`);
  return data as [number, number, number, number, number] & Uint8Array;
}
