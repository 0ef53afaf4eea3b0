import { createHmac, randomBytes } from 'node:crypto';

const resetTokenBytes = 16;
/** Fewer do not look like a packet. [RFC 9000 10.3] */
const resetBytesMin = 21;
const resetBytesMax = 43;

/** What a peer takes for the word that its connection is no more: it got the token when it connected. A router that began anew
 *  makes the same ones, as long as it has the same certificate.
 *  @see RFC 9000 10.3 */
export class ResetTokens {
  readonly #key: Buffer;

  /** @param secret known to this machine alone: its private key, in PEM
   *  @param port whose connections these are. Of another port's it must not tell the tokens: whoever got one could end them. */
  constructor(secret: string, port: number) {
    this.#key = createHmac('sha256', secret).update(`CLASP over QUIC: stateless reset ${port}`).digest();
  }

  of(connectionId: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(connectionId).digest().subarray(0, resetTokenBytes);
  }

  /** as quiche wants it */
  numberOf(connectionId: Uint8Array): bigint {
    return BigInt(`0x${this.of(connectionId).toString('hex')}`);
  }

  /** @param sizeBytes of what came; the answer is shorter, so that two who know nothing of each other fall silent
   *  @returns undefined where what came was too short for an answer */
  reset(connectionId: Uint8Array, sizeBytes: number): Buffer | undefined {
    const answerBytes = Math.min(sizeBytes - 1, resetBytesMax);
    if (answerBytes < resetBytesMin) return undefined;
    const answer = randomBytes(answerBytes);
    answer[0] = 0x40 | ((answer[0] ?? 0) & 0x3f);
    this.of(connectionId).copy(answer, answerBytes - resetTokenBytes);
    return answer;
  }
}
