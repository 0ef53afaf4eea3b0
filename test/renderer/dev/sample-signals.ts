import type { LiveMapping } from '../../../src-main/contract/live-events.ts';
import type { Mapping } from '../../../src-main/contract/show.ts';
import { f64, nullValue, type Value } from '../../../src-main/contract/signal.ts';
import { traceChain } from '../../../src-main/contract/transforms.ts';
import { micros, millis } from '../../../src-main/contract/units.ts';

/** What each sample mapping carries at `t` seconds: undefined when nothing arrives just now. */
export function sampleLive(mapping: Mapping, t: number, atMs: number): LiveMapping | undefined {
  const input = inputOf(mapping, t);
  if (input === undefined) return undefined;
  const output = traceChain(mapping.transforms, input).at(-1) ?? input;
  const isEvent = mapping.source.pattern.includes('note');
  const value: Value = isEvent ? nullValue : f64(input);
  return {
    mappingId: mapping.id,
    source: value,
    target: isEvent ? nullValue : f64(output),
    sourceAddress: mapping.source.pattern,
    targetAddress: mapping.target.address,
    kind: isEvent ? 'event' : 'param',
    at: millis(atMs),
    count: 1,
    refused: null,
    latencyMicros: micros(300 + (mapping.number % 7) * 120),
  };
}

function inputOf(mapping: Mapping, t: number): number | undefined {
  const { pattern } = mapping.source;
  const seed = mapping.number * 7.3;
  if (pattern.includes('artnet') || pattern.includes('fader/2')) return t < 1.5 ? 0.41 : undefined;
  if (pattern.includes('lux')) return t < 1.5 ? 412 : undefined;
  if (pattern.includes('note'))
    return Math.floor(t * 1.7 + seed) !== Math.floor((t - 1 / 44) * 1.7 + seed) ? 1 : undefined;
  if (pattern.includes('kick')) return Math.exp(-((t + seed * 0.07) % 0.625) * 7) * 0.98 + 0.02;
  if (pattern.includes('cc')) return Math.round(92 + 10 * noise(t * 1.1, seed));
  if (pattern.includes('spacemouse')) return Math.sin(t * 0.8 + seed) * 0.4;
  return Math.min(1, Math.max(0, 0.6 + 0.8 * (noise(t * 1.1, seed) - 0.5) + 0.4 * (noise(t * 2.7, seed + 4) - 0.5)));
}

function noise(x: number, seed: number): number {
  const whole = Math.floor(x);
  const part = x - whole;
  const blend = part * part * (3 - 2 * part);
  return random(whole + seed * 57) * (1 - blend) + random(whole + 1 + seed * 57) * blend;
}

function random(n: number): number {
  const s = Math.sin(n * 127.1 + 311.7) * 43758.5453;
  return s - Math.floor(s);
}
