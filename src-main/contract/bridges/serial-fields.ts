import { tryPattern } from '../address.ts';
import { binaryTypes, namesIn, readRegex, readSentTemplate, readTakenTemplate } from '../serial-template.ts';
import { tryHexBytes } from '../serial-text.ts';
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

const scaleEnd = (title: string, description: string, fallback: number) =>
  z.number().min(-1e12).max(1e12).default(fallback).meta({ title, description });

/** One span of numbers onto another. */
const scaleSchema = z
  .strictObject({
    fromLow: scaleEnd('from', 'The number that becomes the low end.', 0),
    fromHigh: scaleEnd('from, high', 'The number that becomes the high end.', 1023),
    toLow: scaleEnd('to', 'The low end.', 0),
    toHigh: scaleEnd('to, high', 'The high end.', 1),
    limit: z.boolean().default(true).meta({
      title: 'keep within',
      description: 'What is beyond an end becomes the end.',
    }),
  })
  .refine(({ fromLow, fromHigh }) => fromLow !== fromHigh, {
    path: ['fromHigh'],
    error: 'The two ends of a span differ.',
  });
export type SerialScale = z.infer<typeof scaleSchema>;

const scaleField = scaleSchema.nullable().default(null).meta({
  title: 'scale',
  description: 'Puts one span of numbers onto another: 0–1023 onto 0–1.',
  item: 'scale',
  advanced: true,
});

/** A value at a place in the bytes of a message. */
const byteFieldSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_]\w{0,63}$/, 'expected a name such as level')
    .meta({ title: 'name', description: 'What it is called in the address.', placeholder: 'level' }),
  at: z.int().min(0).max(serialMessageMax).meta({
    title: 'at byte',
    description: 'Where it begins; the first byte of a message is 0.',
    placeholder: '0',
  }),
  type: z
    .enum([...binaryTypes, 'bits', 'text', 'bytes'])
    .default('u8')
    .meta({
      title: 'is',
      description: 'u is a whole number, i one with a sign, f a float; be has its high byte first, le its low byte.',
      choices: { bits: 'bits of a byte', text: 'text', bytes: 'bytes' },
    }),
  bit: z
    .int()
    .min(0)
    .max(7)
    .default(0)
    .meta({
      title: 'bit',
      description: 'The lowest of its bits; 0 is the lowest of the byte.',
      when: { type: ['bits'] },
    }),
  bits: z
    .int()
    .min(1)
    .max(8)
    .default(1)
    .meta({ title: 'bits', description: 'How many; one alone is on or off.', when: { type: ['bits'] } }),
  size: z
    .int()
    .min(0)
    .max(serialMessageMax)
    .default(0)
    .meta({
      title: 'bytes',
      description: 'How many; 0 for all up to the end.',
      when: { type: ['text', 'bytes'] },
    }),
});
export type SerialByteField = z.infer<typeof byteFieldSchema>;

/** What is taken from messages of the device, and where it goes. */
export const serialReceiveSchema = z
  .strictObject({
    how: z
      .enum(['template', 'regex', 'layout'])
      .default('template')
      .meta({
        title: 'known by',
        description: 'How such a message is told from others, and its values are found.',
        choices: { template: 'A text with holes', regex: 'A regular expression', layout: 'Places of its bytes' },
      }),
    pattern: z
      .string()
      .max(1024)
      .default('')
      .meta({
        title: 'message',
        description: 'The whole message; a hole in braces takes a value: {n:int}, {value:float}, {state:ON|OFF}.',
        placeholder: 'POT{n:int}={value:float}',
        when: { how: ['template', 'regex'] },
        blanks: true,
      }),
    begins: hexField(64).meta({
      title: 'begins with',
      description: 'Bytes in hexadecimal that such a message begins with; empty for any.',
      placeholder: '01 04',
      when: { how: ['layout'] },
    }),
    length: z
      .int()
      .min(1)
      .max(serialMessageMax)
      .nullable()
      .default(null)
      .meta({
        title: 'has bytes',
        description: 'How many bytes such a message has; empty for any number.',
        when: { how: ['layout'] },
      }),
    fields: z
      .array(byteFieldSchema)
      .max(32)
      .default([])
      .meta({ title: 'values', description: 'Where they are.', item: 'value', when: { how: ['layout'] } }),
    to: z
      .string()
      .max(1024)
      .regex(/^\/.+$/s, 'expected an address such as /pot/{n}')
      .default('/{field}')
      .meta({
        title: 'to',
        description: 'The address under the prefix; {field} stands for the name of each value that it does not name.',
        placeholder: '/pot/{n}',
      }),
    kind: z
      .enum(['param', 'event'])
      .default('param')
      .meta({
        title: 'becomes',
        description: 'Whether what it says stays, or happens once.',
        choices: { param: 'A value that stays', event: 'An event' },
      }),
    scale: scaleField,
  })
  .superRefine(({ how, pattern, fields, to }, context) => {
    const names = how === 'layout' ? fields.map(({ name }) => name) : patternNames(how, pattern);
    if (typeof names === 'string') return context.addIssue({ code: 'custom', path: ['pattern'], message: names });
    if (new Set(names).size < names.length)
      context.addIssue({
        code: 'custom',
        path: [how === 'layout' ? 'fields' : 'pattern'],
        message: 'expected each name once',
      });
    if (names.length === 0 && to.includes('{field}'))
      context.addIssue({
        code: 'custom',
        path: ['to'],
        message: 'expected an address without {field}: the message holds no value',
      });
    for (const [hole, name = ''] of to.matchAll(addressHole))
      if (name !== 'field' && !names.includes(name))
        context.addIssue({ code: 'custom', path: ['to'], message: `expected the name of a value in place of ${hole}` });
  });
export type SerialReceive = z.infer<typeof serialReceiveSchema>;

/** A hole of an address: the name of a value. */
export const addressHole = /\{([A-Za-z_]\w*)\}/g;

/** What is sent to the device for signals under the prefix. */
export const serialSendSchema = z
  .strictObject({
    from: z
      .string()
      .max(1024)
      .refine((text) => tryPattern(text) !== undefined, 'expected a pattern such as /lamp/*')
      .default('/**')
      .meta({
        title: 'from',
        description: 'Addresses under the prefix: * stands for one part, ** for all below.',
        placeholder: '/lamp/*',
      }),
    message: z.string().min(1).max(4096).meta({
      title: 'message',
      description:
        '{value} is the value, {1} what the first * stood for; {value:03d}, {value:x}, {value:ON|OFF} give it a form.',
      placeholder: 'L{1}={value:d}',
      blanks: true,
    }),
    waits: z.boolean().default(true).meta({
      title: 'waits for its reply',
      description: 'Where messages wait for a reply at all: whether this one does.',
      advanced: true,
    }),
    scale: scaleField,
  })
  .superRefine(({ from, message }, context) => {
    const count = from.match(/\*\*|\*/g)?.length ?? 0;
    const highest = Math.max(0, ...[...message.matchAll(/\{(\d{1,2})(?::[^{}]*)?\}/g)].map(([, name]) => Number(name)));
    if (highest > count)
      context.addIssue({
        code: 'custom',
        path: ['message'],
        message: count === 0 ? 'expected no {1}: there is no *' : `expected {1} to {${count}}, one for each *`,
      });
  });

/** A message that is sent by itself. */
export const serialPollSchema = z.strictObject({
  message: z.string().min(1).max(4096).meta({
    title: 'message',
    description: 'Written as the messages above, without holes.',
    placeholder: '%1POWR ?',
    blanks: true,
  }),
  everySeconds: z.number().min(0.05).max(86_400).default(10).meta({
    title: 'every',
    description: 'How often it is sent.',
    unit: 's',
    repair: 'From 0.05 s to a day.',
  }),
});

export const serialAnswerSchema = z.strictObject({
  reply: z
    .string()
    .max(1024)
    .default('')
    .refine((text) => typeof readTakenTemplate(text) !== 'string', 'expected a message such as {}=OK')
    .meta({
      title: 'reply',
      description: 'The message that is a reply: {} stands for anything. Empty: any message is.',
      placeholder: '{}=OK',
      blanks: true,
    }),
  timeoutMs: z.int().min(10).max(60_000).default(500).meta({
    title: 'waits',
    description: 'How long a reply may take.',
    unit: 'ms',
    repair: 'From 10 to 60000 ms.',
  }),
  repeats: z.int().min(0).max(10).default(1).meta({
    title: 'sends again',
    description: 'How often a message without a reply is sent again before it is given up.',
    unit: 'times',
    repair: 'From 0 to 10 times.',
  }),
});

export const checksumKinds = [
  ...([
    'sum8',
    'xor8',
    'twos',
    'crc8',
    'crc16-modbus',
    'crc16-ccitt',
    'crc16-xmodem',
    'crc16-kermit',
    'crc32',
  ] as const),
] as const;

export const serialChecksumSchema = z.strictObject({
  kind: z
    .enum(checksumKinds)
    .default('sum8')
    .meta({
      title: 'sum',
      description: 'How it is made.',
      choices: {
        sum8: 'Sum of the bytes, 8 bits',
        xor8: 'XOR of the bytes (LRC, NMEA)',
        twos: 'Two’s complement of the sum',
        crc8: 'CRC-8',
        'crc16-modbus': 'CRC-16 Modbus',
        'crc16-ccitt': 'CRC-16 CCITT (begins with FFFF)',
        'crc16-xmodem': 'CRC-16 XModem (begins with 0)',
        'crc16-kermit': 'CRC-16 Kermit',
        crc32: 'CRC-32',
      },
    }),
  written: z
    .enum(['big', 'little', 'hex'])
    .default('big')
    .meta({
      title: 'written as',
      description: 'How it stands in a message. Modbus has its low byte first.',
      choices: { big: 'Bytes, high byte first', little: 'Bytes, low byte first', hex: 'Hexadecimal digits' },
    }),
  where: z
    .enum(['end', 'start'])
    .default('end')
    .meta({
      title: 'stands',
      description: 'Behind the message or before it.',
      choices: { end: 'Behind the message', start: 'Before the message' },
    }),
  mark: z
    .string()
    .max(8)
    .regex(/^[\x20-\x7e]*$/, 'expected letters or signs such as *')
    .default('')
    .meta({
      title: 'after',
      description: 'What stands between message and sum, and is not summed: * in NMEA.',
      when: { where: ['end'] },
      blanks: true,
      advanced: true,
    }),
  skipFirst: z.int().min(0).max(64).default(0).meta({
    title: 'leaves out, first',
    description: 'How many bytes at the beginning are not summed.',
    unit: 'bytes',
    advanced: true,
  }),
  skipLast: z.int().min(0).max(64).default(0).meta({
    title: 'leaves out, last',
    description: 'How many bytes at the end of the message are not summed.',
    unit: 'bytes',
    advanced: true,
  }),
  on: z
    .enum(['both', 'in', 'out'])
    .default('both')
    .meta({
      title: 'in',
      description: 'Which messages have it.',
      choices: { both: 'Messages of both directions', in: 'Messages of the device', out: 'Messages to the device' },
      advanced: true,
    }),
});
export type SerialChecksum = z.infer<typeof serialChecksumSchema>;

/** Why a message without holes cannot be sent, as a clause; undefined where it can. */
export function fixedMessageFault(message: string, content: 'text' | 'bytes'): string | undefined {
  const parts = readSentTemplate(message, content);
  if (typeof parts === 'string') return parts;
  return parts.some((part) => 'hole' in part)
    ? 'it is sent by itself, and has no value: leave out the braces'
    : undefined;
}

function patternNames(how: 'template' | 'regex', pattern: string): readonly string[] | string {
  if (pattern === '') return 'expected a message such as POT{n:int}={value:float}';
  if (how === 'regex') return readRegex(pattern);
  const parts = readTakenTemplate(pattern);
  return typeof parts === 'string' ? parts : namesIn(parts);
}
