import { z } from '../../contract/zod.ts';

/** Of the format of the Open Fixture Library what a desk needs; everything else is passed over. */
const nameText = z.string().max(500);

export const oflCapabilitySchema = z.looseObject({
  dmxRange: z.tuple([z.number(), z.number()]).optional(),
  type: z.string().max(100),
  comment: nameText.optional(),
  color: nameText.optional(),
  effectName: nameText.optional(),
  effectPreset: nameText.optional(),
  shutterEffect: nameText.optional(),
  wheel: z.union([nameText, z.array(nameText)]).optional(),
  slotNumber: z.number().optional(),
  slotNumberStart: z.number().optional(),
  slotNumberEnd: z.number().optional(),
  switchChannels: z.record(z.string(), nameText).optional(),
});
export type OflCapability = z.infer<typeof oflCapabilitySchema>;

const amount = z.union([z.number(), z.string().max(20)]);
export const oflChannelSchema = z.looseObject({
  name: nameText.optional(),
  fineChannelAliases: z.array(nameText).max(8).optional(),
  dmxValueResolution: z.enum(['8bit', '16bit', '24bit']).optional(),
  defaultValue: amount.optional(),
  highlightValue: amount.optional(),
  capability: oflCapabilitySchema.optional(),
  capabilities: z.array(oflCapabilitySchema).max(1000).optional(),
});
export type OflChannel = z.infer<typeof oflChannelSchema>;

const pixelKey = nameText.nullable();
export const oflMatrixSchema = z.looseObject({
  pixelCount: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]).optional(),
  pixelKeys: z.array(z.array(z.array(pixelKey))).optional(),
  pixelGroups: z.record(z.string(), z.unknown()).optional(),
});
export type OflMatrix = z.infer<typeof oflMatrixSchema>;

const insertSchema = z.looseObject({
  insert: z.literal('matrixChannels'),
  repeatFor: z.union([nameText, z.array(nameText).max(4096)]),
  channelOrder: z.enum(['perPixel', 'perChannel']),
  templateChannels: z.array(nameText.nullable()).max(512),
});
export type OflInsert = z.infer<typeof insertSchema>;

const wheelSchema = z.looseObject({
  slots: z.array(z.looseObject({ type: z.string().max(100), name: nameText.optional() })),
});

export const oflFixtureSchema = z.looseObject({
  name: nameText,
  manufacturerKey: nameText.optional(),
  wheels: z.record(z.string(), wheelSchema).optional(),
  matrix: oflMatrixSchema.optional(),
  availableChannels: z.record(z.string(), oflChannelSchema).optional(),
  templateChannels: z.record(z.string(), oflChannelSchema).optional(),
  modes: z
    .array(z.looseObject({ name: nameText, channels: z.array(z.union([nameText, z.null(), insertSchema])).max(4096) }))
    .min(1)
    .max(500),
});
export type OflFixture = z.infer<typeof oflFixtureSchema>;
export type OflWheels = NonNullable<OflFixture['wheels']>;
