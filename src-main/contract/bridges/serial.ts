import { baudMax, baudMin } from '../door.ts';
import { readSentTemplate } from '../serial-template.ts';
import { tryEscapedBytes } from '../serial-text.ts';
import { z } from '../zod.ts';
import { bridgeHead, prefixSchema } from './bridge-head.ts';
import {
  fixedMessageFault,
  hexField,
  serialAnswerSchema,
  serialChecksumSchema,
  serialMessageMax,
  serialPollSchema,
  serialReceiveSchema,
  serialSendSchema,
} from './serial-fields.ts';

const delimiterField = z
  .string()
  .max(32)
  .refine((text) => (tryEscapedBytes(text)?.length ?? 99) <= 16, 'expected up to 16 bytes, such as \\r\\n or \\x03');

/** A signal of the port that is held up or down while it is open. */
const ownSignal = z.enum(['system', 'on', 'off']).default('system');
const signalChoices = { system: 'As the system has it', on: 'On', off: 'Off' };

const framing = {
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

const line = {
  dataBits: z
    .literal([7, 8])
    .default(8)
    .meta({ title: 'data bits', description: 'Of each byte.', choices: { 7: '7', 8: '8' }, advanced: true }),
  parity: z
    .enum(['none', 'even', 'odd'])
    .default('none')
    .meta({
      title: 'parity',
      description: 'As the manual of the device has it.',
      choices: { none: 'None', even: 'Even', odd: 'Odd' },
      advanced: true,
    }),
  stopBits: z
    .literal([1, 2])
    .default(1)
    .meta({ title: 'stop bits', description: 'Behind each byte.', choices: { 1: '1', 2: '2' }, advanced: true }),
  flow: z
    .enum(['none', 'rtscts', 'xonxoff'])
    .default('none')
    .meta({
      title: 'flow control',
      description: 'How one end asks the other to wait.',
      choices: { none: 'None', rtscts: 'RTS and CTS', xonxoff: 'XON and XOFF' },
      advanced: true,
    }),
  dtr: ownSignal.meta({
    title: 'DTR',
    description: 'Held while the port is open. Some boards want it on before they speak.',
    choices: signalChoices,
    advanced: true,
  }),
  rts: ownSignal.meta({
    title: 'RTS',
    description: 'Held while the port is open, unless it does flow control.',
    choices: signalChoices,
    when: { flow: ['none', 'xonxoff'] },
    advanced: true,
  }),
  hangUp: z.boolean().default(true).meta({
    title: 'hang up when it closes',
    description: 'Off leaves DTR up, so that an Arduino does not start anew each time the port is opened again.',
    advanced: true,
  }),
};

const settings = z
  .strictObject({
    port: z.string().min(1).max(1024).meta({
      title: 'port',
      description: 'One with a serial number is found again wherever it is plugged in; any other goes by its path.',
      placeholder: 'usb=2341:0043:7573',
      control: 'serial-port',
      repair: 'Choose a port, or give its path: /dev/ttyUSB0, COM3, usb=2341:0043:7573.',
    }),
    baud: z
      .int()
      .min(baudMin)
      .max(baudMax)
      .default(9600)
      .meta({
        title: 'speed',
        description: 'As the manual or the sketch of the device has it: 9600, 38400, 115200.',
        unit: 'baud',
        repair: `A speed is a whole number from ${baudMin} to ${baudMax} baud.`,
      }),
    prefix: prefixSchema.default('/serial').meta({ example: 'A message that no rule covers is {value}/line here.' }),
    ...framing,
    content: z
      .enum(['text', 'bytes'])
      .default('text')
      .meta({
        title: 'messages are',
        description: 'Bytes are written in hexadecimal below.',
        choices: { text: 'Text', bytes: 'Bytes' },
      }),
    receives: z.array(serialReceiveSchema).max(128).default([]).meta({
      title: 'takes',
      description: 'Messages of the device; the first rule that covers one holds.',
      item: 'message',
    }),
    unmatched: z
      .enum(['event', 'drop'])
      .default('event')
      .meta({
        title: 'messages that no rule covers',
        description: 'They appear at /line under the prefix, or at /frame where messages are bytes.',
        choices: { event: 'Appear as they are', drop: 'Are left out' },
      }),
    sends: z.array(serialSendSchema).max(128).default([]).meta({
      title: 'gives',
      description:
        'Messages to the device; the first rule that covers an address holds. What is set at /send goes out as it is.',
      item: 'message',
    }),
    pauseMs: z.int().min(0).max(60_000).default(0).meta({
      title: 'pause between messages',
      description: 'How long the line rests after each; many projectors and switchers want 50 ms.',
      unit: 'ms',
      repair: 'From 0 to 60000 ms.',
    }),
    checksum: serialChecksumSchema.nullable().default(null).meta({
      title: 'checksum',
      description: 'What guards each message; one that is wrong is counted and left out.',
      item: 'checksum',
      advanced: true,
    }),
    answer: serialAnswerSchema.nullable().default(null).meta({
      title: 'replies',
      description: 'The next message waits until the device has replied to the one before.',
      item: 'wait for replies',
      advanced: true,
    }),
    onAttach: z.array(z.string().min(1).max(4096)).max(64).default([]).meta({
      title: 'sent first',
      description: 'Messages that are sent each time the device is there, before all else; one in each line.',
      control: 'lines',
      advanced: true,
    }),
    polls: z.array(serialPollSchema).max(64).default([]).meta({
      title: 'asks by itself',
      description: 'Messages that are sent again and again.',
      item: 'message',
      advanced: true,
    }),
    rate: z.int().min(1).max(1000).nullable().default(null).meta({
      title: 'at most',
      description: 'Messages a second to the device; empty for as many as the line takes.',
      unit: 'a second',
      repair: 'From 1 to 1000 a second, or empty.',
      advanced: true,
    }),
    settleMs: z.int().min(0).max(30_000).default(0).meta({
      title: 'starts up for',
      description: 'How long the device hears nothing after the port is opened: 2000 ms for many an Arduino.',
      unit: 'ms',
      repair: 'From 0 to 30000 ms.',
      advanced: true,
    }),
    echo: z.boolean().default(false).meta({
      title: 'device repeats what it is sent',
      description: 'What comes back as it left is dropped.',
      advanced: true,
    }),
    encoding: z
      .enum(['utf-8', 'latin1'])
      .default('utf-8')
      .meta({
        title: 'letters',
        description: 'How letters beyond English are written in bytes.',
        choices: { 'utf-8': 'UTF-8', latin1: 'Latin 1' },
        when: { content: ['text'] },
        advanced: true,
      }),
    longest: z
      .int()
      .min(1)
      .max(serialMessageMax)
      .default(1024)
      .meta({
        title: 'longest message',
        description: 'What is longer is counted and left out.',
        unit: 'bytes',
        repair: 'From 1 to 60000 bytes.',
        when: { framing: ['delimiter', 'length', 'gap', 'cobs', 'slip'] },
        advanced: true,
      }),
    dropFirst: z
      .boolean()
      .default(false)
      .meta({
        title: 'leave out the first message',
        description: 'For a device that talks all the time: the first after opening may be half of one.',
        when: { framing: ['delimiter', 'cobs', 'slip', 'gap'] },
        advanced: true,
      }),
    ...line,
  })
  .superRefine(({ content, sends, polls, onAttach, framing: by, gapMs, startBytes, size }, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (by === 'gap' && gapMs === 0) refuse(['gapMs'], 'expected at least 1 ms: silence is what ends a message');
    if (by === 'fixed' && startBytes.replace(/\s/g, '').length / 2 >= size)
      refuse(['startBytes'], 'expected fewer bytes than a message has');
    for (const [i, { message }] of sends.entries()) {
      const parts = readSentTemplate(message, content);
      if (typeof parts === 'string') refuse(['sends', i, 'message'], parts);
    }
    for (const [i, { message }] of polls.entries()) {
      const fault = fixedMessageFault(message, content);
      if (fault) refuse(['polls', i, 'message'], fault);
    }
    for (const [i, message] of onAttach.entries()) {
      const fault = fixedMessageFault(message, content);
      if (fault) refuse(['onAttach', i], fault);
    }
  });

/** A device at a serial port that speaks in messages of text or bytes. */
export const serialBridgeSchema = z.strictObject({ ...bridgeHead, kind: z.literal('serial'), settings }).meta({
  title: 'Serial',
  description: 'Speaks with a device at a serial port: an Arduino, a projector, a switcher, a sensor.',
});
export type SerialBridge = z.infer<typeof serialBridgeSchema>;
export type SerialSettings = SerialBridge['settings'];
