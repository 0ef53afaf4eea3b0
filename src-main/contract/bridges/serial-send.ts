import { tryPattern } from '../address.ts';
import { readSentTemplate, readTakenTemplate } from '../serial-template.ts';
import { z } from '../zod.ts';
import { serialScaleField } from './serial-scale.ts';

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
    scale: serialScaleField,
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

/** Why a message without holes cannot be sent, as a clause; undefined where it can. */
export function fixedMessageFault(message: string, content: 'text' | 'bytes'): string | undefined {
  const parts = readSentTemplate(message, content);
  if (typeof parts === 'string') return parts;
  return parts.some((part) => 'hole' in part)
    ? 'it is sent by itself, and has no value: leave out the braces'
    : undefined;
}
