import { describe, expect, it } from 'vitest';
import { namesIn, readRegex, readSentTemplate, readTakenTemplate } from '../../src-main/contract/serial-template.ts';

describe('templates of messages', () => {
  it('[SL12] that are sent hold text, bytes and holes; other braces are text', () => {
    expect(readSentTemplate('{"a":{value.pan:03d}}\\r{1}', 'text')).toEqual([
      { text: '{"a":' },
      {
        hole: {
          name: 'value',
          path: ['pan'],
          format: { as: 'number', style: 'd', signed: false, width: 3, fill: '0', decimals: undefined },
        },
      },
      { text: '}' },
      { bytes: [13] },
      { hole: { name: '1', path: [], format: { as: 'auto' } } },
    ]);
    expect(readSentTemplate('02 {value:u16be}{value:A|B}03', 'bytes')).toMatchObject([
      { bytes: [2] },
      { hole: { format: { as: 'binary', type: 'u16be' } } },
      { hole: { format: { as: 'words', yes: 'A', no: 'B' } } },
      { bytes: [3] },
    ]);
  });

  it.each(['{value:zz}', '{value:.2d}', '{value:A|B|C}', '\\q'])(
    '[SL26] that are sent say what is wrong with %s',
    (written) => {
      expect(readSentTemplate(written, 'text')).toEqual(expect.stringMatching(/write /));
    },
  );

  it('[SL26] of bytes say that they are written in hexadecimal', () => {
    expect(readSentTemplate('0x02', 'bytes')).toMatch(/pairs of hexadecimal digits/);
  });

  it('[SL7] that are looked for name each value once', () => {
    const parts = readTakenTemplate('POT{n:int}={value:float} {}{state:A|B|C}');
    expect(typeof parts === 'string' ? parts : namesIn(parts)).toEqual(['n', 'value', 'state']);
    expect(readTakenTemplate('{a}{a}')).toBe('a name stands in it twice');
    expect(readTakenTemplate('{a:|b}')).toMatch(/write \{n:int\}/);
    expect(readTakenTemplate('{}'.repeat(40))).toBe('it has more than 32 holes');
  });

  it('[SL8] that are regular expressions tell their groups, and refuse what may not end in time', () => {
    expect(readRegex('(?<n>\\d+)=(?<value>.*)')).toEqual(['n', 'value']);
    for (const bad of ['(?=a)', '(?<!a)b', '(a)\\1', '(?<a>b)\\k<a>'])
      expect(readRegex(bad)).toMatch(/looks ahead or back/);
    expect(readRegex('\\\\1')).toEqual([]);
    expect(readRegex('(')).toEqual(expect.any(String));
  });
});
