import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { pinStretch } from '../contract/login.ts';

/** scrypt with N 32 768, r 8, p 1: 32 MiB and about a tenth of a second, in a thread of its own.
 *  @param salt hex
 *  @returns hex, 32 bytes */
export async function stretchPin(pin: string, salt: string): Promise<string> {
  const { N, r, p, dkLen } = pinStretch;
  const options = { N, r, p, maxmem: 64 * 1024 * 1024 };
  const key = await (promisify(scrypt) as Scrypt)(pin, Buffer.from(salt, 'hex'), dkLen, options);
  return key.toString('hex');
}

type Scrypt = (password: string, salt: Buffer, length: number, options: object) => Promise<Buffer>;
