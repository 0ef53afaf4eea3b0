import fc from 'fast-check';
import { encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message, type Qos } from '../../src-main/core/protocol/messages.ts';
import { messages } from '../core/protocol/arbitraries.ts';
import { vectors } from '../core/protocol/vectors.ts';
import { fromHex } from '../core/protocol/plain-message.ts';
import { boldMessage } from './bold-messages.ts';
import { oneOf, seededChance, wholeNumber, type Chance } from '../seeded-chance.ts';

/** Frames of every kind in any order: sound ones, sound ones with bytes changed, cut off or added, counts and lengths blown
 *  up, and noise. None is larger than a transport lets through.
 *  @param seed the same seed gives the same frames */
export function hostileFrames(seed: number, count: number): Uint8Array[] {
  const chance = seededChance(seed);
  const arbitrary = fc.sample(messages, { seed, numRuns: count });
  return arbitrary.map((message) => {
    if (chance() < 0.4) return frameOf(boldMessage(chance), chance);
    return spoiled(frameOf(known(message, chance), chance), chance);
  });
}

const qosNames: readonly Qos[] = ['fire', 'confirm', 'commit'];
const golden = vectors.map(({ hex }) => fromHex(hex));
/** Sound frames that nest as deep as they fit: values in lists, bundles in bundles. */
const bombs = [
  nested([0x21, 0x0a, 0, 2, 0x2f, 0x76], [0, 1, 0x0a]),
  nested([0x30, 0, 0, 1, 0xff, 0], [0x30, 0, 0, 1, 0xff, 0]),
];

function frameOf(message: Message, chance: Chance): Uint8Array {
  if (chance() < 0.15) return oneOf(chance, golden).slice();
  // A time that comes again makes a request id that comes again.
  const timestamp = chance() < 0.4 ? BigInt(wholeNumber(chance, 0, 50)) : undefined;
  const qos = oneOf(chance, qosNames);
  try {
    return encodeFrame(message, { qos, ...(timestamp !== undefined && { timestamp }) }).slice();
  } catch {
    // Some arbitrary messages are larger than a frame.
    return oneOf(chance, golden).slice();
  }
}

/** Half of what has an address is about what others care for. */
function known(message: Message, chance: Chance): Message {
  if (chance() < 0.5) return message;
  const address = `/${oneOf(chance, ['p', 'e', 'lock', 'ttl', 't', 'hostile'])}/${wholeNumber(chance, 0, 3)}`;
  switch (message.type) {
    case messageType.set:
    case messageType.publish:
    case messageType.get:
      return { ...message, address };
    case messageType.subscribe:
      return { ...message, pattern: oneOf(chance, ['/**', '/p/*', '/**/**/**', address]) };
    default:
      return message;
  }
}

function spoiled(frame: Uint8Array, chance: Chance): Uint8Array {
  switch (oneOf(chance, ['sound', 'sound', 'byte', 'bytes', 'cut', 'longer', 'count', 'noise', 'bomb'] as const)) {
    case 'sound':
      return frame;
    case 'byte':
      return withByte(frame, chance, 0xff);
    case 'bytes':
      return Array.from({ length: 4 }).reduce<Uint8Array>((bytes) => withByte(bytes, chance, 0xff), frame);
    case 'cut':
      return frame.slice(0, wholeNumber(chance, 0, frame.length));
    case 'longer':
      return Uint8Array.from([...frame, ...Array.from({ length: wholeNumber(chance, 1, 40) }, () => chance() * 256)]);
    case 'count':
      return withCount(frame, chance);
    case 'bomb':
      return oneOf(chance, bombs);
    case 'noise':
      return Uint8Array.from({ length: wholeNumber(chance, 0, 300) }, () => chance() * 256);
  }
}

function withByte(frame: Uint8Array, chance: Chance, most: number): Uint8Array {
  return frame.length === 0
    ? frame
    : frame.with(wholeNumber(chance, 0, frame.length - 1), wholeNumber(chance, 0, most));
}

/** Two bytes of the payload become the highest u16: somewhere that is a count or a length. */
function withCount(frame: Uint8Array, chance: Chance): Uint8Array {
  if (frame.length < 7) return frame;
  const place = wholeNumber(chance, 5, frame.length - 2);
  return frame.with(place, 0xff).with(place + 1, 0xff);
}

function nested(head: readonly number[], layer: readonly number[]): Uint8Array {
  const payload = [...head, ...Array.from({ length: 10_000 }, () => layer).flat()];
  return Uint8Array.from([0x53, 0x41, payload.length >> 8, payload.length & 0xff, ...payload]);
}
