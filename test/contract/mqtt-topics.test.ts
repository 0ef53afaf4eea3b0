import { describe, expect, it } from 'vitest';
import { filterFault, isShared, topicFault, topicMatcher, wildcardsOf } from '../../src-main/contract/mqtt-topics.ts';

describe('filters of topics', () => {
  it.each([
    ['a/b', 'a/b', []],
    ['a/b', 'a/c', undefined],
    ['+/b/+', 'a/b/', ['a', '']],
    ['a/+', 'a', undefined],
    ['a/#', 'a/b/c', ['b/c']],
    ['a/#', 'a', ['']],
    ['#', '/a', ['/a']],
    ['#', '$SYS/x', undefined],
    ['+/x', '$SYS/x', undefined],
    ['$SYS/#', '$SYS/x', ['x']],
    ['$share/desk/a/+', 'a/b', ['b']],
  ])('[MQ3] %s and %s', (filter, topic, found) => {
    expect(topicMatcher(filter)(topic)).toEqual(found);
  });

  it('[MQ3] and topics are refused where MQTT refuses them, with the reason', () => {
    expect(['a/+/#', '#', '+', '/', '$share/g/#', 'a b'].map(filterFault)).toEqual(Array(6).fill(undefined));
    expect(['a+', 'a/#/b', 'a#', '', '$share/g', '$share/+/a', 'a\0', 'x'.repeat(65_536)].map(filterFault)).toEqual([
      'a + stands alone between slashes',
      'a # stands alone at the end',
      'a # stands alone at the end',
      'it is empty',
      'a shared subscription is $share/group/filter',
      'a shared subscription is $share/group/filter',
      'it holds a NUL character',
      'it is longer than 65535 bytes',
    ]);
    expect([topicFault('a/b'), topicFault('a/+')]).toEqual([undefined, 'a topic to publish to holds no + and no #']);
    expect([wildcardsOf('$share/g/+/a/#'), wildcardsOf('a'), isShared('$share/g/a'), isShared('a')]).toEqual([
      2,
      0,
      true,
      false,
    ]);
  });
});
