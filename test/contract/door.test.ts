import { describe, expect, it } from 'vitest';
import { doorKinds, doorSettingsSchema, foreignDoorKinds, isForeignDoor } from '../../src-main/contract/door.ts';

const takes = (more: object): boolean => doorSettingsSchema.safeParse({ kind: 'http', port: 0, ...more }).success;

describe('settings of a way in', () => {
  it('[WB1] know which kinds do not carry CLASP', () => {
    expect(doorKinds.filter((kind) => foreignDoorKinds.some((each) => each === kind))).toEqual([...foreignDoorKinds]);
    expect(isForeignDoor({ kind: 'http', port: 0 })).toBe(true);
    expect(isForeignDoor({ kind: 'wss', port: 0 })).toBe(false);
  });

  it.each([
    ['https://show.example.org', true],
    ['http://10.0.0.5:8080', true],
    ['*', true],
    ['https://show.example.org/', false],
    ['https://user@show.example.org', false],
    ['http://[::1]:8080', true],
    ['http://show.example.org:80', false],
    ['https://Show.example.org', false],
    ['file:///a', false],
    ['show.example.org', false],
    ['**', false],
  ])('[WB2] an origin is scheme, host and port alone, or a star: %s', (origin, isTaken) => {
    expect(takes({ origins: [origin] })).toBe(isTaken);
  });

  it('[WB1] name services that there are, each once, and at least one', () => {
    expect(takes({ services: ['rest', 'websocket'] })).toBe(true);
    for (const services of [[], ['rest', 'rest'], ['gopher']]) expect(takes({ services })).toBe(false);
  });
});
