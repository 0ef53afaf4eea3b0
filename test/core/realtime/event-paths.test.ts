import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryAddress } from '../../../src-main/contract/address.ts';
import { eventOfPath, pathOfEvent } from '../../../src-main/core/realtime/event-paths.ts';

describe('names of events as paths', () => {
  it.each([
    ['lamp', '/lamp'],
    ['lamp/1', '/lamp/1'],
    ['chat message', '/chat message'],
    ['a+b#', '/a+b#'],
    ['/a', '/%00/a'],
    ['a//b', '/a/%00/b'],
    ['a/', '/a/'],
    ['a*', '/a%2A'],
    ['a\n', '/a%0A'],
    ['50%', '/50%'],
    ['%2A', '/%252A'],
    ['%00/a', '/%2500/a'],
    ['%00', '/%00'],
  ])('[SO1] the event %j is the path %j', (event, path) => {
    expect(pathOfEvent(event)).toBe(path);
    expect(eventOfPath(path)).toBe(event);
  });

  it('[SO1] every name comes back, and every address too', () => {
    const letters = fc.constantFrom('/', '%', '2', '5', 'A', '0', '*', 'a', '\u0001', '\u007f');
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1, maxLength: 12 }), (name) => {
        expect(eventOfPath(pathOfEvent(name))).toBe(name);
        const path = `/${name}`;
        if (tryAddress(path) !== undefined) expect(pathOfEvent(eventOfPath(path))).toBe(path);
      }),
      { numRuns: 3000 },
    );
  });
});
