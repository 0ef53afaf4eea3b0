// Draws the app's icon into resources/icons: the rail with three sets at different trims, as SVG and as PNG in the sizes
// that the systems want. The marks are upright rectangles, so each size is drawn by itself and the small ones stay crisp.
//
//   node scripts/draw-icons.mjs
import { writeFileSync } from 'node:fs';
import { deflateSync, crc32 } from 'node:zlib';

/** @typedef {{ x: number, y: number, width: number, height: number }} Rect in parts of the icon's edge, 0..1 */

const folder = new URL('../resources/icons/', import.meta.url);
const sizes = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024];
/** At these sizes edges are moved onto whole pixels. */
const crispUpTo = 64;
const ground = [0x11, 0x10, 0x0e];
const ink = [0xf3, 0xef, 0xe6];

/** @type {Rect & { radius: number }} */
const plate = { x: 0.04, y: 0.04, width: 0.92, height: 0.92, radius: 0.1 };

/** The logo's strokes: the rail, three lines, three sets; a line reaches into its set, so that no seam shows. Its own
 *  units are those of a 36 x 30 drawing.
 *  @type {readonly Rect[]} */
const marks = [
  fromLogo({ x: 1, y: 2.75, width: 34, height: 2.5 }),
  ...[
    { x: 7, trim: 11.5 },
    { x: 18, trim: 21.5 },
    { x: 29, trim: 16.5 },
  ].flatMap(({ x, trim }) => [
    fromLogo({ x: x - 1.25, y: 2.75, width: 2.5, height: trim - 1 }),
    fromLogo({ x: x - 4, y: trim, width: 8, height: 3.5 }),
  ]),
];

writeFileSync(new URL('icon.svg', folder), svg());
for (const size of sizes) writeFileSync(new URL(`${String(size)}x${String(size)}.png`, folder), png(size));

/** @param {Rect} rect in the logo's units
 *  @returns {Rect} */
function fromLogo({ x, y, width, height }) {
  const unit = 0.68 / 34;
  return { x: 0.5 + (x - 18) * unit, y: 0.5 + (y - 13.875) * unit, width: width * unit, height: height * unit };
}

function svg() {
  const at = (/** @type {number} */ part) => String(Math.round(part * 1024 * 100) / 100);
  const box = (/** @type {Rect} */ { x, y, width, height }) =>
    `x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}"`;
  const lines = marks.map((mark) => `  <rect ${box(mark)} fill="${hex(ink)}"/>`);
  const back = `  <rect ${box(plate)} rx="${at(plate.radius)}" fill="${hex(ground)}"/>`;
  return ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024">', back, ...lines, '</svg>', ''].join('\n');
}

/** @param {readonly number[]} colour */
function hex(colour) {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** @param {number} size edge in pixels */
function png(size) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  const drawn = marks.map((mark) => (size <= crispUpTo ? onPixels(mark, size) : mark));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const pixel = { x: column / size, y: row / size, width: 1 / size, height: 1 / size };
      const inked = Math.min(1, Math.max(...drawn.map((mark) => coverage(mark, pixel, size))));
      const offset = row * (size * 4 + 1) + 1 + column * 4;
      for (let part = 0; part < 3; part++) {
        rows[offset + part] = Math.round((ground[part] ?? 0) * (1 - inked) + (ink[part] ?? 0) * inked);
      }
      rows[offset + 3] = Math.round(255 * plateCoverage(pixel));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // 8 bits a channel, RGBA [PNG 11.2.1]
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** @param {string} type
 *  @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** @param {Rect} rect
 *  @param {number} size
 *  @returns {Rect} */
function onPixels({ x, y, width, height }, size) {
  const snap = (/** @type {number} */ part) => Math.round(part * size) / size;
  const long = (/** @type {number} */ part) => Math.max(1, Math.round(part * size)) / size;
  return { x: snap(x), y: snap(y), width: long(width), height: long(height) };
}

/** @param {Rect} rect
 *  @param {Rect} pixel
 *  @param {number} size
 *  @returns {number} which part of the pixel is covered, 0..1 */
function coverage(rect, pixel, size) {
  const wide = Math.min(rect.x + rect.width, pixel.x + pixel.width) - Math.max(rect.x, pixel.x);
  const high = Math.min(rect.y + rect.height, pixel.y + pixel.height) - Math.max(rect.y, pixel.y);
  return Math.max(0, wide) * Math.max(0, high) * size * size;
}

/** @param {Rect} pixel
 *  @returns {number} which part of the pixel lies on the rounded plate, 0..1, from 8 x 8 samples */
function plateCoverage(pixel) {
  const grid = 8;
  let inside = 0;
  for (let sample = 0; sample < grid * grid; sample++) {
    const x = pixel.x + (((sample % grid) + 0.5) / grid) * pixel.width;
    const y = pixel.y + ((Math.floor(sample / grid) + 0.5) / grid) * pixel.height;
    if (isOnPlate(x, y)) inside += 1;
  }
  return inside / (grid * grid);
}

/** @param {number} x
 *  @param {number} y */
function isOnPlate(x, y) {
  const dx = Math.max(plate.x + plate.radius - x, 0, x - (plate.x + plate.width - plate.radius));
  const dy = Math.max(plate.y + plate.radius - y, 0, y - (plate.y + plate.height - plate.radius));
  return Math.hypot(dx, dy) <= plate.radius;
}
