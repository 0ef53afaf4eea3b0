import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import type { Listening, Transport } from '../../../src-main/ports/transport.ts';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { lineSettings } from '../../../src-main/platform/serial/line-settings.ts';
import { serialUrl } from '../../../src-main/transports/serial/serial-url.ts';
import { createSerialTransport, type SerialTransport } from '../../../src-main/transports/serial/serial-transport.ts';
import type { Millis } from '../../../src-main/contract/units.ts';
import { silentLog } from '../../silent-log.ts';
import { openPtyLine } from './pty-line.ts';

/** A pty has no rate of its own; this one keeps tests short. */
export const line = { baud: 4_000_000 } as const;
// No line keeps time with a busy machine: whoever hands the bytes on gets no turn for longer than a cable is ever silent.
const limits = { dialTimeoutMs: 3000 as Millis, probeEveryMs: 50 as Millis, silentMs: 10_000 as Millis };
const lines = Symbol('lines');

interface Trunk extends Listening {
  readonly [lines]: readonly { readonly url: string; isTaken: boolean }[];
}

/** A serial line has one peer, so what several peers do is done over several lines: a door on each, and whoever dials takes the
 *  first line that is free. */
export function createSerialTrunk(count: number): Transport {
  const clock = createSystemClock();
  const trunks = new Map<string, Trunk>();
  const make = (device: string): SerialTransport =>
    createSerialTransport({ device, line, clock, log: silentLog, limits });
  return {
    listen: async (accept) => {
      const ptys = await Promise.all(Array.from({ length: count }, () => openPtyLine()));
      const doors = await Promise.all(ptys.map(({ ends }) => make(ends[0]).listen(accept)));
      const url = doors[0]?.url ?? '';
      const trunk: Trunk = {
        url,
        stop: async () => {
          await Promise.all(doors.map((door) => door.stop()));
        },
        [lines]: ptys.map(({ ends }) => ({
          url: serialUrl({ device: ends[1], line: lineSettings(line) }),
          isTaken: false,
        })),
      };
      trunks.set(url, trunk);
      return trunk;
    },
    dial: async (url) => {
      const free = trunks.get(url)?.[lines].find(({ isTaken }) => !isTaken);
      if (!free) throw new UnavailableError('cannot-open-port', 'No line is free.');
      free.isTaken = true;
      try {
        const connection = await make('/dev/null').dial(free.url);
        connection.onClose(() => (free.isTaken = false));
        return connection;
      } catch (error) {
        free.isTaken = false;
        throw error;
      }
    },
  };
}

const payloadRoomMax = 65_500;

/** A line knows frames by what they are: an event that has these bytes, or the first of them. */
export function asEvent(bytes: Uint8Array): Uint8Array {
  return encodeFrame({
    type: messageType.publish,
    kind: 'event',
    address: parseAddress('/bytes'),
    value: WireValue.of({ type: 'bytes', value: bytes.subarray(0, payloadRoomMax) }),
  }).slice();
}
