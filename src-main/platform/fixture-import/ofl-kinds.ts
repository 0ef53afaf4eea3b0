import type { ChannelKind } from '../../contract/fixture.ts';
import type { OflCapability, OflWheels } from './ofl-schema.ts';

const kinds: Readonly<Record<string, ChannelKind>> = {
  Intensity: 'intensity',
  ShutterStrobe: 'shutter',
  StrobeSpeed: 'shutter',
  StrobeDuration: 'shutter',
  ColorPreset: 'color',
  ColorTemperature: 'color-temperature',
  Pan: 'pan',
  PanContinuous: 'pan',
  Tilt: 'tilt',
  TiltContinuous: 'tilt',
  PanTiltSpeed: 'speed',
  Effect: 'effect',
  EffectSpeed: 'speed',
  EffectDuration: 'effect',
  EffectParameter: 'effect',
  SoundSensitivity: 'effect',
  Focus: 'focus',
  Zoom: 'zoom',
  Iris: 'iris',
  IrisEffect: 'iris',
  Frost: 'frost',
  FrostEffect: 'frost',
  Prism: 'prism',
  PrismRotation: 'prism',
  Fog: 'fog',
  FogOutput: 'fog',
  FogType: 'fog',
  Speed: 'speed',
  Maintenance: 'maintenance',
  NoFunction: 'none',
};
const colours: Readonly<Record<string, ChannelKind>> = {
  Red: 'red',
  Green: 'green',
  Blue: 'blue',
  Cyan: 'cyan',
  Magenta: 'magenta',
  Yellow: 'yellow',
  Amber: 'amber',
  White: 'white',
  'Warm White': 'warm-white',
  'Cold White': 'cold-white',
  UV: 'uv',
  Lime: 'lime',
  Indigo: 'indigo',
};
const wheelKinds: Readonly<Record<string, ChannelKind>> = {
  Gobo: 'gobo',
  AnimationGoboStart: 'gobo',
  AnimationGoboEnd: 'gobo',
  Color: 'color',
  Prism: 'prism',
  Iris: 'iris',
  Frost: 'frost',
};

type Wheel = OflWheels[string];

/** What a channel does: what its first capability that does anything does. */
export function oflKind(capabilities: readonly OflCapability[], channel: string, wheels: OflWheels): ChannelKind {
  const first = capabilities.find(({ type }) => type !== 'NoFunction') ?? capabilities[0];
  if (!first) return 'other';
  if (first.type === 'ColorIntensity') return own(colours, first.color ?? '') ?? 'other';
  if (first.type.startsWith('Wheel')) return wheelKind(first, channel, wheels);
  return own(kinds, first.type) ?? 'other';
}

/** What a capability is called, in the words of the file where it has some. */
export function oflName(capability: OflCapability, channel: string, wheels: OflWheels): string {
  const { comment, effectName, effectPreset, shutterEffect, color, type } = capability;
  const slots = slotsName(capability, wheelOf(capability, channel, wheels));
  const given = comment ?? effectName ?? effectPreset ?? shutterEffect ?? slots ?? color;
  return given ?? spaced(type).toLowerCase();
}

/** `Deep Red`, `Open to Deep Red`; undefined where the file says no slot that there is. */
function slotsName({ slotNumber, slotNumberStart, slotNumberEnd }: OflCapability, wheel: Wheel | undefined) {
  const names = [slotNumber ?? slotNumberStart, slotNumber ?? slotNumberEnd].flatMap((number) =>
    wheel && number !== undefined ? (slotName(number, wheel) ?? []) : [],
  );
  return names.length < 2 ? undefined : [...new Set(names)].join(' to ');
}

/** Between two slots the beam goes through both. Those without a name are counted where there are several of their kind. */
function slotName(number: number, { slots }: Wheel): string | undefined {
  if (!Number.isInteger(number)) {
    const halves = [Math.floor(number), (Math.floor(number) % slots.length) + 1].map((each) =>
      slotName(each, { slots }),
    );
    return halves.includes(undefined) ? undefined : halves.join(' / ');
  }
  const slot = slots[number - 1];
  if (!slot || slot.name !== undefined) return slot?.name;
  const alike = slots.filter(({ type }) => type === slot.type);
  return alike.length === 1 ? spaced(slot.type) : `${spaced(slot.type)} ${alike.indexOf(slot) + 1}`;
}

/** `AnimationGoboStart` as words. */
function spaced(type: string): string {
  return type.replace(/([a-z])([A-Z])/g, '$1 $2');
}

function wheelKind(capability: OflCapability, channel: string, wheels: OflWheels): ChannelKind {
  for (const { type } of wheelOf(capability, channel, wheels)?.slots ?? []) {
    const kind = own(wheelKinds, type);
    if (kind) return kind;
  }
  return /gobo/i.test(channel) ? 'gobo' : /colou?r/i.test(channel) ? 'color' : 'other';
}

/** A capability without a wheel means the one that is called as its channel. */
function wheelOf({ wheel }: OflCapability, channel: string, wheels: OflWheels): Wheel | undefined {
  const name = typeof wheel === 'string' ? wheel : (wheel?.[0] ?? channel);
  return own(wheels, name);
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
