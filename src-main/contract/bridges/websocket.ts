import { secretNameSchema } from '../secret.ts';
import { z } from '../zod.ts';
import { bridgeHead, dialCardSchema, prefixSchema } from './bridge-head.ts';
import { websocketGiveSchema, websocketHeartbeatSchema, websocketTakeSchema } from './websocket-fields.ts';

/** What stands for the secret in the URL, in headers and in what is said first. */
export const secretHole = '{secret}';

const fileField = z.string().min(1).max(4096).nullable().default(null);
const takes = { direction: ['in', 'both'] };
const gives = { direction: ['out', 'both'] };
/** [RFC 9110, 5.6.2] */
const token = /^[\w!#$%&'*+.^`|~-]+$/;
/** The handshake's own. [RFC 6455, 4.1] */
const ownHeaders = /^(host|connection|upgrade|content-length|transfer-encoding|sec-websocket-.*)$/i;

const settings = z
  .strictObject({
    url: z
      .string()
      .max(2048)
      .regex(/^wss?:\/\/[^@\s/?#]+([/?][^\s#]*)?$/, 'expected a URL such as ws://10.0.0.5:8080/api')
      .refine(hasPort, 'expected a port from 1 to 65535')
      .meta({
        title: 'server',
        description: 'Where it is dialled: ws or wss.',
        placeholder: 'ws://10.0.0.5:8080/api',
        repair: 'A URL such as ws://10.0.0.5:8080/api; a secret in it is {secret}.',
      }),
    networkCard: dialCardSchema,
    prefix: prefixSchema.default('/ws').meta({ example: '/lamp/1 of the server is {value}/lamp/1 here.' }),
    direction: z
      .enum(['in', 'out', 'both'])
      .default('both')
      .meta({
        title: 'direction',
        description: 'Whether it takes what the server says, gives what is set here, or both.',
        choices: { both: 'In and out', in: 'In: take', out: 'Out: give' },
      }),
    format: z
      .enum(['json', 'msgpack', 'text', 'binary'])
      .default('json')
      .meta({
        title: 'format',
        description: 'What messages are.',
        choices: { json: 'JSON', msgpack: 'MessagePack', text: 'Text', binary: 'Bytes' },
      }),
    takes: z
      .array(websocketTakeSchema)
      .max(256)
      .default([])
      .meta({
        title: 'takes',
        description: 'Of several that fit a message the first one holds; without one its address and value are taken.',
        item: 'rule',
        when: { ...takes, format: ['json', 'msgpack'] },
      }),
    messages: z
      .enum(['param', 'event'])
      .default('param')
      .meta({
        title: 'other messages',
        description: 'Whether a message without an address sets a value, or happens once.',
        choices: { param: 'Set the value', event: 'Happen once' },
        when: takes,
      }),
    gives: z
      .array(websocketGiveSchema)
      .max(256)
      .default(() => [websocketGiveSchema.parse({})])
      .meta({
        title: 'gives',
        description: 'Of several that cover an address the first one holds.',
        item: 'rule',
        when: gives,
      }),
    hello: z.array(z.string().min(1).max(4096)).max(64).default([]).meta({
      title: 'says first',
      description: 'Messages that are sent each time it is connected, such as a login or what is subscribed to.',
      placeholder: '{"type":"subscribe","topic":"/lamp"}',
      control: 'lines',
    }),
    secretName: secretNameSchema.nullable().default(null).meta({
      title: 'name of the secret',
      description: 'It is shown as a bearer token, or stands where {secret} is written. It is never in the show.',
      control: 'secret',
      repair: 'Letters, digits, dots, - and _.',
    }),
    headers: z
      .record(
        z
          .string()
          .max(256)
          .regex(token, 'expected the name of a header')
          .refine((name) => !ownHeaders.test(name), 'expected another header: this one is of the handshake')
          .meta({ title: 'name', description: 'What the header is called.', placeholder: 'X-Api-Key' }),
        z
          .string()
          .max(4096)
          .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected letters that a header can hold')
          .meta({ title: 'text', description: 'What it says; {secret} is the secret.', placeholder: '{secret}' }),
      )
      .default({})
      .meta({ title: 'headers', description: 'Said when it is dialled.', item: 'header', advanced: true }),
    subprotocols: z
      .array(z.string().max(256).regex(token, 'expected a name such as flyrail.json'))
      .max(16)
      .refine((names) => new Set(names).size === names.length, 'expected each one once')
      .default([])
      .meta({
        title: 'subprotocols',
        description: 'Names of which the server chooses one.',
        placeholder: 'flyrail.json',
        control: 'lines',
        advanced: true,
      }),
    heartbeat: websocketHeartbeatSchema.nullable().default(null).meta({
      title: 'heartbeat',
      description: 'For devices that want to hear a message of their own now and then.',
      item: 'heartbeat',
      advanced: true,
    }),
    pingSeconds: z.int().min(0).max(3600).default(5).meta({
      title: 'ping',
      description: 'How often a silent connection is asked whether it still stands; 0 is never.',
      unit: 's',
      repair: 'A whole number of seconds from 0 to 3600.',
      advanced: true,
    }),
    /** what is said comes back from servers that hand on to everybody, and from devices that answer with how they stand */
    echo: z
      .enum(['values', 'all', 'none'])
      .default('values')
      .meta({
        title: 'drops its own words',
        description: 'Many servers send back what they were sent; that is no news.',
        choices: { values: 'Values', all: 'Values and events', none: 'Nothing' },
        when: { direction: ['both'] },
        advanced: true,
      }),
    numbers: z
      .enum(['float', 'written'])
      .default('float')
      .meta({
        title: 'numbers',
        description: 'Whether 5 and 5.0 are the same; whole numbers past 2^53 are kept either way.',
        choices: { float: 'All are floats', written: 'As written: 5 is whole, 5.0 a float' },
        advanced: true,
      }),
    queueMax: z.int().min(0).max(100_000).default(1000).meta({
      title: 'holds while away',
      description: 'Events that wait for the server; past that the oldest go, and are counted.',
      when: gives,
      advanced: true,
    }),
    caFile: fileField.meta({
      title: 'authority',
      description: 'A PEM file on this machine with an authority to trust beside the well-known ones.',
      advanced: true,
    }),
    certFile: fileField.meta({
      title: 'own certificate',
      description: 'A PEM file on this machine that is shown to the server.',
      advanced: true,
    }),
    keyFile: fileField.meta({
      title: 'key of it',
      description: 'The PEM file with its private key.',
      advanced: true,
    }),
  })
  .superRefine(({ certFile, keyFile, secretName, url, headers, hello, heartbeat }, context) => {
    const issue = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if ((certFile === null) !== (keyFile === null))
      issue([certFile === null ? 'certFile' : 'keyFile'], 'expected a certificate and its key together');
    const texts = [url, ...Object.values(headers), ...hello, heartbeat?.message ?? ''];
    if (secretName === null && texts.some((text) => text.includes(secretHole)))
      issue(['secretName'], 'expected the name of the secret that {secret} stands for');
    if (/^[^/]*\/\/[^/?]*\{secret\}/.test(url)) issue(['url'], 'expected {secret} behind the host');
  });

/** A client of a server that speaks JSON, MessagePack, text or bytes over WebSocket. */
export const websocketBridgeSchema = z
  .strictObject({ ...bridgeHead, kind: z.literal('websocket'), settings })
  .meta({ title: 'WebSocket', description: 'Takes messages of a WebSocket server and sends it others.' });
export type WebSocketBridge = z.infer<typeof websocketBridgeSchema>;
export type WebSocketSettings = WebSocketBridge['settings'];

/** Where it names one. */
function hasPort(url: string): boolean {
  const port = /^wss?:\/\/[^/?#]*:(\d+)(?=[/?#]|$)/.exec(url)?.[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
}
