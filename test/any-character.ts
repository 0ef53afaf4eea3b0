import fc from 'fast-check';

const surrogatesFrom = 0xd800;
const surrogates = 0x800;
const last = 0x10ffff;

/** Every character of Unicode alone, as a unit of `fc.string`. It draws what fast-check's own unit 'binary' draws, which
 *  lists all 1.1 million of them in a map first: a second of work and 145 MB in every process that tests share. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: last - surrogates })
  .map((index) => String.fromCodePoint(index < surrogatesFrom ? index : index + surrogates), indexOf);

/** How fast-check finds a string that it wants to try, such as `__proto__`, among those that can be drawn. */
function indexOf(character: unknown): number {
  const point = typeof character === 'string' ? (character.codePointAt(0) ?? 0) : 0;
  const index = point < surrogatesFrom ? point : point - surrogates;
  const isLone = point >= surrogatesFrom && point < surrogatesFrom + surrogates;
  if (isLone || character !== String.fromCodePoint(point)) throw new Error('Not one character.');
  return index;
}
