import { z } from './zod.ts';

/** Bytes of the longest report that a layout can name. */
export const hidReportMax = 1024;
/** Controls of one device, each button and code of a row counted. */
export const hidControlsMax = 512;

export const hidByteSchema = z
  .int()
  .min(0)
  .max(hidReportMax - 1);

/** What a control is called in addresses: `a`, `left/x`. */
export const hidNameSchema = z
  .string()
  .max(64)
  .regex(/^[^\s/*#?[\]{}]+(\/[^\s/*#?[\]{}]+)*$/, 'expected words without spaces, parted by slashes, as in left/x')
  .meta({
    title: 'name',
    description: 'Its address below the prefix.',
    placeholder: 'left/x',
    repair: 'A name is one word, or a few parted by slashes: go, left/x.',
  });

export const hidSignalKinds = ['usual', 'param', 'event', 'stream', 'gesture'] as const;
const asWords = {
  title: 'tells',
  description: 'What it is to the router; usual is what this bridge has for its kind.',
  choices: { usual: 'As usual', param: 'A param', event: 'Events', stream: 'A stream', gesture: 'A gesture' },
};
export const hidAsSchema = z.enum(hidSignalKinds).default('usual').meta(asWords);
export const hidDeadzoneSchema = z.number().min(0).max(0.9).nullable().default(null);

export const hidControlKinds = ['button', 'buttons', 'axis', 'hat', 'shuttle', 'jog', 'touch', 'codes'] as const;

/** Lengths in bytes that a report may have; empty for any. Devices that speak otherwise by Bluetooth are told by it. */
export const hidLengthsSchema = z.array(z.int().min(1).max(hidReportMax)).max(8).default([]);

/** One control as the bits of an input report have it. Bytes count from 0 as the system gives the report: byte 0 is the report's
 *  number where the device numbers its reports. Bits count from the lowest.
 *  @see docs/bridges/hid.md, Layouts */
export const hidControlSchema = z
  .strictObject({
    name: hidNameSchema,
    kind: z
      .enum(hidControlKinds)
      .default('button')
      .meta({
        title: 'kind',
        description: 'What the bits mean.',
        choices: {
          button: 'Button',
          buttons: 'Row of buttons',
          axis: 'Axis: stick, trigger, fader',
          hat: 'Hat: eight directions',
          shuttle: 'Shuttle: steps around a rest',
          jog: 'Jog: turns without end',
          touch: 'Touch: each report is one, with its place',
          codes: 'List of codes of pressed keys',
        },
      }),
    /** 0 where the device does not number its reports */
    report: z.int().min(0).max(255).default(0).meta({
      title: 'report',
      description: 'Its number, which is byte 0; 0 where the device has none.',
      repair: 'A report is a whole number from 0 to 255.',
    }),
    byte: hidByteSchema.meta({
      title: 'byte',
      description: 'Where it begins, from 0.',
      repair: `A byte is a whole number from 0 to ${hidReportMax - 1}.`,
    }),
    bit: z.int().min(0).max(7).default(0).meta({
      title: 'bit',
      description: 'Its lowest bit in that byte.',
      repair: 'A bit is a whole number from 0 to 7.',
    }),
    bits: z.int().min(1).max(32).default(1).meta({
      title: 'bits',
      description: 'How many it has: 1 for a button, 8 or 16 for most axes, 4 for a hat.',
      repair: 'It has 1 to 32 bits.',
    }),
    count: z
      .int()
      .min(1)
      .max(256)
      .default(1)
      .meta({
        title: 'how many',
        description: 'Of a row, one behind the other, each of so many bits.',
        repair: 'A row has 1 to 256.',
        when: { kind: ['buttons', 'codes'] },
      }),
    signed: z
      .boolean()
      .default(false)
      .meta({
        title: 'signed',
        description: 'Its highest bit means minus.',
        when: { kind: ['axis', 'shuttle', 'jog', 'touch'] },
      }),
    bigEndian: z
      .boolean()
      .default(false)
      .meta({
        title: 'high byte first',
        description: 'For whole bytes only.',
        when: { kind: ['axis', 'shuttle', 'jog', 'touch'] },
        advanced: true,
      }),
    min: z
      .int()
      .nullable()
      .default(null)
      .meta({
        title: 'lowest',
        description: 'The number at one end; of a hat the one that means up.',
        when: { kind: ['axis', 'hat', 'shuttle', 'touch'] },
      }),
    max: z
      .int()
      .nullable()
      .default(null)
      .meta({
        title: 'highest',
        description: 'The number at the other end.',
        when: { kind: ['axis', 'shuttle', 'touch'] },
      }),
    centre: z
      .int()
      .nullable()
      .default(null)
      .meta({
        title: 'centre',
        description: 'The number at rest: it tells -1 to 1 then. Without one it tells 0 to 1.',
        when: { kind: ['axis', 'shuttle'] },
      }),
    deadzone: hidDeadzoneSchema.meta({
      title: 'dead zone',
      description: 'Part of its way around the centre that counts as rest. Empty: as the bridge has it.',
      when: { kind: ['axis'] },
      advanced: true,
    }),
    invert: z
      .boolean()
      .default(false)
      .meta({ title: 'turned round', description: 'Its other end is the higher one.', advanced: true }),
    /** of a jog: the report says how far it went, instead of where it is */
    relative: z
      .boolean()
      .default(false)
      .meta({
        title: 'tells steps',
        description: 'The device says how far it went; else it counts, and begins anew at the end of its bits.',
        when: { kind: ['jog'] },
        advanced: true,
      }),
    as: hidAsSchema,
    /** bytes that must have these values, or the report says nothing of this control */
    when: z
      .array(
        z.strictObject({
          byte: hidByteSchema.meta({
            title: 'byte',
            description: 'Which one, from 0.',
            repair: `A byte is a whole number from 0 to ${hidReportMax - 1}.`,
          }),
          is: z
            .int()
            .min(0)
            .max(255)
            .meta({ title: 'is', description: 'The value of this byte.', repair: 'A byte has a value from 0 to 255.' }),
        }),
      )
      .max(4)
      .default([])
      .meta({
        title: 'only when',
        description: 'Bytes that the report must have, or it says nothing of this control.',
        item: 'byte',
        advanced: true,
      }),
    lengths: hidLengthsSchema.meta({
      title: 'only of lengths',
      description: 'Bytes that the report may have, as in 64; empty for any.',
      repair: 'Whole numbers from 1 to 1024.',
      advanced: true,
    }),
  })
  .refine(({ bigEndian, bits, bit }) => !bigEndian || (bits % 8 === 0 && bit === 0), {
    path: ['bigEndian'],
    error: 'High byte first is for whole bytes.',
  })
  .refine(({ min, max }) => min === null || max === null || min < max, {
    path: ['max'],
    error: 'The highest is above the lowest.',
  })
  .refine(({ byte, bit, bits, count }) => byte * 8 + bit + bits * count <= hidReportMax * 8, {
    path: ['count'],
    error: `A report has ${hidReportMax} bytes at most.`,
  });
export type HidControl = z.infer<typeof hidControlSchema>;
