import { describe, expect, it } from 'vitest';
import { bool, fromJson, text } from '../../../src-main/contract/signal.ts';
import { TimelineFields } from '../../../src-main/core/timeline/timeline-fields.ts';

const fields = new TimelineFields(
  fromJson({ flag: true, text: 'a', list: [], number: 1.5, none: null, snake_case: 7, long: 'x'.repeat(100) }),
  'keyframes[3]',
);

describe('fields of a timeline', () => {
  it('[TL6] are found by name, in both spellings, and null is none', () => {
    expect([fields.flag('flag'), fields.text('text'), fields.list('list'), fields.number('number')]).toEqual([
      true,
      'a',
      [],
      1.5,
    ]);
    expect([fields.micros('number'), fields.micros('snakeCase')]).toEqual([1, 7]);
    expect([fields.has('none'), fields.has('flag'), fields.has('other')]).toEqual([false, true, false]);
    expect([fields.value('none'), fields.value('other')]).toEqual([{ type: 'null' }, undefined]);
    const getters = ['flag', 'text', 'list', 'number', 'micros'] as const;
    expect(getters.map((get) => fields[get]('none'))).toEqual(getters.map(() => undefined));
    expect(fields.needed('flag', false, 'it')).toBe(false);
  });

  it.each<[() => unknown, string]>([
    [() => fields.flag('text'), 'keyframes[3].text is true or false; got "a".'],
    [() => fields.text('flag'), 'keyframes[3].flag is a text; got true.'],
    [() => fields.list('number'), 'keyframes[3].number is a list; got 1.5.'],
    [() => fields.number('flag'), 'keyframes[3].flag is a finite number; got true.'],
    [() => fields.number('list'), 'keyframes[3].list is a finite number; got array.'],
    [() => fields.number('long'), `keyframes[3].long is a finite number; got "${'x'.repeat(32)}".`],
    [() => fields.needed('other', fields.flag('other'), 'it'), 'keyframes[3].other is it; got nothing.'],
    [() => new TimelineFields(text('a')), 'the value is a map; got "a".'],
    [() => new TimelineFields(bool(false), 'keyframes[0]'), 'keyframes[0] is a map; got false.'],
  ])('[TL8] say where another type is, what was expected and what came', (get, message) => {
    expect(get).toThrow(`In a timeline ${message}`);
  });
});
