import { describe, expect, it } from 'vitest';
import { buildDiscoveryPackets } from '../../../src-main/core/dmx/sacn-discovery.ts';
import { readSacnPacket, type SacnData } from '../../../src-main/core/dmx/sacn-packet.ts';
import { readSourceName } from '../../../src-main/core/dmx/sacn-source.ts';
import { buildSyncPacket } from '../../../src-main/core/dmx/sacn-sync.ts';
import { readUniverseList } from '../../../src-main/core/dmx/sacn-universe-list.ts';
import captured from '../../fixtures/captures/sacn.json' with { type: 'json' };

const cid = '00010203-0405-0607-0809-0a0b0c0d0e0f';
const sourceName = 'Zoë desk';
const bytesOf = (name: keyof typeof captured): Buffer => Buffer.from(captured[name], 'hex');
const hexOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

describe('sACN of the Python package sacn', () => {
  it('[SA28] is read with its name, its priority, and the universe whose sync it waits for', () => {
    const packet = readSacnPacket(bytesOf('python-data')) as SacnData;
    expect(packet).toMatchObject({
      ...{ kind: 'data', cid, priority: 120, syncUniverse: 7000, isPreview: false, universe: 5, startCode: 0 },
      slots: { length: 512, 0: 255, 1: 7, 2: 0 },
    });
    expect(readSourceName(packet.nameBytes)).toBe(sourceName);
  });

  it('[SA26] syncs with the packet that ours makes', () => {
    expect(readSacnPacket(bytesOf('python-sync'))).toEqual({ kind: 'sync', cid, sequence: 0, universe: 7000 });
    expect(hexOf(buildSyncPacket(cid, 0, 7000))).toBe(captured['python-sync']);
  });

  it('[DC29] lists its universes, and what ours says of the same is the same packet', () => {
    expect(readUniverseList(bytesOf('python-discovery'))).toEqual({
      ...{ cid, sourceName, page: 0, lastPage: 0, universes: [5] },
    });
    expect(hexOf(buildDiscoveryPackets({ cid, sourceName }, [5])[0])).toBe(captured['python-discovery']);
  });
});
