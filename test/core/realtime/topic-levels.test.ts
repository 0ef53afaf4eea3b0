import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryAddress } from '../../../src-main/contract/address.ts';
import { pathOfTopic, topicOfPath } from '../../../src-main/core/realtime/topic-levels.ts';

const pieces = ['a', '%', '%25', '%2B', '%23', '%2A', '%00', '%0A', '25', '2B', '/', 'é', '$SYS', '2b'];
const textOf = (more: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces, ...more), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));

describe('a topic and the path that stands for it', () => {
  it.each([
    ['a/b', '/a/b'],
    ['$SYS/broker/uptime', '/$SYS/broker/uptime'],
    ['/a', '/%00/a'],
    ['a//b', '/a/%00/b'],
    ['a/', '/a/'],
    ['/', '/%00/'],
    ['level 50%', '/level 50%'],
    ['a*\n', '/a%2A%0A'],
    ['%2B', '/+'],
    ['%2A', '/%252A'],
    ['a%2B%252B', '/a+%2B'],
    ['%00/%00', '/%2500/%00'],
  ])('[MQ1] %j is %j, and back', (topic, path) => {
    expect(pathOfTopic(topic)).toBe(path);
    expect(topicOfPath(path)).toBe(topic);
  });

  it('[MQ1] have the same meaning both ways, for every topic and for every address', () => {
    fc.assert(
      fc.property(textOf(['*', '\n', '\u007f']), (topic) => {
        const path = pathOfTopic(topic);
        expect(path === '/' || tryAddress(path) !== undefined).toBe(true);
        expect(topicOfPath(path)).toBe(topic);
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(textOf(['+', '#']), (text) => {
        fc.pre(tryAddress(`/${text}`) !== undefined);
        const topic = topicOfPath(`/${text}`);
        expect(topic).not.toMatch(/[+#]/);
        expect(pathOfTopic(topic)).toBe(`/${text}`);
      }),
      { numRuns: 3000 },
    );
  });
});
