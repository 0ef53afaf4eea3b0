import { tryPattern } from '../address.ts';
import { eventFault, namespaceFault } from '../event-names.ts';
import { tryJsonPath } from '../json-path.ts';
import { z } from '../zod.ts';
import { capturesIn, templateHole, tooManyCaptures, wildcardsIn } from './template-hole.ts';

const namespaceText = z
  .string()
  .min(1)
  .max(256)
  .superRefine((text, context) => {
    const fault = namespaceFault(text);
    if (fault) context.addIssue({ code: 'custom', message: `expected a namespace such as /stage: ${fault}` });
  });

const anyNamespace = z
  .string()
  .max(256)
  .superRefine((text, context) => {
    const fault = text === '' ? undefined : namespaceFault(text);
    if (fault) context.addIssue({ code: 'custom', message: `expected a namespace such as /stage: ${fault}` });
  })
  .default('');

const placeTemplate = z
  .string()
  .max(1024)
  .regex(/^(\/.+)?$/s, 'expected an address such as /lamp/{1}');

const argumentsTemplate = z
  .string()
  .max(4096)
  .refine((text) => /^\s*\[[^]*\]\s*$/.test(text), 'expected a list such as ["desk", {value}]');

/** A namespace of the server, and where it is here. */
export const socketioNamespaceSchema = z.strictObject({
  name: namespaceText.meta({
    title: 'namespace',
    description: 'As the server calls it; / is the one that every server has.',
    placeholder: '/stage',
  }),
  at: placeTemplate.default('').meta({
    title: 'at',
    description: 'Where it is under the prefix. Empty: as it is called, and / at the prefix itself.',
    placeholder: '/stage',
  }),
});
export type SocketioNamespace = z.infer<typeof socketioNamespaceSchema>;

/** Where a namespace is under the prefix: empty for the prefix itself. */
export function placeOfNamespace({ name, at }: SocketioNamespace): string {
  if (at !== '') return at;
  return name === '/' ? '' : name.replace(/\/+$/, '');
}

/** What is taken of what the server says, and where it goes. */
export const socketioEventSchema = z
  .strictObject({
    event: z
      .string()
      .min(1)
      .max(1024)
      .refine(
        (text) => tryPattern(`/${text}`) !== undefined,
        'expected the name of an event, or a pattern such as lamp/*',
      )
      .default('**')
      .meta({
        title: 'events',
        description: 'The name of an event; * stands for one part of it, ** for all.',
        placeholder: 'lamp/*',
      }),
    namespace: anyNamespace.meta({
      title: 'of namespace',
      description: 'Empty: of each one.',
      placeholder: '/stage',
      advanced: true,
    }),
    to: placeTemplate.default('').meta({
      title: 'to',
      description:
        'The address in its namespace: {1} is what the first wildcard stood for. Empty: as the event is called.',
      placeholder: '/lamp/{1}',
    }),
    as: z
      .enum(['param', 'event'])
      .default('param')
      .meta({
        title: 'events from there',
        description: 'Whether they set a value or happen once.',
        choices: { param: 'Set the value', event: 'Happen once' },
      }),
    values: z
      .array(
        z.strictObject({
          path: z
            .string()
            .max(512)
            .refine((text) => tryJsonPath(text) !== undefined, 'expected a path such as $.state.brightness')
            .meta({
              title: 'path',
              description: 'Where the value is; of several arguments the first is $[0].',
              placeholder: '$.state.brightness',
            }),
          to: placeTemplate
            .min(1)
            .meta({ title: 'to', description: 'The address of it.', placeholder: '/lamp/{1}/level' }),
        }),
      )
      .max(64)
      .default([])
      .meta({
        title: 'values of the arguments',
        description: 'Takes these out of each event, in place of the whole.',
        item: 'value',
      }),
  })
  .superRefine(({ event, to, values }, context) => {
    const count = wildcardsIn(event);
    if (capturesIn(to) > count) context.addIssue({ code: 'custom', path: ['to'], message: tooManyCaptures(count) });
    for (const [i, value] of values.entries())
      if (capturesIn(value.to) > count)
        context.addIssue({ code: 'custom', path: ['values', i, 'to'], message: tooManyCaptures(count) });
  });
export type SocketioEvent = z.infer<typeof socketioEventSchema>;

const acknowledgement = z.strictObject({
  timeoutMillis: z.int().min(50).max(600_000).default(3000).meta({
    title: 'waits for',
    description: 'How long the server has to answer.',
    unit: 'ms',
  }),
  retries: z.int().min(0).max(100).default(2).meta({
    title: 'tries again',
    description: 'How often it is sent again without an answer; then it is refused and counted.',
  }),
  to: placeTemplate.default('').meta({
    title: 'answer to',
    description: 'The address under the prefix that the answer sets. Empty: nowhere.',
    placeholder: '/answer/{1}',
  }),
});

/** What is given to the server, and as what. */
export const socketioEmissionSchema = z
  .strictObject({
    from: z
      .string()
      .max(1024)
      .refine((text) => tryPattern(text) !== undefined, 'expected a pattern such as /lamp/*')
      .default('/**')
      .meta({
        title: 'addresses',
        description: 'Under the prefix: * stands for one part, ** for all below.',
        placeholder: '/lamp/*/level',
      }),
    event: z.string().max(1024).default('').meta({
      title: 'event',
      description: '{1} is what the first * stood for. Empty: as the address is called.',
      placeholder: 'setLamp',
    }),
    namespace: anyNamespace.meta({
      title: 'to namespace',
      description: 'Empty: the one that the address is in.',
      placeholder: '/stage',
      advanced: true,
    }),
    args: argumentsTemplate.nullable().default(null).meta({
      title: 'arguments',
      description: 'A list in JSON, with {value}, {address} and {1} in it. Empty: the value alone.',
      placeholder: '["{1}", {value}]',
      control: 'lines',
    }),
    ack: acknowledgement.nullable().default(null).meta({
      title: 'acknowledged',
      description: 'The server answers each one; those wait in their order while it is away.',
      item: 'acknowledgement',
    }),
  })
  .superRefine(({ from, event, ack }, context) => {
    const count = wildcardsIn(from);
    if (capturesIn(event) > count)
      context.addIssue({ code: 'custom', path: ['event'], message: tooManyCaptures(count) });
    if (ack && capturesIn(ack.to) > count)
      context.addIssue({ code: 'custom', path: ['ack', 'to'], message: tooManyCaptures(count) });
    const fault = event === '' ? undefined : eventFault(event.replace(templateHole, 'x'));
    if (fault) context.addIssue({ code: 'custom', path: ['event'], message: `expected an event: ${fault}` });
  });
export type SocketioEmission = z.infer<typeof socketioEmissionSchema>;

/** What is said each time that a namespace is there, as to join a room. */
export const socketioGreetingSchema = z.strictObject({
  event: z
    .string()
    .min(1)
    .max(1024)
    .superRefine((text, context) => {
      const fault = eventFault(text);
      if (fault) context.addIssue({ code: 'custom', message: `expected an event: ${fault}` });
    })
    .meta({ title: 'event', description: 'What the server wants to hear.', placeholder: 'join' }),
  args: z
    .string()
    .max(4096)
    .refine((text) => isList(text), 'expected a list in JSON such as ["stage"]')
    .default('[]')
    .meta({ title: 'arguments', description: 'A list in JSON.', placeholder: '["stage"]' }),
  namespace: namespaceText.default('/').meta({ title: 'namespace', description: 'Where it is said.' }),
});
export type SocketioGreeting = z.infer<typeof socketioGreetingSchema>;

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
