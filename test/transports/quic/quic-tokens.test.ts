import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ResetTokens } from '../../../src-main/transports/quic/reset-tokens.ts';
import { RetryTokens } from '../../../src-main/transports/quic/retry-tokens.ts';

const from = { address: '10.0.0.5', port: 5000 };
const [chosen, original] = [randomBytes(20), randomBytes(8)];
const claim = { from, chosenId: chosen };

describe('the proof of an address', () => {
  const tokens = new RetryTokens();
  const token = tokens.mint(claim, original, 1000);

  it('[TP47] gives back the first id of the connection, until it ends', () => {
    expect(tokens.check(token, claim, 1000)).toEqual(original);
    expect(tokens.check(token, claim, 1001)).toBeUndefined();
  });

  it.each([
    ['another address', { ...from, address: '10.0.0.6' }, chosen],
    ['another port', { ...from, port: 5001 }, chosen],
    ['another id', from, randomBytes(20)],
  ])('[TP47] is none for %s', (_what, elsewhere, id) => {
    expect(tokens.check(token, { from: elsewhere, chosenId: id }, 0)).toBeUndefined();
  });

  it('[TP47] is none when any bit of it differs, a part is missing, or another router made it', () => {
    for (let bit = 0; bit < token.length * 8; bit++) {
      const other = Uint8Array.from(token);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(tokens.check(other, claim, 0)).toBeUndefined();
    }
    for (let size = 0; size < token.length; size++)
      expect(tokens.check(token.subarray(0, size), claim, 0)).toBeUndefined();
    expect(new RetryTokens().check(token, claim, 0)).toBeUndefined();
  });
});

describe('the word that a connection is no more', () => {
  it('[TP58] is the same from the same machine at the same port, and no other', () => {
    const token = new ResetTokens('key', 7443).of(chosen);
    expect(new ResetTokens('key', 7443).of(chosen)).toEqual(token);
    for (const other of [new ResetTokens('key', 7444).of(chosen), new ResetTokens('yek', 7443).of(chosen)])
      expect(other).not.toEqual(token);
    expect(new ResetTokens('key', 7443).of(original)).not.toEqual(token);
  });

  it('[TP58] looks like a packet, is shorter than what it answers, and is not said to what is too short', () => {
    const tokens = new ResetTokens('key', 7443);
    for (const size of [22, 40, 44, 1350]) {
      const answer = tokens.reset(chosen, size) ?? Buffer.of();
      expect([(answer[0] ?? 0) >> 6, answer.length < size, answer.length >= 21]).toEqual([1, true, true]);
      expect(answer.subarray(-16)).toEqual(tokens.of(chosen));
    }
    expect(tokens.reset(chosen, 21)).toBeUndefined();
  });
});
