import { z } from '../zod.ts';

/** What a float is that is set to a slot: 'unit' 0..1 is dark..full, 'level' 0..255 is the slot's level; integers are always
 *  levels. The same for every kind that sends DMX. */
export const floatsSchema = z
  .enum(['unit', 'level'])
  .default('unit')
  .meta({
    title: 'floats mean',
    description: 'What a number with a decimal point is; whole numbers are always levels 0–255.',
    choices: { unit: '0–1: dark to full', level: '0–255: the level' },
  });

/** How levels that are received come into the router. The same for every kind that receives DMX. */
export const publishSchema = z
  .enum(['slots', 'frames'])
  .default('slots')
  .meta({
    title: 'received levels come as',
    description: 'A param for each slot that changes, or one array of 512 levels at slot 1.',
    choices: { slots: 'Single slots', frames: 'Whole frames' },
  });
