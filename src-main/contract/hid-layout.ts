import {
  hidByteSchema,
  hidControlSchema,
  hidControlsMax,
  hidLengthsSchema,
  hidNameSchema,
  hidReportMax,
} from './hid-control.ts';
import { z } from './zod.ts';

const hexSchema = (letters: number) =>
  z.string().regex(new RegExp(`^[0-9a-fA-F]{${letters}}$`), `expected ${letters} hexadecimal digits, as in 054c`);

const reportSchema = z.strictObject({
  id: z.string().min(1).max(32),
  send: z.enum(['output', 'feature']).default('output'),
  /** what it begins with, in hexadecimal; byte 0 is its number, 00 where the device has none */
  bytes: z.string().regex(/^([0-9a-fA-F]{2})+$/, 'expected bytes in hexadecimal, as in 05ff00'),
  /** bytes in all; zeros behind those above */
  length: z.int().min(1).max(hidReportMax),
  /** Its last four bytes are a CRC-32, low byte first, of these bytes in hexadecimal and all before it; empty for none. */
  crc32: z
    .string()
    .regex(/^([0-9a-fA-F]{2})*$/, 'expected bytes in hexadecimal, as in a2')
    .max(16)
    .default(''),
  /** It is for a device that spoke last with one of these reports; empty for any device. */
  heard: z
    .array(z.strictObject({ report: z.int().min(0).max(255), lengths: hidLengthsSchema }))
    .max(8)
    .default([]),
});
export type HidOutputReport = z.infer<typeof reportSchema>;

const outputSchema = z
  .strictObject({
    name: hidNameSchema,
    report: z.string().min(1).max(32),
    byte: hidByteSchema,
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
      .array(reportSchema.omit({ id: true, crc32: true, heard: true }))
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
    for (const [index, { bytes, length, crc32 }] of reports.entries())
      if (bytes.length / 2 > length - (crc32 === '' ? 0 : 4))
        refuse(['reports', index, 'length'], 'expected at least as many as bytes and checksum have');
    for (const [index, { report, byte, bit, bits }] of outputs.entries()) {
      const { length } = known.get(report) ?? { length: 0 };
      if (!known.has(report)) refuse(['outputs', index, 'report'], 'expected the id of a report above');
      else if (byte * 8 + bit + bits > length * 8) refuse(['outputs', index, 'byte'], 'expected bits in the report');
    }
    // A device that speaks in two ways has a control in a report of each.
    const controlKeys = controls.map(({ name, report, when, lengths }) =>
      JSON.stringify([name, report, when, lengths]),
    );
    for (const index of repeats(controlKeys))
      refuse(['controls', index, 'name'], 'expected each name once in a report');
    const outputKeys = outputs.map(({ name, report }) => JSON.stringify([name, report]));
    for (const index of repeats(outputKeys)) refuse(['outputs', index, 'name'], 'expected each name once in a report');
  });
export type HidLayout = z.infer<typeof hidLayoutSchema>;

/** Places in a list of what stands before them in it. */
function repeats(keys: readonly string[]): number[] {
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [index] : []));
}
