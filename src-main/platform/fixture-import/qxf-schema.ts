import { z } from '../../contract/zod.ts';

const text = z.string().max(2000);
/** An element is a text when it has nothing else, and an object with `#text` when it has attributes. */
const element = z.union([
  text.transform((words) => ({ '#text': words })),
  z.looseObject({ '#text': text.default('') }),
]);
const many = <T extends z.ZodType>(item: T, max: number) => z.array(item).max(max).default([]);

export const qxfChannelSchema = z.looseObject({
  '@Name': text,
  '@Preset': text.default(''),
  '@Default': text.default(''),
  Group: element.and(z.looseObject({ '@Byte': text.optional() })).optional(),
  Colour: element.optional(),
  Capability: many(
    element.and(
      z.looseObject({
        '@Min': text.optional(),
        '@Max': text.optional(),
        '@Preset': text.optional(),
        Alias: z.unknown().optional(),
      }),
    ),
    1000,
  ),
});
export type QxfChannel = z.infer<typeof qxfChannelSchema>;

export const qxfSchema = z.object({
  FixtureDefinition: z.looseObject({
    Manufacturer: element,
    Model: element,
    Channel: many(qxfChannelSchema, 2000),
    Mode: many(
      z.looseObject({
        '@Name': text.default('Default'),
        Channel: many(element.and(z.looseObject({ '@Number': text.optional() })), 2000),
      }),
      500,
    ),
  }),
});
