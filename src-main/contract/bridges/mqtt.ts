import { secretNameSchema } from '../secret.ts';
import { z } from '../zod.ts';
import { bridgeHead, dialCardSchema, prefixSchema } from './bridge-head.ts';
import { mqttNoticeSchema, mqttPublicationSchema, mqttSubscriptionSchema } from './mqtt-fields.ts';

const fileField = z.string().min(1).max(4096).nullable().default(null);

const settings = z
  .strictObject({
    url: z
      .string()
      .max(2048)
      .regex(/^(mqtts?|wss?):\/\/[^@\s/]+(\/[^\s]*)?$/, 'expected a URL such as mqtt://10.0.0.5')
      .meta({
        title: 'broker',
        description: 'Where it is dialled: mqtt, mqtts, ws or wss.',
        placeholder: 'mqtt://10.0.0.5',
        repair: 'A URL such as mqtt://10.0.0.5 or mqtts://broker:8883; user and password have places of their own.',
      }),
    networkCard: dialCardSchema,
    prefix: prefixSchema.default('/mqtt').meta({ example: 'The topic lamps/1 of the broker is {value}/lamps/1 here.' }),
    direction: z
      .enum(['in', 'out', 'both'])
      .default('both')
      .meta({
        title: 'direction',
        description: 'Whether it takes what the broker has, gives what is set here, or both.',
        choices: { both: 'In and out', in: 'In: subscribe', out: 'Out: publish' },
      }),
    version: z
      .enum(['3.1.1', '5'])
      .default('3.1.1')
      .meta({
        title: 'MQTT version',
        description: 'Every broker speaks 3.1.1; with 5 some settings have more choices.',
        choices: { '3.1.1': '3.1.1', '5': '5' },
      }),
    user: z.string().max(1024).default('').meta({
      title: 'user',
      description: 'Empty where the broker asks for none.',
    }),
    secretName: secretNameSchema.nullable().default(null).meta({
      title: 'name of the password',
      description: 'A secret of this machine; it is never in the show.',
      control: 'secret',
      repair: 'Letters, digits, dots, - and _.',
    }),
    subscriptions: z
      .array(mqttSubscriptionSchema)
      .max(256)
      .default(() => [mqttSubscriptionSchema.parse({ topic: '#' })])
      .meta({
        title: 'takes',
        description: 'Of several that cover a topic the first one holds.',
        item: 'subscription',
        when: { direction: ['in', 'both'] },
      }),
    publications: z
      .array(mqttPublicationSchema)
      .max(256)
      .default(() => [mqttPublicationSchema.parse({})])
      .meta({
        title: 'gives',
        description: 'Of several that cover an address the first one holds.',
        item: 'publication',
        when: { direction: ['out', 'both'] },
      }),
    /** empty: made of the bridge and this machine, and always the same */
    clientId: z.string().max(256).default('').meta({
      title: 'client id',
      description: 'What the broker knows it by. Empty: one of its own, different on each machine.',
      advanced: true,
    }),
    cleanSession: z.boolean().default(false).meta({
      title: 'begin anew each time',
      description: 'Otherwise the broker holds QoS 1 and 2 for it while the connection is cut.',
      advanced: true,
    }),
    sessionExpirySeconds: z
      .int()
      .min(0)
      .max(4_294_967_295)
      .default(3600)
      .meta({
        title: 'broker holds for',
        description: 'How long it holds messages while the connection is cut; version 5 only.',
        unit: 's',
        advanced: true,
        when: { version: ['5'] },
      }),
    keepAliveSeconds: z.int().min(2).max(3600).default(10).meta({
      title: 'keep-alive',
      description: 'How often a silent connection is asked whether it still stands.',
      unit: 's',
      advanced: true,
    }),
    queueMax: z.int().min(0).max(100_000).default(1000).meta({
      title: 'holds while away',
      description: 'Messages of QoS 1 and 2 that wait for the broker; past that the oldest go, and are counted.',
      advanced: true,
    }),
    caFile: fileField.meta({
      title: 'authority',
      description: 'A PEM file on this machine with an authority to trust beside the well-known ones.',
      advanced: true,
    }),
    certFile: fileField.meta({
      title: 'own certificate',
      description: 'A PEM file on this machine that is shown to the broker.',
      advanced: true,
    }),
    keyFile: fileField.meta({
      title: 'key of it',
      description: 'The PEM file with its private key.',
      advanced: true,
    }),
    will: mqttNoticeSchema.nullable().default(null).meta({
      title: 'will',
      description: 'What is published when Flyrail goes, in order or not.',
      item: 'will',
      advanced: true,
    }),
    birth: mqttNoticeSchema.nullable().default(null).meta({
      title: 'birth message',
      description: 'What is published each time the connection is there.',
      item: 'birth message',
      advanced: true,
    }),
  })
  .superRefine(({ certFile, keyFile }, context) => {
    if ((certFile === null) !== (keyFile === null))
      context.addIssue({
        code: 'custom',
        path: [certFile === null ? 'certFile' : 'keyFile'],
        message: 'expected a certificate and its key together',
      });
  });

/** A client of an MQTT broker. */
export const mqttBridgeSchema = z
  .strictObject({ ...bridgeHead, kind: z.literal('mqtt'), settings })
  .meta({ title: 'MQTT', description: 'Takes topics of an MQTT broker and publishes there.' });
export type MqttBridge = z.infer<typeof mqttBridgeSchema>;
