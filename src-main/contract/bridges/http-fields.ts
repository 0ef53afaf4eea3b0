import { tryPattern } from '../address.ts';
import { secretNameSchema } from '../secret.ts';
import { z } from '../zod.ts';
import { capturesIn, tooManyCaptures, wildcardsIn } from './template-hole.ts';
import { jsonPathText, jsonValuesField, numbersField, placeTemplate } from './value-fields.ts';

/** What a secret stands for in a header. */
export const secretHole = '{secret}';

/** Host and port of a URL; no user, no password. */
export const httpAuthority = String.raw`(?:\[[\da-f:.]+\]|[\w.\u0080-\uffff-]+)(?::\d{1,5})?`;

const rowUrl = z
  .string()
  .max(2048)
  .regex(
    new RegExp(`^(https?://${httpAuthority}([/?][^\\s#]*)?|/[^\\s#]*)$`, 'i'),
    'expected a URL such as http://10.0.0.5/state, or /state of the server',
  );

const timeoutField = z.int().min(100).max(60_000).default(5000).meta({
  title: 'waits for an answer',
  description: 'The whole answer has to be there by then.',
  unit: 'ms',
  advanced: true,
});

/** Those that say how a request is carried are not the show's to set. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|upgrade|keep-alive|te|trailer|expect|accept-encoding)$/i;

const headerRow = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected a name such as Authorization')
      .refine((name) => !ownHeaders.test(name), 'expected a header that Flyrail does not set itself')
      .meta({ title: 'name', description: 'What it is called.', placeholder: 'Authorization' }),
    value: z
      .string()
      .max(4096)
      .regex(/^[\t\x20-\x7e\xa0-\xff]*$/, 'expected one line of plain letters')
      .meta({
        title: 'text',
        description: 'What is said; {secret} stands for the secret.',
        placeholder: 'Bearer {secret}',
      }),
    secretName: secretNameSchema.nullable().default(null).meta({
      title: 'name of the secret',
      description: 'A secret of this machine; it is never in the show.',
      control: 'secret',
      repair: 'Letters, digits, dots, - and _.',
    }),
  })
  .superRefine(({ value, secretName }, context) => {
    const hasHole = value.includes(secretHole);
    if (hasHole === (secretName !== null)) return;
    context.addIssue({
      code: 'custom',
      path: [hasHole ? 'secretName' : 'value'],
      message: hasHole ? 'expected the name of the secret' : 'expected {secret} where the secret is to stand',
    });
  });
export type HttpHeader = z.infer<typeof headerRow>;

export function headersField(description: string) {
  return z.array(headerRow).max(32).default([]).meta({ title: 'headers', description, item: 'header', advanced: true });
}

/** What is asked for again and again. */
export const httpPollSchema = z
  .strictObject({
    url: rowUrl.meta({
      title: 'URL',
      description: 'What is asked for; with a slash first it is of the server above.',
      placeholder: '/api/state',
      repair: 'A URL such as http://10.0.0.5/state, or /state of the server above; a token has its own place.',
    }),
    everyMs: z
      .int()
      .min(50)
      .max(86_400_000)
      .default(1000)
      .meta({ title: 'every', description: 'How often it is asked for.', unit: 'ms' }),
    read: z
      .enum(['auto', 'json', 'text', 'number', 'bytes', 'signals'])
      .default('auto')
      .meta({
        title: 'answer',
        description: 'What the answer is; by itself it is what its content type says.',
        choices: {
          auto: 'By its content type',
          json: 'JSON',
          text: 'Text',
          number: 'A number',
          bytes: 'Bytes',
          signals: 'Signals of a CLASP server',
        },
      }),
    to: placeTemplate.default('').meta({
      title: 'to',
      description: 'The address of the whole answer under the prefix; of signals, what their addresses come under.',
      placeholder: '/weather',
    }),
    values: jsonValuesField,
    kind: z
      .enum(['param', 'event'])
      .default('param')
      .meta({
        title: 'what comes',
        description: 'Whether it sets a value, or happens each time that it differs.',
        choices: { param: 'Sets the value', event: 'Happens' },
      }),
    publish: z
      .enum(['changes', 'always'])
      .default('changes')
      .meta({
        title: 'takes',
        description: 'Whether only what differs from the answer before, or every answer.',
        choices: { changes: 'What changed', always: 'Every answer' },
        advanced: true,
      }),
    headers: headersField('Sent with this request.'),
    timeoutMs: timeoutField,
    numbers: numbersField,
  })
  .superRefine(({ read, to, values }, context) => {
    const fault = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (read !== 'signals' && to === '' && values.length === 0) fault(['to'], 'expected an address such as /weather');
    if (values.length > 0 && read !== 'auto' && read !== 'json') fault(['values'], 'expected none: it is no JSON');
    if (capturesIn(to) > 0) fault(['to'], tooManyCaptures(0));
    for (const [i, value] of values.entries())
      if (capturesIn(value.to) > 0) fault(['values', i, 'to'], tooManyCaptures(0));
  });
export type HttpPoll = z.infer<typeof httpPollSchema>;

const signatureSchema = z.strictObject({
  secretName: secretNameSchema.meta({
    title: 'name of the secret',
    description: 'A secret of this machine that the receiver knows too.',
    control: 'secret',
    repair: 'Letters, digits, dots, - and _.',
  }),
  form: z
    .enum(['sha256', 'standard'])
    .default('sha256')
    .meta({
      title: 'form',
      description: 'How it is written: over the body, or over its id, the time and the body.',
      choices: { sha256: 'sha256=… over the body', standard: 'Standard Webhooks' },
    }),
  header: z
    .string()
    .regex(/^[\w-]{1,128}$/, 'expected a name such as X-Hub-Signature-256')
    .refine((name) => !ownHeaders.test(name), 'expected a header that Flyrail does not set itself')
    .default('x-hub-signature-256')
    .meta({ title: 'header', description: 'Which header it is in.', when: { form: ['sha256'] } }),
});
export type HttpSignature = z.infer<typeof signatureSchema>;

export const webhookKinds = ['param', 'event', 'stream', 'gesture'] as const;

/** What is sent when something is set or happens. */
export const httpWebhookSchema = z
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
    kinds: z
      .array(z.enum(webhookKinds))
      .min(1)
      .max(webhookKinds.length)
      .default(['param', 'event'])
      .meta({
        title: 'what is sent',
        description: 'Values and events arrive for sure, in their order; of what flows the newest leaves, once.',
        choices: { param: 'Values', event: 'Events', stream: 'Streams', gesture: 'Gestures' },
      }),
    method: z
      .enum(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'])
      .default('POST')
      .meta({ title: 'method', description: 'As the receiver wants it.' }),
    url: rowUrl.meta({
      title: 'URL',
      description: '{1} is what the first * stood for; {address} and {value} may stand in path and query too.',
      placeholder: '/lamps/{1}',
      repair: 'A URL such as http://10.0.0.5/lamps/{1}, or /lamps/{1} of the server above; no hole in its host.',
    }),
    payload: z
      .enum(['signal', 'auto', 'json', 'text', 'number', 'bytes', 'none'])
      .default('signal')
      .meta({
        title: 'body',
        description: 'What is in it, where no body of your own is written.',
        choices: {
          signal: 'JSON with address, kind and value',
          auto: 'The value by itself',
          json: 'The value as JSON',
          text: 'The value as text',
          number: 'The value as a number',
          bytes: 'The value as bytes',
          none: 'Nothing',
        },
      }),
    body: z.string().max(4096).nullable().default(null).meta({
      title: 'body of your own',
      description: 'A text with {value}, {address} and {1} in it.',
      placeholder: '{"on": true, "brightness": {value}}',
      control: 'lines',
    }),
    contentType: z
      .string()
      .max(256)
      .regex(/^[\x20-\x7e]*$/, 'expected a type such as application/json')
      .default('')
      .meta({
        title: 'content type',
        description: 'Empty: what the body is.',
        placeholder: 'application/json',
        advanced: true,
      }),
    headers: headersField('Sent with this request.'),
    signature: signatureSchema.nullable().default(null).meta({
      title: 'signature',
      description: 'Tells the receiver that it comes from here (HMAC-SHA256).',
      item: 'signature',
      advanced: true,
    }),
    answerTo: placeTemplate.default('').meta({
      title: 'answer to',
      description: 'The address that the answer sets. Empty: what is answered does not matter.',
      placeholder: '/lamp/{1}/answer',
      advanced: true,
    }),
    answerPath: jsonPathText.default('$').meta({
      title: 'value of the answer',
      description: 'Where the value is in the JSON that is answered; $ is all of it.',
      placeholder: '$.state',
      advanced: true,
    }),
    timeoutMs: timeoutField,
    numbers: numbersField,
  })
  .superRefine(({ from, url, answerTo, method, payload, body }, context) => {
    const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    const count = wildcardsIn(from);
    if (capturesIn(url) > count) fault('url', tooManyCaptures(count));
    if (capturesIn(answerTo) > count) fault('answerTo', tooManyCaptures(count));
    if (method === 'GET' && (body !== null || (payload !== 'none' && payload !== 'signal')))
      fault(body === null ? 'payload' : 'body', 'expected none: a GET has no body');
  });
export type HttpWebhook = z.infer<typeof httpWebhookSchema>;
