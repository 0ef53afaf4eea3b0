import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import type { AnnouncedSignal } from '../../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import { AnnouncedSignals } from '../../../../src-main/core/router/state/announced-signals.ts';

const roomy = { announcedMax: 3, announcedBytesMax: 100_000, announcedPatternsMax: 2 };
const signal = (address: string, datatype?: string): AnnouncedSignal => ({
  address,
  kind: 'param',
  ...(datatype && { datatype }),
});
const addresses = (announced: AnnouncedSignals): string[] => [...announced.signals()].map(({ address }) => address);

describe('announced signals', () => {
  it('[RT23] replace what was announced at the same address, and outlive their session', () => {
    const announced = new AnnouncedSignals(roomy);
    announced.announce('one', [signal('/a', 'i32'), signal('/b')]);
    announced.announce('one', [signal('/a', 'f32')]);
    announced.orphan('one');
    announced.announce('two', [signal('/a', 'f64')]);
    announced.orphan('two');
    expect(addresses(announced)).toEqual(['/a', '/b']);
    expect(announced.get('/a')?.datatype).toBe('f64');
  });

  it('[RT362] of those whose session has left, patterns go first while there are too many of them, and no more than must', () => {
    const announced = new AnnouncedSignals({ ...roomy, announcedMax: 4 });
    announced.announce('gone', [signal('/1'), signal('/a/*'), signal('/2'), signal('/b/*')]);
    announced.orphan('gone');
    announced.announce('new', [signal('/c/*')]);
    expect(addresses(announced)).toEqual(['/1', '/2', '/b/*', '/c/*']);
    announced.announce('new', [signal('/3')]);
    expect(addresses(announced)).toEqual(['/2', '/b/*', '/c/*', '/3']);
    announced.announce('new', [signal('/d/*'), signal('/4')]);
    expect(addresses(announced)).toEqual(['/c/*', '/3', '/d/*', '/4']);
    expect(announced.announce('new', [signal('/e/*')])).toMatchObject({ code: 429 });
    expect(announced.size).toBe(4);
  });

  it('[RT24] give way at the limit when their session has left, first those that left first, and are refused otherwise', () => {
    const announced = new AnnouncedSignals(roomy);
    announced.announce('first', [signal('/1')]);
    announced.announce('second', [signal('/2')]);
    announced.announce('stays', [signal('/3')]);
    expect(announced.announce('new', [signal('/4')])).toMatchObject({ code: 429 });
    announced.orphan('second');
    announced.orphan('first');
    expect(announced.announce('new', [signal('/4')])).toBeUndefined();
    expect(addresses(announced)).toEqual(['/1', '/3', '/4']);
    expect(announced.announce('new', [signal('/5'), signal('/6')])).toMatchObject({ code: 429 });
    expect(announced.announce('new', [signal('/4', 'again')])).toBeUndefined();
    expect(announced.size).toBeLessThanOrEqual(3);
  });

  it('[RT24] stay as they are when what comes is refused, also those whose session has left', () => {
    const announced = new AnnouncedSignals(roomy);
    announced.announce('gone', [signal('/1'), signal('/2')]);
    announced.announce('stays', [signal('/3')]);
    announced.orphan('gone');
    expect(announced.announce('new', [signal('/4'), signal('/5'), signal('/6')])).toMatchObject({ code: 429 });
    expect(addresses(announced)).toEqual(['/1', '/2', '/3']);
  });

  it('[RT24] are bounded in bytes', () => {
    const announced = new AnnouncedSignals({ ...roomy, announcedMax: 100, announcedBytesMax: 1000 });
    expect(announced.announce('s', [signal('/a', 'x'.repeat(800))])).toBeUndefined();
    expect(announced.announce('s', [signal('/b', 'x'.repeat(800))])).toMatchObject({ code: 429 });
    // What takes the place of the same size needs no room.
    expect(announced.announce('s', [signal('/a', 'z'.repeat(800))])).toBeUndefined();
    expect(announced.announce('s', [signal('/a', 'y')])).toBeUndefined();
    expect(announced.announce('s', [signal('/b', 'x'.repeat(800))])).toBeUndefined();
  });

  it('[RT260] are found for every address they cover: its own first, then patterns, the most specific in front', () => {
    const announced = new AnnouncedSignals({ ...roomy, announcedMax: 10, announcedPatternsMax: 10 });
    announced.announce('s', [signal('/**'), signal('/desk/*'), signal('/desk/1'), signal('/desk/f*')]);
    const covering = (address: string) => announced.covering(parseAddress(address)).map((each) => each.address);
    expect(covering('/desk/1')).toEqual(['/desk/1', '/desk/*', '/**']);
    expect(covering('/desk/fader')).toEqual(['/desk/f*', '/desk/*', '/**']);
    expect(covering('/lamp')).toEqual(['/**']);
    announced.announce('s', [signal('/desk/*', 'f32')]);
    expect(announced.covering(parseAddress('/desk/2'))[0]?.datatype).toBe('f32');
    expect(covering('/desk/2')).toEqual(['/desk/*', '/**']);
  });

  it('[RT261] are bounded in patterns too: those of sessions that left give way, and no address for them', () => {
    const announced = new AnnouncedSignals({ ...roomy, announcedMax: 10 });
    announced.announce('gone', [signal('/a'), signal('/a/*'), signal('/b/*')]);
    expect(announced.announce('new', [signal('/c/*')])).toMatchObject({ code: 429 });
    expect(announced.announce('gone', [signal('/b/*', 'f32')])).toBeUndefined();
    announced.orphan('gone');
    expect(announced.announce('new', [signal('/b/*', 'f64')])).toBeUndefined();
    expect(announced.announce('new', [signal('/c/*')])).toBeUndefined();
    expect(addresses(announced)).toEqual(['/a', '/b/*', '/c/*']);
    expect(announced.covering(parseAddress('/a/1'))).toEqual([]);
    expect(announced.announce('new', [signal('/d/*')])).toMatchObject({ code: 429 });
  });

  it('[RT23] keep default values on bytes of their own', () => {
    const announced = new AnnouncedSignals(roomy);
    const bytes = new Uint8Array([0, 0, 0, 7]);
    announced.announce('s', [{ ...signal('/a'), meta: { default: new WireValue(0x04, bytes) } }]);
    bytes.fill(0xff);
    expect(announced.get('/a')?.meta?.default?.value).toEqual({ type: 'i32', value: 7 });
  });
});
