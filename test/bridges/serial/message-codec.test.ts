import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf, writeChecksum } from '../../../src-main/bridges/serial/checksums.ts';
import { MessageCodec } from '../../../src-main/bridges/serial/message-codec.ts';
import { checksumKinds } from '../../../src-main/contract/bridges/serial-checksum.ts';
import { serialSettings } from '../bridge-settings.ts';

const codecOf = (some: Record<string, unknown>): MessageCodec => new MessageCodec(serialSettings(some).settings);

function sealed(codec: MessageCodec, message: string | Uint8Array): Buffer {
  const found = codec.seal(Buffer.from(message));
  if (typeof found === 'string') throw new Error(found);
  return Buffer.from(found.stream);
}

describe('checksums of messages', () => {
  // "123456789", as the catalogue of CRC algorithms checks them.
  it.each([
    ['sum8', 0xdd],
    ['xor8', 0x31],
    ['twos', 0x23],
    ['crc8', 0xf4],
    ['crc16-modbus', 0x4b37],
    ['crc16-ccitt', 0x29b1],
    ['crc16-xmodem', 0x31c3],
    ['crc16-kermit', 0x2189],
    ['crc32', 0xcbf43926],
  ] as const)('[SL5] have the published check value: %s', (kind, check) => {
    expect(checksumOf(kind, Buffer.from('123456789'))).toBe(check);
  });

  it('[SL5] stand as bytes of either order, or as digits', () => {
    const write = (written: 'big' | 'little' | 'hex') =>
      Buffer.from(writeChecksum({ kind: 'crc16-modbus', written }, 0x0abc)).toString('latin1');
    expect([write('big'), write('little'), write('hex')]).toEqual(['\x0a\xbc', '\xbc\x0a', '0ABC']);
  });

  it('[SL5] make the sentences and telegrams that others publish', () => {
    // NMEA 0183: XOR of what is between $ and *.
    const nmea = codecOf({
      ...{ sentDelimiter: '\\r\\n', checksum: { kind: 'xor8', written: 'hex', mark: '*', skipFirst: 1 } },
    });
    const sentence = '$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,';
    expect(sealed(nmea, sentence).toString()).toBe(`${sentence}*47\r\n`);
    expect(nmea.open(Buffer.from(`${sentence}*47`), 0)?.toString()).toBe(sentence);
    // Modbus over serial line, appendix: read exception status of slave 2.
    const modbus = codecOf({ framing: 'gap', checksum: { kind: 'crc16-modbus', written: 'little' } });
    expect(sealed(modbus, Uint8Array.of(2, 7)).toString('hex')).toBe('02074112');
    // Intel HEX: two's complement of what stands behind the colon, here as bytes.
    const intel = codecOf({ framing: 'gap', checksum: { kind: 'twos' } });
    expect(sealed(intel, Buffer.from('0300300002337A', 'hex')).at(-1)).toBe(0x1e);
  });

  it('[SL5] cover the length before a message, stand before it, and leave out its ends', () => {
    const over = codecOf({
      ...{ framing: 'length', startBytes: '7E', lengthLeavesOut: 1, checksum: { kind: 'sum8', skipFirst: 1 } },
    });
    expect([...sealed(over, Uint8Array.of(5, 6))]).toEqual([0x7e, 2, 5, 6, 2 + 5 + 6]);
    expect([...(over.open(Uint8Array.of(0x7e, 2, 5, 6, 13), 2) ?? [])]).toEqual([5, 6]);
    const before = codecOf({ framing: 'gap', checksum: { kind: 'sum8', where: 'start', skipFirst: 1, skipLast: 1 } });
    expect([...sealed(before, Uint8Array.of(1, 2, 3, 4))]).toEqual([5, 1, 2, 3, 4]);
    expect([...(before.open(Uint8Array.of(5, 1, 2, 3, 4), 0) ?? [])]).toEqual([1, 2, 3, 4]);
    const out = codecOf({ framing: 'gap', checksum: { kind: 'sum8', on: 'out' } });
    expect([[...sealed(out, Uint8Array.of(9))], [...(out.open(Uint8Array.of(1, 2), 0) ?? [])]]).toEqual([
      [9, 9],
      [1, 2],
    ]);
    const inOnly = codecOf({ framing: 'gap', checksum: { kind: 'sum8', on: 'in' } });
    expect([[...sealed(inOnly, Uint8Array.of(9))], inOnly.open(Uint8Array.of(1, 2), 0)]).toEqual([[9], undefined]);
  });

  it.each(checksumKinds)('[SL6] %s: a message is read back, and one that a byte of was changed is not', (kind) => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        ...[
          bytes,
          fc.constantFrom('big', 'little', 'hex'),
          fc.constantFrom('end', 'start'),
          fc.nat(),
          fc.integer({ min: 1, max: 255 }),
        ],
        (message, written, where, at, change) => {
          const codec = codecOf({ framing: 'gap', checksum: { kind, written, where } });
          const frame = sealed(codec, message);
          expect(codec.open(frame, 0)).toEqual(Buffer.from(message));
          const index = at % frame.length;
          const digit = frame[index] ?? 0;
          frame[index] = digit ^ change;
          // The same digit in the other case is the same.
          if (String.fromCharCode(digit).toUpperCase() === String.fromCharCode(frame[index] ?? 0).toUpperCase()) return;
          expect(codec.open(frame, 0)).toBeUndefined();
        },
      ),
      { seed: 20261123, numRuns: 300 },
    );
  });

  it('[SL6] are wrong where a message is too short to have one', () => {
    const codec = codecOf({ framing: 'gap', checksum: { kind: 'crc32', mark: '*' } });
    for (let size = 0; size < 6; size++) expect(codec.open(new Uint8Array(size), 0)).toBeUndefined();
  });
});
