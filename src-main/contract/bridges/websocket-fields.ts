import { tryPattern } from '../address.ts';
import { tryJsonPath } from '../json-path.ts';
import { capturesIn, templateHole, tooManyCaptures, wildcardsIn } from './template-hole.ts';
import { z } from '../zod.ts';

const jsonPath = z
  .string()
  .max(512)
  .refine((text) => tryJsonPath(text) !== undefined, 'expected a path such as $.state.level');

const place = z
  .string()
  .max(1024)
  .regex(/^(\/.+)?$/s, 'expected an address such as /lamp/1');

/** What is taken out of a message of JSON or MessagePack, and where it goes. */
export const websocketTakeSchema = z
  .strictObject({
    where: z
      .record(
        jsonPath.meta({ title: 'path', description: 'Where it is looked for.', placeholder: '$.type' }),
        z.string().max(1024).meta({ title: 'is', description: 'What has to be there, as text.', placeholder: 'state' }),
      )
      .default({})
      .meta({
        title: 'messages where',
        description: 'Only messages that have all of these. Empty: every message.',
        item: 'condition',
      }),
    address: z
      .string()
      .max(512)
      .refine((text) => text === '' || tryJsonPath(text) !== undefined, 'expected a path such as $.name')
      .default('')
      .meta({
        title: 'address at',
        description: 'Where the message says what it is about. Empty: the address below.',
        placeholder: '$.name',
      }),
    to: place.default('').meta({
      title: 'to',
      description: 'The address under the prefix; {address} is what the message says. Empty: that alone.',
      placeholder: '/lamp/{address}',
    }),
    value: jsonPath.default('$').meta({
      title: 'value at',
      description: 'Where the value is; $ is the whole message.',
      placeholder: '$.value',
    }),
    values: z
      .array(
        z.strictObject({
          path: jsonPath.meta({ title: 'path', description: 'Where the value is.', placeholder: '$.state.level' }),
          to: place.min(1).meta({ title: 'to', description: 'The address of it.', placeholder: '/lamp/level' }),
        }),
      )
      .max(64)
      .default([])
      .meta({
        title: 'several values',
        description: 'Takes these out of each message, in place of the one above.',
        item: 'value',
      }),
    as: z
      .enum(['param', 'event', 'stream'])
      .default('param')
      .meta({
        title: 'comes in as',
        description: 'What it becomes.',
        choices: { param: 'Param: stays', event: 'Event: happens once', stream: 'Stream: flows' },
      }),
  })
  .superRefine(({ address, to, values }, context) => {
    const isPlaced = values.length > 0 || address !== '' || to !== '';
    if (!isPlaced) context.addIssue({ code: 'custom', path: ['to'], message: 'expected an address such as /lamp/1' });
    const holes = [to, ...values.map((each) => each.to)].flatMap((text) => [...text.matchAll(templateHole)]);
    const isOdd = holes.some(([, name]) => name !== 'address' || address === '');
    if (isOdd)
      context.addIssue({ code: 'custom', path: ['to'], message: 'expected {address} alone, with a path to it' });
  });
export type WebSocketTake = z.infer<typeof websocketTakeSchema>;

/** What is given to the other end, and how. */
export const websocketGiveSchema = z
  .strictObject({
    from: z
      .string()
      .max(1024)
      .refine((text) => tryPattern(text) !== undefined, 'expected a pattern such as /lamp/*')
      .default('/**')
      .meta({
        title: 'from',
        description: 'Addresses under the prefix: * stands for one part, ** for all below.',
        placeholder: '/lamp/*/level',
      }),
    kind: z
      .enum(['any', 'param', 'event', 'stream'])
      .default('any')
      .meta({
        title: 'kind',
        description: 'Whether it is for all that comes there, or for one kind of it.',
        choices: { any: 'All', param: 'Params', event: 'Events', stream: 'Streams' },
      }),
    body: z.string().max(4096).nullable().default(null).meta({
      title: 'message',
      description: 'Its text, with {value}, {address} and {1} in it. Empty: address and value, or the value alone.',
      placeholder: '{"set": "{1}", "to": {value}}',
      control: 'lines',
    }),
  })
  .superRefine(({ from, body }, context) => {
    const count = wildcardsIn(from);
    if (capturesIn(body ?? '') > count)
      context.addIssue({ code: 'custom', path: ['body'], message: tooManyCaptures(count) });
  });
export type WebSocketGive = z.infer<typeof websocketGiveSchema>;

/** What is said again and again, for devices that want it. */
export const websocketHeartbeatSchema = z.strictObject({
  message: z.string().min(1).max(4096).meta({
    title: 'message',
    description: 'What is said; {secret} is the secret.',
    placeholder: '{"type":"ping"}',
  }),
  seconds: z.int().min(1).max(3600).default(30).meta({
    title: 'every',
    description: 'How often.',
    unit: 's',
    repair: 'A whole number of seconds from 1 to 3600.',
  }),
});
