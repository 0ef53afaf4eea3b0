import type { ChannelKind } from '../../contract/fixture.ts';

const groups: Readonly<Record<string, ChannelKind>> = {
  intensity: 'intensity',
  colour: 'color',
  gobo: 'gobo',
  speed: 'speed',
  pan: 'pan',
  tilt: 'tilt',
  shutter: 'shutter',
  prism: 'prism',
  beam: 'other',
  effect: 'effect',
  maintenance: 'maintenance',
  nothing: 'none',
};
const colours: Readonly<Record<string, ChannelKind>> = {
  red: 'red',
  green: 'green',
  blue: 'blue',
  cyan: 'cyan',
  magenta: 'magenta',
  yellow: 'yellow',
  amber: 'amber',
  white: 'white',
  uv: 'uv',
  indigo: 'indigo',
  lime: 'lime',
};
/** The beginnings of the names of presets; a longer one goes before a shorter. */
const presets: readonly (readonly [prefix: string, kind: ChannelKind])[] = [
  ['IntensityMasterDimmer', 'intensity'],
  ['IntensityDimmer', 'intensity'],
  ['IntensityRed', 'red'],
  ['IntensityGreen', 'green'],
  ['IntensityBlue', 'blue'],
  ['IntensityCyan', 'cyan'],
  ['IntensityMagenta', 'magenta'],
  ['IntensityYellow', 'yellow'],
  ['IntensityAmber', 'amber'],
  ['IntensityWhite', 'white'],
  ['IntensityUV', 'uv'],
  ['IntensityIndigo', 'indigo'],
  ['IntensityLime', 'lime'],
  ['IntensityHue', 'color'],
  ['IntensitySaturation', 'color'],
  ['IntensityLightness', 'intensity'],
  ['IntensityValue', 'intensity'],
  ['PositionPan', 'pan'],
  ['PositionTilt', 'tilt'],
  ['PositionXAxis', 'pan'],
  ['PositionYAxis', 'tilt'],
  ['Speed', 'speed'],
  ['ColorCT', 'color-temperature'],
  ['Color', 'color'],
  ['Gobo', 'gobo'],
  ['ShutterStrobe', 'shutter'],
  ['ShutterIris', 'iris'],
  ['BeamFocus', 'focus'],
  ['BeamZoom', 'zoom'],
  ['Prism', 'prism'],
  ['NoFunction', 'none'],
];

/** What a channel of QLC+ says of itself. */
export interface QxfWords {
  readonly preset: string;
  readonly group: string;
  readonly colour: string;
  readonly name: string;
}

/** What a channel does. */
export function qxfKind({ preset, group, colour, name }: QxfWords): ChannelKind {
  const known = presets.find(([prefix]) => preset.startsWith(prefix));
  if (known) return known[1];
  const kind = groups[group.toLowerCase()] ?? 'other';
  if (kind === 'intensity') return colours[colour.toLowerCase()] ?? 'intensity';
  return kind === 'other' ? beamKind(name) : kind;
}

/** Whether a preset is the finer byte of another one. */
export function isFinePreset(preset: string): boolean {
  return preset.endsWith('Fine');
}

function beamKind(name: string): ChannelKind {
  if (/zoom/i.test(name)) return 'zoom';
  if (/focus/i.test(name)) return 'focus';
  if (/iris/i.test(name)) return 'iris';
  return /frost/i.test(name) ? 'frost' : 'other';
}
