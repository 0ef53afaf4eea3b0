import { traceWindowMs, type SignalTrace } from './signal-trace.ts';

/** flow: what the trace says, flowing or held. off: locked. cut: nothing arrives at the far end. refused: the far end
 *  does not take it now. idle: no signal yet. */
export type WireMode = 'flow' | 'off' | 'cut' | 'refused' | 'idle';

export interface WireShape {
  readonly trace: SignalTrace | undefined;
  readonly mode: WireMode;
  /** the node at its left end, or the arrow at its right */
  readonly end: 'source' | 'target' | 'none';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WirePalette {
  readonly live: string;
  readonly liveOld: string;
  readonly line2: string;
  readonly line3: string;
  readonly fault: string;
  readonly next: string;
  readonly ground: string;
}

/** What all wires of one picture share. */
export interface WireMoment {
  readonly palette: WirePalette;
  /** on the time base of the traces */
  readonly nowMs: number;
}

/** An input lamp stays lit this long, so that a tap of 1 ms is seen. */
const lampMs = 250;
/** A signal that changed within this time flows; else it is held. */
const heldAfterMs = 1000;
/** Samples closer than this are joined by a line; over a longer gap the older one holds, as the signal did. */
const joinMs = 120;
const baseFromBottom = 5;
const nodeRoom = 9;
const ageBands = [1, 0.72, 0.42] as const;

/** Draws one wire, newest sample at the left. */
export function drawWire(context: CanvasRenderingContext2D, wire: WireShape, moment: WireMoment): void {
  const { palette, nowMs } = moment;
  const left = wire.x + (wire.end === 'none' ? 0 : nodeRoom);
  const right = wire.x + wire.width - (wire.end === 'target' ? nodeRoom : 0);
  const frame: Frame = { left, right, base: wire.y + wire.height - baseFromBottom, top: wire.y + 1 };
  const age = wire.trace?.ageAt(nowMs) ?? Number.POSITIVE_INFINITY;
  const flowing = wire.mode === 'flow' && age < heldAfterMs;
  context.lineWidth = 1.5;
  if (wire.mode === 'cut') drawCut(context, frame, { palette, cross: palette.fault });
  else if (wire.mode === 'refused') drawCut(context, frame, { palette, cross: palette.next });
  else drawBase(context, frame, palette, wire.mode === 'off');
  if (wire.mode === 'flow' && wire.trace && wire.trace.size > 0) {
    if (wire.trace.isEvent) drawTicks(context, wire.trace, frame, moment);
    else drawLevel(context, wire.trace, frame, { palette, nowMs, flowing });
  }
  drawEnd(context, wire, frame, { palette, flowing, lit: flowing && age < lampMs });
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly base: number;
  readonly top: number;
}

function drawBase(context: CanvasRenderingContext2D, frame: Frame, palette: WirePalette, dashed: boolean): void {
  context.strokeStyle = palette.line2;
  context.setLineDash(dashed ? [2, 4] : []);
  stroke(context, [frame.left, frame.base + 0.5, frame.right, frame.base + 0.5]);
  context.setLineDash([]);
}

function drawCut(
  context: CanvasRenderingContext2D,
  { left, right, base }: Frame,
  { palette, cross }: { readonly palette: WirePalette; readonly cross: string },
): void {
  const at = left + (right - left) * 0.42;
  context.strokeStyle = palette.line2;
  stroke(context, [left, base + 0.5, at - 2, base + 0.5]);
  context.setLineDash([2, 4]);
  stroke(context, [at + 16, base + 0.5, right, base + 0.5]);
  context.setLineDash([]);
  context.strokeStyle = cross;
  context.lineWidth = 2;
  stroke(context, [at, base - 5, at + 9, base + 4]);
  stroke(context, [at + 9, base - 5, at, base + 4]);
  context.lineWidth = 1.5;
}

function drawTicks(context: CanvasRenderingContext2D, trace: SignalTrace, frame: Frame, moment: WireMoment): void {
  context.strokeStyle = moment.palette.live;
  context.lineWidth = 2;
  for (let back = 0; back < trace.size; back++) {
    const age = Math.max(0, moment.nowMs - trace.timeAt(back));
    if (age > traceWindowMs) break;
    context.globalAlpha = bandAt(age / traceWindowMs);
    const x = frame.left + (frame.right - frame.left) * (age / traceWindowMs);
    stroke(context, [x, frame.top, x, frame.base]);
  }
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
}

function drawLevel(
  context: CanvasRenderingContext2D,
  trace: SignalTrace,
  frame: Frame,
  moment: WireMoment & { readonly flowing: boolean },
): void {
  const points = levelPoints(trace, frame, moment.nowMs);
  const colour = moment.flowing ? moment.palette.live : moment.palette.liveOld;
  fillUnder(context, points, frame, colour);
  context.strokeStyle = colour;
  context.lineJoin = 'round';
  if (!moment.flowing) {
    stroke(context, points);
    return;
  }
  for (const [index, alpha] of ageBands.entries()) {
    context.globalAlpha = alpha;
    const width = (frame.right - frame.left) / ageBands.length;
    strokeBand(context, points, frame.left + width * index, frame.left + width * (index + 1));
  }
  context.globalAlpha = 1;
}

/** x y pairs from the newest (left) to the oldest, or to where nothing is known. */
function levelPoints(trace: SignalTrace, frame: Frame, nowMs: number): number[] {
  const perMs = (frame.right - frame.left) / traceWindowMs;
  const points: number[] = [];
  let later: { x: number; time: number } | undefined;
  for (let back = 0; back < trace.size; back++) {
    const time = trace.timeAt(back);
    const x = Math.min(frame.right, frame.left + Math.max(0, nowMs - time) * perMs);
    const y = frame.base - trace.heightOf(trace.valueAt(back)) * (frame.base - frame.top);
    if (!later) points.push(frame.left, y);
    // From this sample until the next one the value stood still.
    else if (later.time - time > joinMs) points.push(later.x, y);
    points.push(x, y);
    if (nowMs - time > traceWindowMs) break;
    later = { x, time };
  }
  return points;
}

function fillUnder(context: CanvasRenderingContext2D, points: readonly number[], frame: Frame, colour: string): void {
  context.beginPath();
  context.moveTo(points[0] ?? frame.left, frame.base);
  for (let i = 0; i + 1 < points.length; i += 2) context.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
  context.lineTo(points.at(-2) ?? frame.right, frame.base);
  context.closePath();
  context.globalAlpha = 0.14;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
}

function strokeBand(context: CanvasRenderingContext2D, points: readonly number[], from: number, to: number): void {
  context.beginPath();
  let drawing = false;
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points.slice(i, i + 4);
    if (x2 < from || x1 > to) continue;
    const a = Math.max(x1, from);
    const b = Math.min(x2, to);
    if (!drawing) context.moveTo(a, heightAt(x1, y1, x2, y2, a));
    context.lineTo(b, x1 === x2 ? y2 : heightAt(x1, y1, x2, y2, b));
    drawing = true;
  }
  context.stroke();
}

function heightAt(x1: number, y1: number, x2: number, y2: number, x: number): number {
  return x2 === x1 ? y1 : y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
}

function drawEnd(
  context: CanvasRenderingContext2D,
  wire: WireShape,
  { base }: Frame,
  look: { readonly palette: WirePalette; readonly flowing: boolean; readonly lit: boolean },
): void {
  if (wire.end === 'none') return;
  context.beginPath();
  if (wire.end === 'source') context.arc(wire.x + 5, base, 3.25, 0, Math.PI * 2);
  else {
    const tip = wire.x + wire.width - 1;
    context.moveTo(tip - 7, base - 4);
    context.lineTo(tip, base);
    context.lineTo(tip - 7, base + 4);
    context.closePath();
  }
  context.fillStyle = look.flowing ? look.palette.live : look.palette.ground;
  context.strokeStyle = look.flowing ? look.palette.live : look.palette.line3;
  if (look.lit) {
    context.shadowColor = look.palette.live;
    context.shadowBlur = 6;
  }
  context.fill();
  context.shadowBlur = 0;
  context.stroke();
}

function bandAt(part: number): number {
  return ageBands[Math.min(ageBands.length - 1, Math.floor(part * ageBands.length))] ?? 1;
}

function stroke(context: CanvasRenderingContext2D, points: readonly number[]): void {
  context.beginPath();
  for (let i = 0; i + 1 < points.length; i += 2) {
    if (i === 0) context.moveTo(points[0] ?? 0, points[1] ?? 0);
    else context.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
  }
  context.stroke();
}
