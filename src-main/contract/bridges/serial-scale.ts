import { z } from '../zod.ts';

const scaleEnd = (title: string, description: string, fallback: number) =>
  z.number().min(-1e12).max(1e12).default(fallback).meta({ title, description });

/** One span of numbers onto another. */
const scaleSchema = z
  .strictObject({
    fromLow: scaleEnd('from', 'The number that becomes the low end.', 0),
    fromHigh: scaleEnd('from, high', 'The number that becomes the high end.', 1023),
    toLow: scaleEnd('to', 'The low end.', 0),
    toHigh: scaleEnd('to, high', 'The high end.', 1),
    limit: z.boolean().default(true).meta({
      title: 'keep within',
      description: 'What is beyond an end becomes the end.',
    }),
  })
  .refine(({ fromLow, fromHigh }) => fromLow !== fromHigh, {
    path: ['fromHigh'],
    error: 'The two ends of a span differ.',
  });
export type SerialScale = z.infer<typeof scaleSchema>;

export const serialScaleField = scaleSchema.nullable().default(null).meta({
  title: 'scale',
  description: 'Puts one span of numbers onto another: 0–1023 onto 0–1.',
  item: 'scale',
  advanced: true,
});
