import { tryPattern } from './address.ts';
import { bridgeSchema } from './bridges/bridge.ts';
import { bridgeNameMax, addressTextSchema as addressText } from './bridges/bridge-head.ts';
import { fixtureLimits, fixtureProfileSchema, fixtureSchema, softPatchSchema } from './fixture.ts';
import { conflictStrategies } from './signal.ts';
import { z } from './zod.ts';

export { bridgeSchema } from './bridges/bridge.ts';
export type {
  ArtnetBridge,
  Bridge,
  BridgeKind,
  ClaspBridge,
  DmxUsbBridge,
  HidBridge,
  HttpBridge,
  LtcBridge,
  MidiBridge,
  MqttBridge,
  OscBridge,
  SacnBridge,
  SocketioBridge,
  WebSocketBridge,
  SerialBridge,
} from './bridges/bridge.ts';

/** The show document: what an operator keeps in one file. Order in the lists is the order on the page. */
export const showFormat = 4;

/** How much one show may hold; far above real rigs, so that a damaged or hostile file cannot exhaust the machine. */
export const showLimits = {
  bridges: 256,
  groups: 256,
  mappings: 10_000,
  transforms: 32,
  signalRules: 256,
  profiles: fixtureLimits.profiles,
  patch: fixtureLimits.fixtures,
  softPatch: fixtureLimits.softPatch,
  name: bridgeNameMax,
} as const;

/** An hour late is as late as never. */
export const lateToleranceMsMax = 3_600_000;

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1-64 letters, digits, - or _');
const name = z.string().min(1).max(showLimits.name);
const number = z.int().min(1).max(99_999);
const finite = z.number();

export const easings = ['linear', 'ease-in', 'ease-out', 'ease-in-out', 'step', 'cubic-bezier'] as const;
export type Easing = (typeof easings)[number];

const enabled = z.boolean().default(true);
export const transformSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('scale'), enabled, inMin: finite, inMax: finite, outMin: finite, outMax: finite }),
  z.strictObject({ type: z.literal('clamp'), enabled, min: finite, max: finite }),
  z.strictObject({ type: z.literal('invert'), enabled, min: finite, max: finite }),
  z.strictObject({
    type: z.literal('curve'),
    enabled,
    easing: z.enum(easings),
    /** x1 y1 x2 y2 of the two handles, for 'cubic-bezier'; x within 0..1 */
    bezier: z.tuple([z.number().min(0).max(1), finite, z.number().min(0).max(1), finite]).default([0.25, 0.1, 0.25, 1]),
    /** the range of the incoming value, and of the outgoing one */
    min: finite,
    max: finite,
  }),
  z.strictObject({
    type: z.literal('threshold'),
    enabled,
    at: finite,
    /** falls back only this far below `at`; 0 for none */
    hysteresis: z.number().min(0),
    below: finite,
    above: finite,
  }),
  z.strictObject({ type: z.literal('quantize'), enabled, min: finite, max: finite, steps: z.int().min(2).max(65_536) }),
]);
export type Transform = z.infer<typeof transformSchema>;
export type TransformType = Transform['type'];

export const mappingSchema = z.strictObject({
  id,
  /** the painted number of the line set; unique in the show, kept when others go */
  number,
  name: z.string().max(showLimits.name).default(''),
  /** the group it is listed under; null for none */
  groupId: id.nullable().default(null),
  enabled,
  source: z.strictObject({ pattern: addressText }),
  target: z.strictObject({
    /** an address in which {1}, {2} … stand for what the wildcards of the source caught */
    address: addressText,
    /** the kind of signal sent; 'same' keeps the kind that came in */
    kind: z.enum(['same', 'param', 'event', 'stream']).default('same'),
    /** the value's type: 'same' keeps it, 'integer' rounds, 'float' makes f64; other types pass through untouched */
    as: z.enum(['same', 'integer', 'float']).default('same'),
  }),
  transforms: z.array(transformSchema).max(showLimits.transforms),
});
export type Mapping = z.infer<typeof mappingSchema>;

export const groupSchema = z.strictObject({ id, name, folded: z.boolean().default(false) });
export type Group = z.infer<typeof groupSchema>;

/** What the values of an address may be when a rule says so; `number` takes whole ones and floats. */
export const ruledTypes = ['bool', 'i8', 'i16', 'i32', 'i64', 'number', 'string', 'bytes', 'array', 'map'] as const;
export type RuledType = (typeof ruledTypes)[number];

/** What the show says about the values of some addresses. What is null stays open: then the next most specific rule
 *  counts that says it, then what the owner of the signal announced. */
export const signalRuleSchema = z.strictObject({
  id,
  /** the addresses it is for, no pattern twice; of several that cover one, the most specific counts: see
   *  `compareSpecificity` */
  pattern: addressText.refine((text) => tryPattern(text) !== undefined, 'expected a pattern such as /desk/**'),
  /** how writes end that meet */
  strategy: z.enum(conflictStrategies).nullable().default(null),
  /** values of another type are refused */
  datatype: z.enum(ruledTypes).nullable().default(null),
  /** numbers outside are refused */
  range: z
    .strictObject({ min: finite, max: finite })
    .refine(({ min, max }) => min <= max, { path: ['max'], error: 'expected the same number as min, or a higher one' })
    .nullable()
    .default(null),
  /** whether the range and datatype that the owner announced hold there; null: as the settings of the show say */
  enforce: z.boolean().nullable().default(null),
});
export type SignalRule = z.infer<typeof signalRuleSchema>;

export const signalSwitchesSchema = z.strictObject({
  /** numbers outside the range that the owner announced are refused */
  enforceRanges: z.boolean().default(false),
  /** values that are not of the datatype that the owner announced are refused */
  enforceTypes: z.boolean().default(false),
});
export type SignalSwitches = z.infer<typeof signalSwitchesSchema>;

/** All that a show says about signals; what a rule leaves out is open, as null is. */
export interface SignalSettings extends SignalSwitches {
  readonly rules: readonly (Pick<SignalRule, 'pattern'> & Partial<SignalRule>)[];
}

/** What becomes of bundles whose time has passed: `run` them at once, or `drop` those later than `toleranceMs`. */
export const lateBundlesSchema = z.strictObject({
  policy: z.enum(['run', 'drop']).default('run'),
  toleranceMs: z.int().min(0).max(lateToleranceMsMax).default(100),
});
export type LateBundles = z.infer<typeof lateBundlesSchema>;

/** What DMX does as a whole. */
export const dmxSettingsSchema = z.strictObject({
  /** what blackout makes dark: every slot, or those that the grand master reduces too, so that heads stay where they look */
  blackout: z.enum(['all', 'intensity']).default('all'),
});
export type DmxSettings = z.infer<typeof dmxSettingsSchema>;

export const settingsSchema = z.strictObject({
  /** seconds of quiet after an edit before the file is written; 0 switches autosave off */
  autosaveSeconds: z.int().min(0).max(3600).default(30),
  /** how many backups are kept beside the working copy */
  backupsKeep: z.int().min(0).max(1000).default(20),
  signals: signalSwitchesSchema.prefault({}),
  lateBundles: lateBundlesSchema.prefault({}),
  dmx: dmxSettingsSchema.prefault({}),
});
export type ShowSettings = z.infer<typeof settingsSchema>;

/** Objects of areas that later formats describe; kept untouched. */
const reserved = z.array(z.looseObject({ id })).default([]);

export const showSchema = z.strictObject({
  format: z.literal(showFormat),
  id,
  name,
  settings: settingsSchema.prefault({}),
  bridges: z.array(bridgeSchema).max(showLimits.bridges).default([]),
  groups: z.array(groupSchema).max(showLimits.groups).default([]),
  mappings: z.array(mappingSchema).max(showLimits.mappings).default([]),
  signalRules: z
    .array(signalRuleSchema)
    .max(showLimits.signalRules)
    .refine((rules) => new Set(rules.map(({ pattern }) => pattern)).size === rules.length, 'expected each pattern once')
    .default([]),
  /** what the fixtures of `patch` are, so that a show is whole by itself */
  profiles: z.array(fixtureProfileSchema).max(showLimits.profiles).default([]),
  patch: z.array(fixtureSchema).max(showLimits.patch).default([]),
  softPatch: z.array(softPatchSchema).max(showLimits.softPatch).default([]),
  timelines: reserved,
  cues: reserved,
  gestures: reserved,
  surfaces: reserved,
});
export type ShowDocument = z.infer<typeof showSchema>;

/** @param showId letters, digits, - or _; unique for each show */
export function emptyShow(showId: string, showName: string): ShowDocument {
  return {
    format: showFormat,
    id: showId,
    name: showName,
    settings: settingsSchema.parse({}),
    bridges: [],
    groups: [],
    mappings: [],
    signalRules: [],
    profiles: [],
    patch: [],
    softPatch: [],
    timelines: [],
    cues: [],
    gestures: [],
    surfaces: [],
  };
}
