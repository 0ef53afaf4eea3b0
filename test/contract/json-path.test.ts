import { describe, expect, it } from 'vitest';
import { readJsonPath, tryJsonPath } from '../../src-main/contract/json-path.ts';
import { fromJson } from '../../src-main/contract/signal.ts';

const value = fromJson({ state: { brightness: 7, 'on off': true }, list: [1, [2, 3]], "it's": 'x', 'color-temp': 4 });

describe('a path into JSON', () => {
  it.each([
    ['$', value],
    ['$.state.brightness', fromJson(7)],
    ["$.state['on off']", fromJson(true)],
    ['$["state"]["brightness"]', fromJson(7)],
    ['$.list[0]', fromJson(1)],
    ['$.list[-1][1]', fromJson(3)],
    [String.raw`$['it\'s']`, fromJson('x')],
    ['$.color-temp', fromJson(4)],
    ['$.none', undefined],
    ['$.state[0]', undefined],
    ['$.list.length', undefined],
    ['$.list[9]', undefined],
    ['$.__proto__', undefined],
  ])('[MQ4] %s', (text, found) => {
    const path = tryJsonPath(text);
    expect(path && readJsonPath(value, path)).toEqual(found);
    expect(path).toBeDefined();
  });

  it.each([
    '',
    'state',
    '$state',
    '$.',
    '$..a',
    '$[*]',
    '$.a[',
    '$[?(@.a)]',
    "$['a]",
    '$[1:2]',
    '$.a'.padEnd(90, '.a'),
  ])('[MQ4] leads to one place and runs nothing: %j is none', (text) => {
    expect(tryJsonPath(text)).toBeUndefined();
  });
});
