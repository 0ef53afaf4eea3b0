import { secretNameSchema } from '../secret.ts';
import { z } from '../zod.ts';
import { bridgeHead, dialCardSchema, prefixSchema } from './bridge-head.ts';
import {
  placeOfNamespace,
  socketioEmissionSchema,
  socketioEventSchema,
  socketioGreetingSchema,
  socketioNamespaceSchema,
} from './socketio-fields.ts';

const settings = z
  .strictObject({
    url: z
      .string()
      .max(2048)
      .regex(/^(https?|wss?):\/\/[^@\s/?#]+\/?$/, 'expected a URL such as http://10.0.0.5:3000')
      .meta({
        title: 'server',
        description: 'Where it is dialled: http, https, ws or wss.',
        placeholder: 'http://10.0.0.5:3000',
        repair: 'A URL such as http://10.0.0.5:3000; path, namespaces and token have places of their own.',
      }),
    networkCard: dialCardSchema,
    prefix: prefixSchema.default('/socketio').meta({ example: 'The event lamp of the server is {value}/lamp here.' }),
    direction: z
      .enum(['in', 'out', 'both'])
      .default('both')
      .meta({
        title: 'direction',
        description: 'Whether it takes what the server says, gives what is set here, or both.',
        choices: { both: 'In and out', in: 'In: take events', out: 'Out: emit events' },
      }),
    namespaces: z
      .array(socketioNamespaceSchema)
      .min(1)
      .max(32)
      .default(() => [socketioNamespaceSchema.parse({ name: '/' })])
      .meta({
        title: 'namespaces',
        description: 'Each is a connection of its own for the server, over one line.',
        item: 'namespace',
      }),
    secretName: secretNameSchema.nullable().default(null).meta({
      title: 'name of the token',
      description: 'A secret of this machine; it is never in the show.',
      control: 'secret',
      repair: 'Letters, digits, dots, - and _.',
    }),
    events: z
      .array(socketioEventSchema)
      .max(256)
      .default(() => [socketioEventSchema.parse({})])
      .meta({
        title: 'takes',
        description: 'Of several that cover an event the first one holds.',
        item: 'event',
        when: { direction: ['in', 'both'] },
      }),
    emissions: z
      .array(socketioEmissionSchema)
      .max(256)
      .default(() => [socketioEmissionSchema.parse({})])
      .meta({
        title: 'gives',
        description: 'Of several that cover an address the first one holds.',
        item: 'emission',
        when: { direction: ['out', 'both'] },
      }),
    greetings: z.array(socketioGreetingSchema).max(64).default([]).meta({
      title: 'says when it is there',
      description: 'Events each time that the connection is there, such as those that join a room.',
      item: 'event',
    }),
    path: z
      .string()
      .max(1024)
      .regex(/^\/[^\s?#]*$/, 'expected a path such as /socket.io/')
      .default('/socket.io/')
      .meta({ title: 'path', description: 'Where Socket.IO is spoken on the server.', advanced: true }),
    transports: z
      .array(z.enum(['websocket', 'polling']))
      .min(1)
      .max(2)
      .default(['websocket', 'polling'])
      .meta({
        title: 'carried by',
        description: 'Tried in this order; polling passes where WebSockets do not.',
        choices: { websocket: 'WebSocket', polling: 'Long polling' },
        advanced: true,
      }),
    tokenAs: z
      .enum(['auth', 'bearer', 'query'])
      .default('auth')
      .meta({
        title: 'token goes',
        description: 'Where the server looks for it.',
        choices: { auth: 'In auth.token', bearer: 'In the Authorization header', query: 'In the query, as token' },
        advanced: true,
      }),
    auth: z
      .record(
        z.string().min(1).max(256).meta({ title: 'name', description: 'What it is called.' }),
        z.json().meta({ title: 'value', description: 'What is said.' }),
      )
      .default({})
      .meta({
        title: 'auth object',
        description: 'What else the server wants to know when it lets somebody in, as JSON.',
        placeholder: '{"device": "foh"}',
        repair: 'An object in JSON, such as {"device": "foh"}.',
        control: 'json',
        advanced: true,
      }),
    eventNames: z
      .enum(['path', 'last'])
      .default('path')
      .meta({
        title: 'events are called by',
        description: 'What of an address is the name of its event, where nothing else is said.',
        choices: { path: 'The whole path', last: 'Its last part' },
        advanced: true,
      }),
    echoes: z
      .enum(['drop', 'take'])
      .default('drop')
      .meta({
        title: 'what comes back',
        description: 'Servers that tell everybody tell us too what we said ourselves.',
        choices: { drop: 'Is left out', take: 'Is taken' },
        advanced: true,
      }),
    queueMax: z.int().min(0).max(100_000).default(1000).meta({
      title: 'holds while away',
      description: 'Acknowledged events that wait for the server; past that the oldest go, and are counted.',
      advanced: true,
    }),
    caFile: z.string().min(1).max(4096).nullable().default(null).meta({
      title: 'authority',
      description: 'A PEM file on this machine with an authority to trust beside the well-known ones.',
      advanced: true,
    }),
  })
  .superRefine(({ namespaces, greetings, transports }, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const [i, namespace] of namespaces.entries()) {
      const before = namespaces.slice(0, i);
      if (before.some(({ name }) => name === namespace.name))
        issue(['namespaces', i, 'name'], `expected each namespace once: ${namespace.name} is there already`);
      else if (before.some((each) => placeOfNamespace(each) === placeOfNamespace(namespace)))
        issue(['namespaces', i, 'at'], 'expected a place of its own: another namespace is there');
    }
    for (const [i, { namespace }] of greetings.entries())
      if (!namespaces.some(({ name }) => name === namespace))
        issue(['greetings', i, 'namespace'], `expected one of the namespaces: ${namespace} is none of them`);
    if (transports[0] === transports[1]) issue(['transports'], 'expected each of them once');
  });

/** A client of a Socket.IO server. */
export const socketioBridgeSchema = z
  .strictObject({ ...bridgeHead, kind: z.literal('socketio'), settings })
  .meta({ title: 'Socket.IO', description: 'Takes events of a Socket.IO server and emits there.' });
export type SocketioBridge = z.infer<typeof socketioBridgeSchema>;
