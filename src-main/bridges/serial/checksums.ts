import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import crc16ccitt from 'crc/calculators/crc16ccitt';
import crc16kermit from 'crc/calculators/crc16kermit';
import crc16modbus from 'crc/calculators/crc16modbus';
import crc16xmodem from 'crc/calculators/crc16xmodem';
import crc8 from 'crc/calculators/crc8';
import type { SerialChecksum } from '../../contract/bridges/serial-checksum.ts';

type ChecksumKind = SerialChecksum['kind'];

const sums: Readonly<Record<ChecksumKind, (bytes: Uint8Array) => number>> = {
  sum8: sum,
  xor8: (bytes) => bytes.reduce((all, byte) => all ^ byte, 0),
  twos: (bytes) => -sum(bytes) & 0xff,
  crc8: (bytes) => crc8(bytes),
  'crc16-modbus': (bytes) => crc16modbus(bytes),
  'crc16-ccitt': (bytes) => crc16ccitt(bytes),
  'crc16-xmodem': (bytes) => crc16xmodem(bytes),
  'crc16-kermit': (bytes) => crc16kermit(bytes),
  crc32: (bytes) => crc32(bytes),
};

/** @returns a whole number of as many bits as the kind has */
export function checksumOf(kind: ChecksumKind, bytes: Uint8Array): number {
  return sums[kind](bytes) >>> 0;
}

/** As it stands in a message: bytes, or two hexadecimal digits for each. */
export function writeChecksum({ kind, written }: Pick<SerialChecksum, 'kind' | 'written'>, sum: number): Uint8Array {
  const size = sizeOf(kind);
  if (written === 'hex')
    return Buffer.from(
      sum
        .toString(16)
        .toUpperCase()
        .padStart(2 * size, '0'),
      'latin1',
    );
  const bytes = Buffer.alloc(size);
  if (written === 'big') bytes.writeUIntBE(sum, 0, size);
  else bytes.writeUIntLE(sum, 0, size);
  return bytes;
}

/** How many bytes it takes in a message. */
export function checksumSize({ kind, written }: Pick<SerialChecksum, 'kind' | 'written'>): number {
  return written === 'hex' ? 2 * sizeOf(kind) : sizeOf(kind);
}

function sizeOf(kind: ChecksumKind): number {
  if (kind === 'crc32') return 4;
  return kind.startsWith('crc16') ? 2 : 1;
}

function sum(bytes: Uint8Array): number {
  return bytes.reduce((all, byte) => all + byte, 0) & 0xff;
}
