import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { UdpEndpoint } from '../../platform/udp-socket.ts';

const [expiryBytes, macBytes] = [6, 32];

/** Of whom an address is to be proved. */
export interface Claim {
  /** where the client says that it is */
  readonly from: UdpEndpoint;
  /** the connection id that it is to use from now on */
  readonly chosenId: Uint8Array;
}

/** What a client gets to see only where its packets say that it is: it sends it back, and nothing is kept until then.
 *  @see RFC 9000 8.1.2 */
export class RetryTokens {
  readonly #key = randomBytes(32);

  /** @param originalId the connection id that the client used before
   *  @param expiry milliseconds since the Unix epoch */
  mint(claim: Claim, originalId: Uint8Array, expiry: number): Uint8Array {
    const head = Buffer.alloc(expiryBytes);
    head.writeUIntBE(Math.round(expiry), 0, expiryBytes);
    const body = Buffer.concat([head, originalId]);
    return Buffer.concat([this.#mac(body, claim), body]);
  }

  /** @param now milliseconds since the Unix epoch
   *  @returns the original connection id; undefined for a token of somebody else, of another address, or from long ago */
  check(token: Uint8Array, claim: Claim, now: number): Uint8Array | undefined {
    if (token.length <= macBytes + expiryBytes) return undefined;
    const body = Buffer.from(token.subarray(macBytes));
    if (!timingSafeEqual(token.subarray(0, macBytes), this.#mac(body, claim))) return undefined;
    return body.readUIntBE(0, expiryBytes) < now ? undefined : body.subarray(expiryBytes);
  }

  #mac(body: Uint8Array, { from, chosenId }: Claim): Buffer {
    const head = Buffer.from(`${from.address} ${from.port} ${chosenId.length} `);
    return createHmac('sha256', this.#key).update(head).update(chosenId).update(body).digest();
  }
}
