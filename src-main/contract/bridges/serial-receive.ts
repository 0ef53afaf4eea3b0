import { binaryTypes, namesIn, readRegex, readTakenTemplate } from '../serial-template.ts';
import { z } from '../zod.ts';
import { hexField, serialMessageMax } from './serial-framing.ts';
import { serialScaleField } from './serial-scale.ts';

/** A value at a place in the bytes of a message. */
const byteFieldSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_]\w{0,63}$/, 'expected a name such as level')
    .meta({ title: 'name', description: 'What it is called in the address.', placeholder: 'level' }),
  at: z.int().min(0).max(serialMessageMax).meta({
    title: 'at byte',
    description: 'Where it begins; the first byte of a message is 0.',
    placeholder: '0',
  }),
  type: z
    .enum([...binaryTypes, 'bits', 'text', 'bytes'])
    .default('u8')
    .meta({
      title: 'is',
      description: 'u is a whole number, i one with a sign, f a float; be has its high byte first, le its low byte.',
      choices: { bits: 'bits of a byte', text: 'text', bytes: 'bytes' },
    }),
  bit: z
    .int()
    .min(0)
    .max(7)
    .default(0)
    .meta({
      title: 'bit',
      description: 'The lowest of its bits; 0 is the lowest of the byte.',
      when: { type: ['bits'] },
    }),
  bits: z
    .int()
    .min(1)
    .max(8)
    .default(1)
    .meta({ title: 'bits', description: 'How many; one alone is on or off.', when: { type: ['bits'] } }),
  size: z
    .int()
    .min(0)
    .max(serialMessageMax)
    .default(0)
    .meta({
      title: 'bytes',
      description: 'How many; 0 for all up to the end.',
      when: { type: ['text', 'bytes'] },
    }),
});
export type SerialByteField = z.infer<typeof byteFieldSchema>;

/** What is taken from messages of the device, and where it goes. */
export const serialReceiveSchema = z
  .strictObject({
    how: z
      .enum(['template', 'regex', 'layout'])
      .default('template')
      .meta({
        title: 'known by',
        description: 'How such a message is told from others, and its values are found.',
        choices: { template: 'A text with holes', regex: 'A regular expression', layout: 'Places of its bytes' },
      }),
    pattern: z
      .string()
      .max(1024)
      .default('')
      .meta({
        title: 'message',
        description: 'The whole message; a hole in braces takes a value: {n:int}, {value:float}, {state:ON|OFF}.',
        placeholder: 'POT{n:int}={value:float}',
        when: { how: ['template', 'regex'] },
        blanks: true,
      }),
    begins: hexField(64).meta({
      title: 'begins with',
      description: 'Bytes in hexadecimal that such a message begins with; empty for any.',
      placeholder: '01 04',
      when: { how: ['layout'] },
    }),
    length: z
      .int()
      .min(1)
      .max(serialMessageMax)
      .nullable()
      .default(null)
      .meta({
        title: 'has bytes',
        description: 'How many bytes such a message has; empty for any number.',
        when: { how: ['layout'] },
      }),
    fields: z
      .array(byteFieldSchema)
      .max(32)
      .default([])
      .meta({ title: 'values', description: 'Where they are.', item: 'value', when: { how: ['layout'] } }),
    to: z
      .string()
      .max(1024)
      .regex(/^\/.+$/s, 'expected an address such as /pot/{n}')
      .default('/{field}')
      .meta({
        title: 'to',
        description: 'The address under the prefix; {field} stands for the name of each value that it does not name.',
        placeholder: '/pot/{n}',
      }),
    kind: z
      .enum(['param', 'event'])
      .default('param')
      .meta({
        title: 'becomes',
        description: 'Whether what it says stays, or happens once.',
        choices: { param: 'A value that stays', event: 'An event' },
      }),
    scale: serialScaleField,
  })
  .superRefine(({ how, pattern, fields, to }, context) => {
    const names = how === 'layout' ? fields.map(({ name }) => name) : patternNames(how, pattern);
    if (typeof names === 'string') return context.addIssue({ code: 'custom', path: ['pattern'], message: names });
    if (new Set(names).size < names.length)
      context.addIssue({
        code: 'custom',
        path: [how === 'layout' ? 'fields' : 'pattern'],
        message: 'expected each name once',
      });
    if (names.length === 0 && to.includes('{field}'))
      context.addIssue({
        code: 'custom',
        path: ['to'],
        message: 'expected an address without {field}: the message holds no value',
      });
    for (const [hole, name = ''] of to.matchAll(addressHole))
      if (name !== 'field' && !names.includes(name))
        context.addIssue({ code: 'custom', path: ['to'], message: `expected the name of a value in place of ${hole}` });
  });
export type SerialReceive = z.infer<typeof serialReceiveSchema>;

/** A hole of an address: the name of a value. */
export const addressHole = /\{([A-Za-z_]\w*)\}/g;

function patternNames(how: 'template' | 'regex', pattern: string): readonly string[] | string {
  if (pattern === '') return 'expected a message such as POT{n:int}={value:float}';
  if (how === 'regex') return readRegex(pattern);
  const parts = readTakenTemplate(pattern);
  return typeof parts === 'string' ? parts : namesIn(parts);
}
