import { tryJsonPath } from '../json-path.ts';
import { z } from '../zod.ts';

/** How numbers of JSON become values. */
export const numbersField = z
  .enum(['float', 'written'])
  .default('float')
  .meta({
    title: 'numbers',
    description: 'Whether 5 and 5.0 are the same; whole numbers past 2^53 are kept either way.',
    choices: { float: 'All are floats', written: 'As written: 5 is whole, 5.0 a float' },
    advanced: true,
  });

/** What bytes are. */
export const payloadField = z
  .enum(['auto', 'json', 'text', 'number', 'bytes'])
  .default('auto')
  .meta({
    title: 'payload',
    description: 'What the bytes of a message are.',
    choices: { auto: 'By itself', json: 'JSON', text: 'Text', number: 'A number', bytes: 'Bytes' },
  });

/** The address of a value under a prefix, with `{1}` for what a wildcard stood for. */
export const placeTemplate = z
  .string()
  .max(1024)
  .regex(/^(\/.+)?$/s, 'expected an address such as /lamp/{1}');

/** Leads to one place in a JSON. */
export const jsonPathText = z
  .string()
  .max(512)
  .refine((text) => tryJsonPath(text) !== undefined, 'expected a path such as $.state.brightness');

/** Several values of one JSON, each with a place of its own. */
export const jsonValuesField = z
  .array(
    z.strictObject({
      path: jsonPathText.meta({
        title: 'path',
        description: 'Where the value is in the JSON.',
        placeholder: '$.state.brightness',
      }),
      to: placeTemplate.min(1).meta({ title: 'to', description: 'The address of it.', placeholder: '/lamp/{1}/level' }),
    }),
  )
  .max(64)
  .default([])
  .meta({
    title: 'values of the JSON',
    description: 'Takes these out of each message, in place of the whole.',
    item: 'value',
  });
