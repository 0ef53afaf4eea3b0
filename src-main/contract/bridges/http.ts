import { z } from '../zod.ts';
import { bridgeHead, dialCardSchema, prefixSchema } from './bridge-head.ts';
import { headersField, httpAuthority, httpPollSchema, httpWebhookSchema } from './http-fields.ts';

const fileField = z.string().min(1).max(4096).nullable().default(null);

const settings = z
  .strictObject({
    url: z
      .string()
      .max(2048)
      .regex(
        new RegExp(`^(https?://${httpAuthority}(/[^\\s?#{}]*)?)?$`, 'i'),
        'expected a URL such as http://10.0.0.5:8080',
      )
      .default('')
      .meta({
        title: 'server',
        description: 'What stands before each URL below that begins with a slash. Empty where all of them are whole.',
        placeholder: 'http://10.0.0.5:8080',
        repair: 'A URL such as http://10.0.0.5:8080; user, password and token have a place among the headers.',
      }),
    networkCard: dialCardSchema,
    prefix: prefixSchema.default('/http').meta({
      example: 'What a poll puts to /weather is {value}/weather here.',
    }),
    polls: z.array(httpPollSchema).max(64).default([]).meta({
      title: 'asks for',
      description: 'What it asks servers for again and again.',
      item: 'poll',
    }),
    webhooks: z.array(httpWebhookSchema).max(64).default([]).meta({
      title: 'sends',
      description: 'What it sends when something is set or happens; each that covers the address sends.',
      item: 'webhook',
    }),
    headers: headersField('Sent with each request to the server above, and to no other.'),
    connections: z.int().min(1).max(16).default(4).meta({
      title: 'at once',
      description: 'Requests to one host at the same time; the others wait their turn.',
      advanced: true,
    }),
    eventsMax: z.int().min(1).max(10_000).default(1000).meta({
      title: 'events that wait',
      description: 'For each webhook, while its server is away; past that the oldest go, and are counted.',
      advanced: true,
    }),
    eventsWaitSeconds: z.int().min(1).max(86_400).default(60).meta({
      title: 'events wait',
      description: 'An event that could not be delivered for so long is not delivered any more, and is counted.',
      unit: 's',
      advanced: true,
    }),
    caFile: fileField.meta({
      title: 'authority',
      description: 'A PEM file on this machine with an authority to trust beside the well-known ones.',
      advanced: true,
    }),
    certFile: fileField.meta({
      title: 'own certificate',
      description: 'A PEM file on this machine that is shown to servers.',
      advanced: true,
    }),
    keyFile: fileField.meta({
      title: 'key of it',
      description: 'The PEM file with its private key.',
      advanced: true,
    }),
    checkCertificates: z.boolean().default(true).meta({
      title: 'check certificates',
      description: 'Off for devices that sign their own: then anybody on the network can pretend to be them.',
      advanced: true,
    }),
  })
  .superRefine(({ url, headers, polls, webhooks, certFile, keyFile }, context) => {
    const fault = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (url === '' && headers.length > 0) fault(['url'], 'expected the server that the headers are for');
    for (const [name, rows] of Object.entries({ polls, webhooks }))
      for (const [i, row] of rows.entries())
        if (url === '' && row.url.startsWith('/'))
          fault([name, i, 'url'], 'expected a whole URL, or a server above that this one is of');
    if ((certFile === null) !== (keyFile === null))
      fault([certFile === null ? 'certFile' : 'keyFile'], 'expected a certificate and its key together');
  });

/** A client of web servers. */
export const httpBridgeSchema = z
  .strictObject({ ...bridgeHead, kind: z.literal('http'), settings })
  .meta({ title: 'HTTP', description: 'Asks web servers for values, and sends them what is set and happens.' });
export type HttpBridge = z.infer<typeof httpBridgeSchema>;
