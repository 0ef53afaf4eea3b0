import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { PieceCutter } from '../../../src-main/transports/ble/piece-cutter.ts';
import { PieceJoiner } from '../../../src-main/transports/ble/piece-joiner.ts';
import { seededChance, wholeNumber, type Chance } from '../../seeded-chance.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const magic = 0x53;

function joiner(clock = new SimulatedClock()) {
  const frames: Buffer[] = [];
  const counts = { torn: 0 };
  const made = new PieceJoiner({
    clock,
    waitMs: millis(2000),
    onFrame: (bytes) => frames.push(Buffer.from(bytes)),
    onTorn: () => counts.torn++,
  });
  return { joiner: made, frames, counts, clock };
}

function cut(cutter: PieceCutter, frame: Uint8Array, room: number): Buffer[] {
  return [...cutter.cut(frame, () => room)].map((piece) => Buffer.from(piece));
}

function clasp(sizeBytes: number, fill = 7): Buffer {
  return Buffer.concat([Buffer.of(magic), Buffer.alloc(sizeBytes - 1, fill)]);
}

describe('pieces of frames', () => {
  it('[TP90] are not made of a frame that fits, so that it is what it always was', () => {
    expect(cut(new PieceCutter(), clasp(20), 20)).toEqual([clasp(20)]);
  });

  it('[TP90] are marked, numbered, and begin with the length of the frame', () => {
    const cutter = new PieceCutter();
    const frame = Buffer.from('53010018000102030405060708090a0b0c0d0e0f1011121314151617', 'hex');
    expect(cut(cutter, frame, 20).map((piece) => piece.toString('hex'))).toEqual([
      'c0000000001c5301001800010203040506070809',
      'c100010a0b0c0d0e0f1011121314151617',
    ]);
    expect(cut(cutter, clasp(30), 20).map((piece) => piece.toString('hex').slice(0, 12))).toEqual([
      'c0000200001e',
      'c10003070707',
    ]);
  });

  it('[TP90] carry what begins with the mark of a piece, or is no frame', () => {
    const { joiner: into, frames } = joiner();
    const sent = [Buffer.of(0xc0, 1, 2, 3, 4, 5, 6, 7), Buffer.of(0xc1), Buffer.of(0)];
    const cutter = new PieceCutter();
    for (const each of sent) for (const piece of cut(cutter, each, 20)) into.read(piece);
    expect(frames).toEqual(sent);
  });

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    '[TP91] give whole frames, in order and unmixed, whatever is lost; all when nothing is (seed %i)',
    (seed) => {
      const chance = seededChance(seed);
      const lossShare = seed % 3 === 0 ? 0 : chance() * 0.6;
      const { joiner: into, frames, counts } = joiner();
      const cutter = new PieceCutter();
      const sent = Array.from({ length: 80 }, (_, number) => randomFrame(chance, number));
      let room = wholeNumber(chance, 23, 517) - 3;
      let lost = 0;
      for (const frame of sent) {
        for (const piece of cutter.cut(frame, () => room)) {
          if (chance() < 0.01) room = Math.min(514, room + 50);
          if (chance() < lossShare) lost++;
          else into.read(piece);
        }
      }
      // Each has its number in it, so that none can be taken for another.
      let at = 0;
      for (const frame of frames) {
        while (at < sent.length && Buffer.compare(sent[at]!, frame) !== 0) at++;
        expect(at, `a frame of ${frame.length} bytes was never sent, or came late`).toBeLessThan(sent.length);
        at++;
      }
      if (lossShare === 0) expect([frames.length, counts.torn]).toEqual([sent.length, 0]);
      else expect(frames.length).toBeGreaterThanOrEqual(sent.length - lost);
    },
  );

  it('[TP91] carry the largest frame at the smallest MTU', () => {
    const { joiner: into, frames } = joiner();
    const frame = clasp(65_547);
    for (const piece of new PieceCutter().cut(frame, () => 20)) into.read(piece);
    expect(frames).toEqual([frame]);
  });

  it('[TP91] are not taken for others after their numbers have begun again', () => {
    const { joiner: into, frames } = joiner();
    const cutter = new PieceCutter();
    for (let i = 0; i < 40_000; i++) for (const piece of cutter.cut(clasp(21), () => 20)) into.read(piece);
    expect(frames.length).toBe(40_000);
  });

  it('[TP92] are given up when the next one does not come, and the next frame is taken', () => {
    const { joiner: into, frames, counts, clock } = joiner();
    const cutter = new PieceCutter();
    const [first, second] = cut(cutter, clasp(40), 20);
    into.read(first!);
    clock.advance(1999);
    into.read(second!);
    clock.advance(1999);
    expect(counts.torn).toBe(0);
    clock.advance(1);
    expect(counts.torn).toBe(1);
    for (const piece of cut(cutter, clasp(50), 20)) into.read(piece);
    expect([frames, clock.waiting]).toEqual([[clasp(50)], 0]);
  });

  it.each([
    ['a first piece with nothing in it', 'c00000000005'],
    ['a first piece cut short', 'c000'],
    ['a first piece that is longer than its frame', 'c000000000015301'],
    ['a frame that is larger than any', 'c00000ffffff5301'],
    ['a frame without a byte', 'c0000000000053'],
  ])('[TP92] leaves out and counts %s', (_, hex) => {
    const { joiner: into, frames, counts, clock } = joiner();
    into.read(Buffer.from(hex, 'hex'));
    expect([frames.length, counts.torn, clock.waiting]).toEqual([0, 1, 0]);
  });

  it.each([
    ['with nothing in it', 'c10001'],
    ['cut short', 'c1'],
    ['with another number', 'c1000207'],
    ['that is too long', `c10001${'07'.repeat(30)}`],
  ])('[TP92] gives a frame up at a piece %s, and holds nothing of it', (_, hex) => {
    const { joiner: into, frames, counts, clock } = joiner();
    const [first, second] = cut(new PieceCutter(), clasp(30), 20);
    into.read(first!);
    into.read(Buffer.from(hex, 'hex'));
    into.read(second!);
    expect([frames.length, counts.torn, clock.waiting]).toEqual([0, 1, 0]);
  });
});

/** Up to some kilobytes, mostly short, now and then with bytes that look like a mark or a header. */
function randomFrame(chance: Chance, number: number): Buffer {
  const size = chance() < 0.2 ? wholeNumber(chance, 600, 5000) : wholeNumber(chance, 5, 600);
  const bytes = Buffer.from(Array.from({ length: size }, () => oddByte(chance)));
  bytes[0] = chance() < 0.9 ? magic : oddByte(chance);
  bytes.writeUInt16BE(number, 1);
  return bytes;
}

function oddByte(chance: Chance): number {
  const dice = chance();
  if (dice < 0.1) return magic;
  if (dice < 0.2) return 0xc0;
  if (dice < 0.3) return 0xc1;
  return wholeNumber(chance, 0, 255);
}
