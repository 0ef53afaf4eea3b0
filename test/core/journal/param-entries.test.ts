import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '../../../src-main/contract/address.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { sameValue } from '../../../src-main/contract/signal.ts';
import { EntryPacker, unpackParams } from '../../../src-main/core/journal/param-entries.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { paramBytesMax, snapshotSizeOf } from '../../../src-main/core/router/state/param-write.ts';
import type { KeptParam } from '../../../src-main/core/router/state/value-table.ts';
import { arbitraryValue } from '../../arbitrary-signal.ts';

const seed = 20261121;
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const address: fc.Arbitrary<Address> = fc
  .array(fc.stringMatching(/^[a-zA-Z0-9_.é日-]{1,12}$/), { minLength: 1, maxLength: 5 })
  .map((parts) => parseAddress(`/${parts.join('/')}`));
const param: fc.Arbitrary<KeptParam> = fc.record({
  address,
  value: arbitraryValue.map((value) => WireValue.of(value)),
  revision: u64,
  timestamp: fc.nat({ max: 2 ** 52 }).map(micros),
  movedAt: fc.nat({ max: 2 ** 52 }).map(micros),
  writer: fc.string({ unit: 'grapheme', maxLength: 40 }),
  ttl: fc.option(
    fc.record({
      seconds: fc.nat(2 ** 31 - 1),
      absolute: fc.constant(true),
      since: fc.nat({ max: 2 ** 52 }).map(micros),
    }),
    { nil: undefined },
  ),
  isOwn: fc.boolean(),
});

function withSize(kept: KeptParam) {
  return { ...kept, sizeBytes: snapshotSizeOf(kept) };
}

describe('entries of params', () => {
  it('[JR4] give each param back as it was', () => {
    fc.assert(
      fc.property(fc.array(param, { maxLength: 20 }), (params) => {
        const packer = new EntryPacker();
        for (const each of params) expect(packer.add(each.address, withSize(each))).toBe(true);
        const packed = packer.take();
        const back = packed ? [...unpackParams(packed)] : [];
        expect(back.map((each) => ({ ...each, value: 0 }))).toEqual(params.map((each) => ({ ...each, value: 0 })));
        back.forEach((each, i) => {
          expect(each?.value.code).toBe(params[i]?.value.code);
          expect(each && params[i] && sameValue(each.value.value, params[i].value.value)).toBe(true);
        });
      }),
      { seed },
    );
  });

  it('[JR4] are full before a chunk is too large, and take the largest param alone', () => {
    const packer = new EntryPacker();
    const at = parseAddress('/large');
    const room =
      paramBytesMax - snapshotSizeOf({ address: at, value: WireValue.of({ type: 'string', value: '' }), writer: 'w' });
    const value = WireValue.of({ type: 'string', value: 'x'.repeat(room) });
    const large = {
      address: at,
      value,
      revision: 1n,
      timestamp: micros(2),
      movedAt: micros(3),
      writer: 'w',
      isOwn: false,
    };
    const ttl = { seconds: 5, absolute: true, since: micros(2) };
    expect(packer.add(parseAddress('/before/it'), undefined)).toBe(true);
    expect(packer.add(at, withSize({ ...large, ttl }))).toBe(false);
    expect(packer.take()?.bounds).toHaveLength(3);
    expect(packer.add(at, withSize({ ...large, ttl }))).toBe(true);
    const packed = packer.take();
    expect(packed && [...unpackParams(packed)][0]).toMatchObject({ address: '/large', ttl });
    expect(packer.take()).toBeUndefined();
  });

  it('[RT460] say of an absolute TTL when it was given, but for the very largest params', () => {
    const [at, writer] = [parseAddress('/large'), 'w'];
    const ttl = { seconds: 5, absolute: true, since: micros(1) };
    const rest = { revision: 1n, timestamp: micros(9), movedAt: micros(9), isOwn: false };
    const sinceOf = (text: string): number | undefined => {
      const value = WireValue.of({ type: 'string', value: text });
      const packer = new EntryPacker();
      packer.add(at, withSize({ ...{ address: at, value, writer, ttl }, ...rest }));
      const packed = packer.take();
      return packed && [...unpackParams(packed)][0]?.ttl?.since;
    };
    const empty = snapshotSizeOf({ address: at, value: WireValue.of({ type: 'string', value: '' }), writer });
    expect(sinceOf('')).toBe(1);
    expect(sinceOf('x'.repeat(paramBytesMax - empty - 16))).toBe(1);
    expect(sinceOf('x'.repeat(paramBytesMax - empty))).toBe(9);
  });

  it('[JR4] give a sliding TTL back, which counts from the last write', () => {
    const ttl = { seconds: 5, absolute: false, since: micros(1) };
    const [address, value] = [parseAddress('/a'), WireValue.of({ type: 'bool', value: true })];
    const kept = { address, value, revision: 1n, timestamp: micros(9), movedAt: micros(9), writer: 'w', isOwn: false };
    const packer = new EntryPacker();
    packer.add(address, withSize({ ...kept, ttl }));
    const packed = packer.take();
    expect(packed && [...unpackParams(packed)]).toMatchObject([{ ttl: { seconds: 5, absolute: false } }]);
  });

  it('[JR4] say that an address is gone', () => {
    const packer = new EntryPacker();
    packer.add(parseAddress('/gone'), undefined);
    const packed = packer.take();
    expect(packed).toEqual({ bytes: new Uint8Array(Buffer.from('\0\x05/gone')), bounds: Uint32Array.of(2, 7, 7) });
    expect(packed && [...unpackParams(packed)]).toEqual([]);
  });

  it('[JR5] make sense or are left out, whatever bytes they have', () => {
    fc.assert(
      fc.property(param, fc.nat(), fc.nat(255), fc.nat(), (each, at, byte, cut) => {
        const packer = new EntryPacker();
        packer.add(each.address, withSize(each));
        const { bytes, bounds } = packer.take() ?? { bytes: new Uint8Array(), bounds: new Uint32Array() };
        bytes[at % bytes.length] = byte;
        bounds[2] = (bounds[1] ?? 0) + 1 + (cut % ((bounds[2] ?? 0) - (bounds[1] ?? 0)));
        for (const read of unpackParams({ bytes, bounds })) expect(() => read?.value.value).not.toThrow();
      }),
      { seed, numRuns: 2000 },
    );
  });
});
