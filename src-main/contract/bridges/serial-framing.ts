import { tryEscapedBytes, tryHexBytes } from '../serial-text.ts';
import { z } from '../zod.ts';

export const serialMessageMax = 60_000;

/** Bytes in hexadecimal; empty for none. */
export function hexField(most: number) {
  return z
    .string()
    .max(most * 3)
    .default('')
    .refine((text) => tryHexBytes(text) !== undefined, 'expected bytes in pairs of hexadecimal digits: 02 1F')
    .refine((text) => (tryHexBytes(text)?.length ?? 0) <= most, `expected at most ${most} bytes`);
}

const delimiterField = z
  .string()
  .max(32)
  .refine((text) => (tryEscapedBytes(text)?.length ?? 99) <= 16, 'expected up to 16 bytes, such as \\r\\n or \\x03');

/** How one message of a serial line is told from the next. */
export const serialFraming = {
  framing: z
    .enum(['delimiter', 'fixed', 'length', 'gap', 'cobs', 'slip'])
    .default('delimiter')
    .meta({
      title: 'messages end',
      description: 'How one message is told from the next; lines end at a line end.',
      choices: {
        delimiter: 'At a line end or another mark',
        fixed: 'After a number of bytes',
        length: 'As a length before them says',
        gap: 'When nothing comes for a while',
        cobs: 'By COBS',
        slip: 'By SLIP',
      },
    }),
  delimiter: delimiterField.default('').meta({
    title: 'mark, coming in',
    description: 'What ends a message of the device: \\r, \\n, \\x03. Empty: any line end.',
    placeholder: 'any line end',
    when: { framing: ['delimiter'] },
    blanks: true,
    advanced: true,
  }),
  sentDelimiter: delimiterField.default('\\n').meta({
    title: 'line end, going out',
    description: 'What ends a message to the device: \\n for most boards, \\r for most projectors and switchers.',
    placeholder: '\\r',
    when: { framing: ['delimiter'] },
    blanks: true,
  }),
  size: z
    .int()
    .min(1)
    .max(serialMessageMax)
    .default(8)
    .meta({
      title: 'length',
      description: 'How many bytes every message of the device has.',
      unit: 'bytes',
      repair: 'A message has 1 to 60000 bytes.',
      when: { framing: ['fixed'] },
    }),
  lengthBytes: z
    .literal([1, 2, 4])
    .default(1)
    .meta({
      title: 'length has',
      description: 'How many bytes the length itself takes.',
      choices: { 1: '1 byte', 2: '2 bytes', 4: '4 bytes' },
      when: { framing: ['length'] },
    }),
  lengthOrder: z
    .enum(['big', 'little'])
    .default('big')
    .meta({
      title: 'high byte',
      description: 'Which byte of the length comes first.',
      choices: { big: 'First', little: 'Last' },
      when: { framing: ['length'] },
    }),
  lengthCountsItself: z
    .boolean()
    .default(false)
    .meta({
      title: 'length counts itself',
      description: 'Whether its own bytes are in it.',
      when: { framing: ['length'] },
      advanced: true,
    }),
  lengthLeavesOut: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .meta({
      title: 'length leaves out',
      description: 'Bytes at the end that it does not count, such as a checksum.',
      unit: 'bytes',
      when: { framing: ['length'] },
      advanced: true,
    }),
  startBytes: hexField(16).meta({
    title: 'begins with',
    description: 'Bytes in hexadecimal that every message begins with: by them it is found again after noise.',
    placeholder: '7E',
    when: { framing: ['fixed', 'length'] },
  }),
  gapMs: z
    .int()
    .min(0)
    .max(10_000)
    .default(50)
    .meta({
      title: 'silence',
      description: 'Silence of so long ends a message, and what is not whole by then is dropped; 0 for never.',
      unit: 'ms',
      repair: 'From 0 to 10000 ms.',
      when: { framing: ['fixed', 'length', 'gap'] },
    }),
};
