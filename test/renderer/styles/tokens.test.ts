import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src-renderer/styles/tokens.css', 'utf8');
const dark = tokensOf(/:root \{([^}]*)\}/);
const lit = { ...dark, ...tokensOf(/:root\[data-hall='lit'\] \{([^}]*)\}/) };

const text = 4.5;
const graphic = 3;
const grounds = ['ground-0', 'ground-1', 'ground-2', 'ground-3'];
const states = ['live', 'next', 'fault', 'learn', 'edit'];
const pairs: [ink: string, ground: string, least: number][] = [
  ...grounds.flatMap((ground) =>
    ['ink-1', 'ink-2', 'ink-3', ...states].map((ink): [string, string, number] => [ink, ground, text]),
  ),
  ...grounds.map((ground): [string, string, number] => ['line-3', ground, graphic]),
  ...grounds.slice(0, 3).map((ground): [string, string, number] => ['live-old', ground, graphic]),
  ['ink-off', 'ground-1', graphic],
  ...['ink-1', 'ink-2', 'ink-3'].map((ink): [string, string, number] => [ink, 'ground-4', text]),
  ...['plate', ...states].map((ground): [string, string, number] => ['on-plate', ground, text]),
  ...['ink-1', 'ink-2', 'live'].map((ink): [string, string, number] => [ink, 'level', text]),
  ...states.flatMap((state) =>
    [state, 'ink-1', 'ink-2', 'ink-3'].map((ink): [string, string, number] => [ink, `${state}-ground`, text]),
  ),
];

describe('tokens', () => {
  it('[UI1] names 144 pairs of ink and ground over both halls', () => {
    expect(pairs.length * 2).toBe(144);
  });

  for (const [hall, tokens] of [
    ['dark', dark],
    ['lit', lit],
  ] as const) {
    for (const [ink, ground, least] of pairs) {
      it(`[UI1] keeps ${ink} on ${ground} at ${least}:1 in the ${hall} hall`, () => {
        expect(contrast(tokens[ink], tokens[ground])).toBeGreaterThanOrEqual(least);
      });
    }
  }
});

function tokensOf(block: RegExp): Record<string, string> {
  const body = block.exec(css)?.[1] ?? '';
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex]),
  );
}

function contrast(ink: string | undefined, ground: string | undefined): number {
  if (!ink || !ground) throw new Error('no such token');
  const [light = 0, shade = 0] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
  return (light + 0.05) / (shade + 0.05);
}

/** @see WCAG 2.2, relative luminance */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
