import { lineEnds, openFarLine } from './far-line.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

/** [ENTTEC DMX USB Pro API 1.44] labels of messages, and what a widget answers to those that ask */
const receivedDmx = 5;
const sendDmx = 6;
const answers: Readonly<Record<number, readonly number[]>> = { 3: [44, 1, 9, 1, 40], 10: [0x78, 0x56, 0x34, 0x12] };

export const dmxUsb: OverheadKind = {
  kind: 'dmx-usb',
  bridge: { kind: 'dmx-usb', settings: { port: lineEnds('dmx')[0], prefix: '/dmx', floats: 'level', rate: 40 } },
  addresses: { out: '/dmx/1/1' },
  perSecond: 40,
  isLevel: true,
  open: () => openWidget('dmx'),
};

/** Another widget: each of them sends or receives. */
export const dmxUsbIn: OverheadKind = {
  kind: 'dmx-usb-in',
  bridge: { kind: 'dmx-usb', settings: { port: lineEnds('dmx-in')[0], direction: 'in', prefix: '/dmx-in' } },
  addresses: { in: '/dmx-in/1/1' },
  perSecond: 40,
  isLevel: true,
  open: () => openWidget('dmx-in'),
};

async function openWidget(line: string): Promise<FarEnd> {
  const far = await openFarLine(line);
  const say = (label: number, data: readonly number[]): void =>
    far.write(Buffer.from([0x7e, label, data.length & 0xff, data.length >> 8, ...data, 0xe7]));
  const end: FarEnd = {
    // No fault, the start code of levels, and a whole universe.
    send: (level) => say(receivedDmx, [0, 0, level, ...Array<number>(511).fill(0)]),
    onNumber: () => undefined,
    close: () => far.close(),
  };
  far.onBytes = readMessages((label, data) => {
    const answer = answers[label];
    if (label === sendDmx) end.onNumber(data[1] ?? 0);
    else if (answer) say(label, answer);
  });
  return end;
}

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
