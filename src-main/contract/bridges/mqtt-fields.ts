import { tryPattern } from '../address.ts';
import { filterFault, topicFault, wildcardsOf } from '../mqtt-topics.ts';
import { z } from '../zod.ts';
import { capturesIn, templateHole, tooManyCaptures, wildcardsIn } from './template-hole.ts';
import { jsonValuesField, numbersField, payloadField, placeTemplate } from './value-fields.ts';

const topicText = z
  .string()
  .min(1)
  .max(1024)
  .superRefine((text, context) => {
    const fault = topicFault(text);
    if (fault) context.addIssue({ code: 'custom', message: `expected a topic such as show/status: ${fault}` });
  });

const qosField = (description: string) =>
  z
    .literal([0, 1, 2])
    .default(0)
    .meta({
      title: 'QoS',
      description,
      choices: { 0: '0: at most once', 1: '1: at least once', 2: '2: exactly once' },
    });

/** A message that is sent by itself: as will, or when the connection is there. */
export const mqttNoticeSchema = z.strictObject({
  topic: topicText.meta({ title: 'topic', description: 'Where it is published.', placeholder: 'show/flyrail' }),
  payload: z.string().max(4096).default('').meta({ title: 'message', description: 'The text of it.' }),
  qos: qosField('How surely it arrives.'),
  retain: z.boolean().default(true).meta({
    title: 'retained',
    description: 'Whether the broker keeps it for those who come later.',
  }),
});

/** What is taken from the broker, and where it goes. */
export const mqttSubscriptionSchema = z
  .strictObject({
    topic: z
      .string()
      .min(1)
      .max(1024)
      .superRefine((text, context) => {
        const fault = filterFault(text);
        if (fault) context.addIssue({ code: 'custom', message: `expected a filter such as lamps/+/state: ${fault}` });
      })
      .meta({
        title: 'topics',
        description:
          'A filter: + stands for one level, # at the end for all below; $share/group/filter shares the work.',
        placeholder: 'zigbee2mqtt/+',
      }),
    to: placeTemplate.default('').meta({
      title: 'to',
      description:
        'The address under the prefix: {1} is what the first + or # stood for. Empty: the same as the topic.',
      placeholder: '/lamp/{1}',
    }),
    qos: qosField('How surely the broker hands messages on.'),
    payload: payloadField,
    values: jsonValuesField,
    plain: z
      .enum(['param', 'event'])
      .default('param')
      .meta({
        title: 'messages that are not retained',
        description: 'Whether they set a value or happen once; retained ones always set a value.',
        choices: { param: 'Set the value', event: 'Happen once' },
      }),
    retained: z
      .enum(['always', 'new', 'never'])
      .default('always')
      .meta({
        title: 'retained messages',
        description: 'Whether the broker sends what it keeps when the connection is there again. Version 5 only.',
        choices: { always: 'Each time', new: 'Once', never: 'Not at all' },
        advanced: true,
      }),
    numbers: numbersField,
  })
  .superRefine(({ topic, to, values }, context) => {
    const count = wildcardsOf(topic);
    if (capturesIn(to) > count) context.addIssue({ code: 'custom', path: ['to'], message: tooManyCaptures(count) });
    for (const [i, value] of values.entries())
      if (capturesIn(value.to) > count)
        context.addIssue({ code: 'custom', path: ['values', i, 'to'], message: tooManyCaptures(count) });
  });
export type MqttSubscription = z.infer<typeof mqttSubscriptionSchema>;

/** What is given to the broker, and as what. */
export const mqttPublicationSchema = z
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
    to: z.string().max(1024).default('').meta({
      title: 'topic',
      description: '{1} is what the first * stood for. Empty: the same as the address.',
      placeholder: 'zigbee2mqtt/{1}/set',
    }),
    qos: qosField('How surely it arrives.'),
    retain: z.boolean().default(false).meta({
      title: 'retained',
      description: 'Whether the broker keeps values for those who come later. Events are never kept.',
    }),
    payload: payloadField,
    body: z.string().max(4096).nullable().default(null).meta({
      title: 'body',
      description: 'The text of the message, with {value}, {address}, {topic} and {1} in it. Empty: the value alone.',
      placeholder: '{"brightness": {value}}',
      control: 'lines',
    }),
    numbers: numbersField,
    contentType: z.string().max(256).default('').meta({
      title: 'content type',
      description: 'Said with each message; version 5 only.',
      placeholder: 'application/json',
      advanced: true,
    }),
    expirySeconds: z.int().min(1).max(4_294_967_295).nullable().default(null).meta({
      title: 'expires after',
      description: 'Seconds that the broker holds it for who is away; version 5 only.',
      unit: 's',
      advanced: true,
    }),
    userProperties: z
      .record(
        z.string().min(1).max(256).meta({ title: 'name', description: 'What it is called.' }),
        z.string().max(1024).meta({ title: 'text', description: 'What is said.' }),
      )
      .default({})
      .meta({
        title: 'user properties',
        description: 'Said with each message; version 5 only.',
        item: 'property',
        advanced: true,
      }),
  })
  .superRefine(({ from, to }: { from: string; to: string }, context) => {
    const count = wildcardsIn(from);
    if (capturesIn(to) > count) context.addIssue({ code: 'custom', path: ['to'], message: tooManyCaptures(count) });
    const fault = to === '' ? undefined : topicFault(to.replace(templateHole, 'x'));
    if (fault) context.addIssue({ code: 'custom', path: ['to'], message: `expected a topic: ${fault}` });
  });
export type MqttPublication = z.infer<typeof mqttPublicationSchema>;
