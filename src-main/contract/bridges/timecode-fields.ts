import { timecodeRates } from '../timecode.ts';
import { z } from '../zod.ts';

/** A part of an address between two slashes. */
export const addressPartSchema = z
  .string()
  .max(64)
  .regex(/^[^\s/*#?[\]{}]+$/u, 'expected one word without spaces, slashes or stars');

/** How timecode that comes in is followed, the same for MIDI and LTC. */
export const chaseFields = {
  offsetFrames: z.int().min(-2_592_000).max(2_592_000).default(0).meta({
    title: 'offset',
    unit: 'frames',
    description: 'Added to the timecode that comes in; minus for earlier.',
    advanced: true,
  }),
  freewheelFrames: z.int().min(0).max(1500).default(10).meta({
    title: 'freewheel',
    unit: 'frames',
    description: 'How long Flyrail counts on when the timecode that comes in stays out.',
    repair: 'Freewheel is 0 to 1500 frames.',
    advanced: true,
  }),
};

export const timecodeRateField = z
  .enum(timecodeRates)
  .default('25')
  .meta({
    title: 'frame rate',
    description: 'The frames a second of the timecode that is sent.',
    choices: { '24': '24', '25': '25', '29.97df': '29.97 drop-frame', '30': '30' },
  });
