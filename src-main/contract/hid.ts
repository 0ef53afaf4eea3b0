import { z } from './zod.ts';

/** Bytes of the longest report that a layout can name. */
export const hidReportMax = 1024;
/** Controls of one device, each button and code of a row counted. */
export const hidControlsMax = 512;

const byteSchema = z
  .int()
  .min(0)
  .max(hidReportMax - 1);
const hexSchema = (letters: number) =>
  z.string().regex(new RegExp(`^[0-9a-fA-F]{${letters}}$`), `expected ${letters} hexadecimal digits, as in 054c`);

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

export const hidControlKinds = ['button', 'buttons', 'axis', 'hat', 'shuttle', 'jog', 'codes'] as const;

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
          codes: 'List of codes of pressed keys',
        },
      }),
    /** 0 where the device does not number its reports */
    report: z.int().min(0).max(255).default(0).meta({
      title: 'report',
      description: 'Its number, which is byte 0; 0 where the device has none.',
      repair: 'A report is a whole number from 0 to 255.',
    }),
    byte: byteSchema.meta({
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
        when: { kind: ['axis', 'shuttle', 'jog'] },
      }),
    bigEndian: z
      .boolean()
      .default(false)
      .meta({
        title: 'high byte first',
        description: 'For whole bytes only.',
        when: { kind: ['axis', 'shuttle', 'jog'] },
        advanced: true,
      }),
    min: z
      .int()
      .nullable()
      .default(null)
      .meta({
        title: 'lowest',
        description: 'The number at one end; of a hat the one that means up.',
        when: { kind: ['axis', 'hat', 'shuttle'] },
      }),
    max: z
      .int()
      .nullable()
      .default(null)
      .meta({
        title: 'highest',
        description: 'The number at the other end.',
        when: { kind: ['axis', 'shuttle'] },
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
          byte: byteSchema.meta({
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

const reportSchema = z.strictObject({
  id: z.string().min(1).max(32),
  send: z.enum(['output', 'feature']).default('output'),
  /** what it begins with, in hexadecimal; byte 0 is its number, 00 where the device has none */
  bytes: z.string().regex(/^([0-9a-fA-F]{2})+$/, 'expected bytes in hexadecimal, as in 05ff00'),
  /** bytes in all; zeros behind those above */
  length: z.int().min(1).max(hidReportMax),
});
export type HidOutputReport = z.infer<typeof reportSchema>;

const outputSchema = z
  .strictObject({
    name: hidNameSchema,
    report: z.string().min(1).max(32),
    byte: byteSchema,
    bit: z.int().min(0).max(7).default(0),
    bits: z.int().min(1).max(32).default(8),
    /** what 0 and 1 are on the wire */
    min: z.int().min(0).default(0),
    max: z.int().min(1),
  })
  .refine(({ min, max, bits }) => min < max && max < 2 ** bits, { path: ['max'], error: 'It has to fit its bits.' });
export type HidOutput = z.infer<typeof outputSchema>;

/** What is known of the reports of some devices: a file of resources/hid, or of the folder `hid` in the data folder. */
export const hidLayoutSchema = z
  .strictObject({
    format: z.literal(1),
    name: z.string().min(1).max(120),
    /** where each fact is from, and on what it was tried */
    sources: z.array(z.string().min(1).max(500)).max(20).default([]),
    devices: z
      .array(
        z.strictObject({
          vendor: hexSchema(4),
          product: hexSchema(4),
          /** of the collection that the reports belong to, where the device has several; hexadecimal */
          usagePage: hexSchema(4).optional(),
          usage: hexSchema(4).optional(),
        }),
      )
      .min(1)
      .max(64),
    /** sent when it is attached, in this order */
    atStart: z
      .array(reportSchema.omit({ id: true }))
      .max(8)
      .default([]),
    controls: z.array(hidControlSchema).max(hidControlsMax).default([]),
    /** What the device's own description of its reports is called here: `0009/0001` is usage 1 of page 9. With names the
     *  controls are those of its description, beside those above. */
    usages: z.record(z.string().regex(/^[0-9a-f]{4}\/[0-9a-f]{4}$/), hidNameSchema).default({}),
    reports: z.array(reportSchema).max(16).default([]),
    outputs: z.array(outputSchema).max(hidControlsMax).default([]),
  })
  .superRefine(({ reports, outputs, controls }, context) => {
    const refuse = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    const known = new Map(reports.map((report) => [report.id, report]));
    for (const [index, { bytes, length }] of reports.entries())
      if (bytes.length / 2 > length) refuse(['reports', index, 'length'], 'expected at least as many as bytes has');
    for (const [index, { report, byte, bit, bits }] of outputs.entries()) {
      const { length } = known.get(report) ?? { length: 0 };
      if (!known.has(report)) refuse(['outputs', index, 'report'], 'expected the id of a report above');
      else if (byte * 8 + bit + bits > length * 8) refuse(['outputs', index, 'byte'], 'expected bits in the report');
    }
    for (const [list, items] of [
      ['controls', controls],
      ['outputs', outputs],
    ] as const) {
      const names = new Set<string>();
      for (const [index, { name }] of items.entries()) {
        if (names.has(name)) refuse([list, index, 'name'], 'expected each name once');
        names.add(name);
      }
    }
  });
export type HidLayout = z.infer<typeof hidLayoutSchema>;

/** A control that moved while somebody looked. */
export interface LearnedControl {
  /** where it is, and what it seems to be; its name is that of the layout, else made of its place */
  readonly control: HidControl;
  /** the number that its bits are now */
  readonly raw: number;
  /** whether a layout has it already */
  readonly known: boolean;
  /** how often it changed */
  readonly changes: number;
}

/** What was pressed and moved at a device since it was looked at first, newest first. */
export interface LearnedControls {
  readonly heard: readonly LearnedControl[];
  /** reports since then */
  readonly reports: number;
  /** true in the first second: what moves by itself is found out, and nothing should be touched */
  readonly resting: boolean;
  /** why nothing can be heard, as a sentence */
  readonly problem: string | null;
}
