/** `#rgb`, `#rrggbb` or `#rrggbbaa`, in either case. */
const colour = /^#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** The colour at `fraction` of the way between two hex colours: each channel by itself, on the levels as written, rounded to
 *  the nearest and held within 0..255. A colour without alpha is opaque; the blend has alpha when one of the two has.
 *
 *  The levels are not turned into linear light first. What fades here ends as levels of a lamp: a console moves each channel
 *  as a fader does, and the dimmer curve is the fixture's. So `#ff0000` fades exactly as `[255, 0, 0]` and as three faders.
 *  @returns lower-case `#rrggbb` or `#rrggbbaa`; undefined unless both are colours */
export function tryBlendColours(from: string, to: string, fraction: number): string | undefined {
  const start = tryChannels(from);
  const end = start && tryChannels(to);
  if (!start || !end) return undefined;
  const hasAlpha = start.length === 4 || end.length === 4;
  let blend = '#';
  for (let i = 0; i < (hasAlpha ? 4 : 3); i++) {
    const [low, high] = [start[i] ?? 255, end[i] ?? 255];
    const level = Math.min(255, Math.max(0, Math.round(low + (high - low) * fraction)));
    blend += level.toString(16).padStart(2, '0');
  }
  return blend;
}

function tryChannels(text: string): number[] | undefined {
  if (!colour.test(text)) return undefined;
  const width = text.length === 4 ? 1 : 2;
  const channels: number[] = [];
  for (let i = 1; i < text.length; i += width) {
    const digits = text.slice(i, i + width);
    channels.push(Number.parseInt(width === 1 ? digits + digits : digits, 16));
  }
  return channels;
}
