import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOfPath, bytesOfPath, pathOfAddress, textOfPath } from '../../../src-main/bridges/osc/osc-paths.ts';
import { tryAddress } from '../../../src-main/contract/address.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('paths of OSC devices', () => {
  it.each([
    ['/desk/fader 1', '/desk/fader 1'],
    ['/a#b', '/a#b'],
    ['/Bühne/灯', '/Bühne/灯'],
    ['/a/', '/a/'],
    ['/', '/'],
    ['/100%', '/100%'],
    ['/50%ok', '/50%ok'],
    ['/a//b', '/a/%/b'],
    ['//', '/%/'],
    ['/%', '/%25'],
    ['/a%2Ab', '/a%252Ab'],
    ['/tab\there', '/tab%09here'],
    ['/del\x7f', '/del%7F'],
  ])('[OS24] has %j as %j here', (path, address) => {
    expect(addressOfPath(path)).toBe(address);
    expect(pathOfAddress(address)).toBe(path);
    expect(tryAddress(`/osc${address}`)).toBe(`/osc${address}`);
  });

  it('[OS24] lets an address say what no path of a device can be: a wildcard for the device', () => {
    expect(pathOfAddress('/ch/%2A/mute')).toBe('/ch/*/mute');
    expect(pathOfAddress('/ch/%2a%41/mute')).toBe('/ch/%2a%41/mute');
  });

  it('[OS24] gives every path of any bytes an address of its own, and finds it back from there', () => {
    const byte = fc.oneof(
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom(0x25, 0x2f, 0x2f, 0x32, 0x35, 0x41, 0xc3, 0xa9),
    );
    const path = fc.array(byte, { maxLength: 12 }).map((rest) => Uint8Array.of(0x2f, ...rest));
    fc.assert(
      fc.property(path, path, (one, other) => {
        const [left, right] = [one, other].map((bytes) => addressOfPath(textOfPath(bytes)));
        const back = bytesOfPath(pathOfAddress(left ?? ''));
        expect(back.subarray(0, one.length)).toEqual(one);
        expect([...back.subarray(one.length)].every((zero) => zero === 0) && back.length % 4 === 0).toBe(true);
        expect(left === right).toBe(Buffer.from(one).equals(other));
        // Wildcards are patterns, and never get here.
        if (!left?.includes('*')) expect(tryAddress(`/osc${left ?? ''}`)).toBeDefined();
      }),
      { numRuns: 3000 },
    );
  });

  it('[OS24] keeps a byte that is no UTF-8, beside letters that are', () => {
    const bytes = bytesOf('/\xe9t\xe9/\xc3\xa9');
    expect(addressOfPath(textOfPath(bytes))).toBe('/%E9t%E9/é');
    expect(Buffer.from(bytesOfPath(pathOfAddress('/%E9t%E9/é'))).toString('latin1')).toBe('/\xe9t\xe9/\xc3\xa9\0');
  });
});
