import { describe, expect, it } from 'vitest';
import { SignalTrace } from '../../../src-renderer/widgets/signal-trace.ts';
import { drawWire, type WireMode } from '../../../src-renderer/widgets/wire-drawing.ts';

const palette = {
  live: 'live',
  liveOld: 'old',
  line2: 'line2',
  line3: 'line3',
  fault: 'fault',
  next: 'next',
  ground: 'ground',
};

describe('wire', () => {
  it('[UI4] is green only while samples are younger than a second, then a held level in old green', () => {
    const trace = new SignalTrace();
    trace.push(1000, 0.4);
    trace.push(1020, 0.5);
    expect(colours(trace, 1500)).toContain('live');
    expect(colours(trace, 2100)).not.toContain('live');
    expect(colours(trace, 2100)).toContain('old');
  });

  it('[UI4] draws nothing green where there is no signal, a lock, or a cut', () => {
    const trace = new SignalTrace();
    trace.push(1000, 0.4);
    expect(colours(undefined, 1010)).toEqual(['line2', 'line3']);
    expect(colours(trace, 1010, 'off')).not.toContain('live');
    expect(colours(trace, 1010, 'cut')).toContain('fault');
    expect(colours(trace, 1010, 'refused')).toContain('next');
    expect(colours(trace, 1010, 'refused')).not.toContain('live');
  });

  it('[UI4] puts the newest sample at the left and older ones further right', () => {
    const trace = new SignalTrace();
    trace.push(0, 0);
    trace.push(2000, 1);
    const points = drawn(trace, 2000).points;
    const newest = points.find(([, y]) => y === 1);
    expect(newest?.[0]).toBe(0);
    expect(points.some(([x, y]) => x === 50 && y > 1)).toBe(true);
  });

  it('[UI4] holds a value over a gap rather than drawing a slope that never happened', () => {
    const trace = new SignalTrace();
    trace.push(0, 0);
    trace.push(2000, 1);
    // Just right of the newest sample the old value still stood.
    expect(
      drawn(trace, 2000)
        .points.filter(([x]) => x === 0)
        .map(([, y]) => y),
    ).toContain(12);
  });

  it('[UI4] draws one tick for each event', () => {
    const trace = new SignalTrace();
    trace.isEvent = true;
    for (const at of [0, 500, 1000]) trace.push(at, Number.NaN);
    const { strokes } = drawn(trace, 1000);
    expect(strokes.filter((colour) => colour === 'live')).toHaveLength(3);
  });
});

function colours(trace: SignalTrace | undefined, nowMs: number, mode: WireMode = 'flow'): string[] {
  return [...new Set(drawn(trace, nowMs, mode, 'source').strokes)];
}

/** Runs the drawing on a context that writes down strokes and points. The box is 100 wide and 17 high. */
function drawn(
  trace: SignalTrace | undefined,
  nowMs: number,
  mode: WireMode = 'flow',
  end: 'source' | 'none' = 'none',
): { strokes: string[]; points: [number, number][] } {
  const strokes: string[] = [];
  const points: [number, number][] = [];
  const context = {
    strokeStyle: '',
    fillStyle: '',
    setLineDash: () => undefined,
    beginPath: () => undefined,
    closePath: () => undefined,
    arc: () => undefined,
    fill: () => undefined,
    moveTo: (x: number, y: number) => points.push([x, y]),
    lineTo: (x: number, y: number) => points.push([x, y]),
    stroke(this: { strokeStyle: string }) {
      strokes.push(this.strokeStyle);
    },
  };
  drawWire(context as never, { trace, mode, end, x: 0, y: 0, width: 100, height: 17 }, { palette, nowMs });
  return { strokes, points };
}
