import { describe, expect, it } from 'vitest';
import { claspTxt, readClaspTxt, readTxt, txtPairsMax } from '../../../src-main/core/discovery/txt-record.ts';

const strings = (...texts: string[]) => texts.map((text) => new TextEncoder().encode(text));
const read = (...texts: string[]) => readClaspTxt(readTxt(strings(...texts)));

describe('TXT records', () => {
  it('[DC10] of CLASP routers give version, name, features and the port of the WebSocket', () => {
    expect(read('version=2', 'name=FOH = main', 'features=pes', 'ws=7341')).toEqual({
      version: '2',
      name: 'FOH = main',
      features: ['p', 'e', 's'],
      ws: 7341,
    });
    expect(read()).toEqual({ version: '', name: undefined, features: [], ws: undefined });
  });

  it('[DC10] are written as they are read, with version 2', () => {
    const written = claspTxt({ name: 'Flyrail', features: 'pestg', port: 7330 });
    expect(written.map((bytes) => new TextDecoder().decode(bytes))).toEqual([
      'version=2',
      'name=Flyrail',
      'features=pestg',
      'ws=7330',
    ]);
    expect(readClaspTxt(readTxt(written)).features.join('')).toBe('pestg');
    const long = claspTxt({ name: 'x'.repeat(300), features: 'p', port: 1 });
    expect(Math.max(...long.map(({ length }) => length))).toBe(255);
  });

  it('[DC10] take keys in any case, the first of two, and keys without a value', () => {
    const pairs = readTxt(strings('WS=1', 'ws=2', 'flag', '=nothing', 'empty='));
    expect([...pairs]).toEqual([
      ['ws', '1'],
      ['flag', ''],
      ['empty', ''],
    ]);
  });

  it('[DC11] that are hostile cost little and say nothing', () => {
    const many = readTxt(Array.from({ length: 10_000 }, (_, i) => strings(`k${i}=v`)[0] ?? new Uint8Array()));
    expect(many.size).toBe(txtPairsMax);
    expect(
      readTxt([new Uint8Array(100_000).fill(0x61)])
        .keys()
        .next().value,
    ).toHaveLength(255);
    expect(read('__proto__=x', 'constructor=y', 'features=\x1bppp🎛xyz', 'ws=99999', 'name=\u202e\x07')).toEqual({
      version: '',
      name: undefined,
      features: ['p'],
      ws: undefined,
    });
    for (const ws of ['ws=', 'ws=0', 'ws=-1', 'ws=7330 ', 'ws=0x10', 'ws=1e3']) expect(read(ws).ws).toBeUndefined();
    expect(readTxt([Uint8Array.of(0xff, 0xfe, 0x3d, 0x31)]).size).toBe(0);
  });
});
