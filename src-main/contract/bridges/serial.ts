import { baudMax, baudMin } from '../door.ts';
import { readSentTemplate } from '../serial-template.ts';
import { z } from '../zod.ts';
import { bridgeHead, prefixSchema } from './bridge-head.ts';
import { serialChecksumSchema } from './serial-checksum.ts';
import { serialFraming, serialMessageMax } from './serial-framing.ts';
import { serialLine } from './serial-line.ts';
import { serialPortNameSchema } from './serial-port-name.ts';
import { serialReceiveSchema } from './serial-receive.ts';
import { fixedMessageFault, serialAnswerSchema, serialPollSchema, serialSendSchema } from './serial-send.ts';

const settings = z
  .strictObject({
    port: serialPortNameSchema.meta({
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
        title: 'baud rate',
        description: 'As the manual or the sketch of the device has it: 9600, 38400, 115200.',
        unit: 'baud',
        repair: `A baud rate is a whole number from ${baudMin} to ${baudMax} baud.`,
      }),
    prefix: prefixSchema.default('/serial').meta({ example: 'A message that no rule covers is {value}/line here.' }),
    ...serialFraming,
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
    ...serialLine,
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
