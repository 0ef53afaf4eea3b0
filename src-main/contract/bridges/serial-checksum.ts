import { z } from '../zod.ts';

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
