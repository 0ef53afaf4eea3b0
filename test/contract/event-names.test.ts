import { describe, expect, it } from 'vitest';
import { eventFault, eventNameMax, namespaceFault } from '../../src-main/contract/event-names.ts';

describe('names that Socket.IO takes', () => {
  it.each(['lamp', 'chat message', 'lamp/1', 'x'.repeat(eventNameMax), 'constructor', '__proto__'])(
    '[SO2] an event may be called %j',
    (name) => {
      expect(eventFault(name)).toBeUndefined();
    },
  );

  it.each([
    ['', 'an event has a name'],
    ['connect', 'Socket.IO keeps the event connect for itself'],
    ['disconnecting', 'Socket.IO keeps the event disconnecting for itself'],
    ['error', 'Socket.IO keeps the event error for itself'],
    ['x'.repeat(eventNameMax + 1), 'the name of an event has at most 1024 letters'],
  ])('[SO2] no event is called %j', (name, why) => {
    expect(eventFault(name)).toBe(why);
  });

  it.each([
    ['/', undefined],
    ['/stage/left', undefined],
    ['stage', 'a namespace begins with a slash'],
    ['/a,b', 'a namespace has no comma, no question mark and no blank'],
    ['/a?b', 'a namespace has no comma, no question mark and no blank'],
    [`/${'x'.repeat(256)}`, 'the name of a namespace has at most 256 letters'],
  ])('[SO2] the namespace %j is judged', (name, why) => {
    expect(namespaceFault(name)).toBe(why);
  });
});
