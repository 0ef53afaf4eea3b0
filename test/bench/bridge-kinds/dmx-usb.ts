import { lineEnds, openFarLine } from './far-line.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

const line = 'dmx';
/** [ENTTEC DMX USB Pro API 1.44] labels of messages, and what a widget answers to those that ask */
const sendDmx = 6;
const answers: Readonly<Record<number, readonly number[]>> = { 3: [44, 1, 9, 1, 40], 10: [0x78, 0x56, 0x34, 0x12] };

export const dmxUsb: OverheadKind = {
  kind: 'dmx-usb',
  bridge: { kind: 'dmx-usb', settings: { port: lineEnds(line)[0], prefix: '/dmx', floats: 'level', rate: 40 } },
  addresses: { out: '/dmx/1/1' },
  perSecond: 40,
  isLevel: true,
  open: async () => {
    const far = await openFarLine(line);
    const end: FarEnd = { send: () => undefined, onNumber: () => undefined, close: () => far.close() };
    far.onBytes = readMessages((label, data) => {
      const answer = answers[label];
      if (label === sendDmx) end.onNumber(data[1] ?? 0);
      else if (answer) far.write(Buffer.from([0x7e, label, answer.length, 0, ...answer, 0xe7]));
    });
    return end;
  },
};

/** Finds the messages of a widget's line: 0x7E, label, length in two bytes, data, 0xE7. */
function readMessages(run: (label: number, data: Buffer) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 5) {
      const size = held.readUInt16LE(2);
      if (held[0] !== 0x7e) {
        held = held.subarray(1);
        continue;
      }
      if (held.length < size + 5) return;
      run(held[1] ?? 0, held.subarray(4, 4 + size));
      held = held.subarray(size + 5);
    }
  };
}
