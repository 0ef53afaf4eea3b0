import { describe, expect, it } from 'vitest';
import { describeShape } from '../../../src-main/contract/bridges/field-shape.ts';
import type { FieldWords } from '../../../src-main/contract/bridges/field-words.ts';
import { z } from '../../../src-main/contract/zod.ts';

const tools = {
  fields: () => [],
  field: () => {
    throw new Error('Nothing here has fields.');
  },
  coreOf: (schema: z.core.$ZodType) => schema as z.core.$ZodTypes,
};
const shapeOf = (schema: z.core.$ZodType, words: FieldWords = {}) =>
  describeShape(schema as z.core.$ZodTypes, words, tools);

describe('what a type is shown as', () => {
  it('[BF3] follows the control where the type alone does not say', () => {
    expect(shapeOf(z.string(), { control: 'lines' })).toMatchObject({ is: 'text', long: true });
    expect(shapeOf(z.array(z.string()), { control: 'lines' })).toMatchObject({ is: 'texts', long: true });
    expect(shapeOf(z.string(), { control: 'identity' })).toEqual({ is: 'fixed' });
    expect(shapeOf(z.string(), { control: 'json' })).toEqual({ is: 'json' });
  });

  it('[BF3] knows how many a list may hold, and which numbers', () => {
    expect(shapeOf(z.array(z.string()).length(3))).toMatchObject({ least: 3, most: 3 });
    const list = z.array(z.int().min(1).max(16)).min(2).max(4);
    expect(shapeOf(list)).toEqual({ is: 'numbers', least: 1, most: 16, fewest: 2, count: 4 });
    expect(shapeOf(z.array(z.int()))).toEqual({ is: 'json' });
    expect(shapeOf(z.array(z.boolean()))).toEqual({ is: 'json' });
  });

  it('[BF12] offers words in their order, and figures behind them by size', () => {
    const offered = (schema: z.ZodType): unknown => {
      const shape = shapeOf(schema);
      return shape.is === 'choice' && shape.choices.map(({ value }) => value);
    };
    expect(offered(z.enum(['auto', '24', '25', '29.97df', '30']))).toEqual(['auto', '24', '25', '29.97df', '30']);
    expect(offered(z.enum(['3.1.1', '5']))).toEqual(['3.1.1', '5']);
    expect(offered(z.enum(['out', 'in', 'both']))).toEqual(['out', 'in', 'both']);
  });

  it('[BF3] has no bounds that are those of all numbers', () => {
    expect(shapeOf(z.int())).toEqual({ is: 'number', whole: true, least: undefined, most: undefined });
    expect(shapeOf(z.union([z.string(), z.int()]))).toEqual({ is: 'json' });
  });
});
