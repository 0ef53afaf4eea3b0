import { describe, expect, it } from 'vitest';
import { capturesOf, fillBody, fillTemplate } from '../../../src-main/core/realtime/templates.ts';

describe('templates', () => {
  it('[HB3] fill what they name, and leave all else in braces as it is', () => {
    const holes = { ...capturesOf(['a', 'b"']), address: '/x' };
    expect(fillTemplate('{1}/{2}/{address}/{value}/{other}{}', holes)).toBe('a/b"//x//{other}{}');
  });

  it('[HB3] keep a body JSON that begins like JSON, or is said to be', () => {
    const parts = { holes: capturesOf(['a"b']), words: 'x"y', json: '"x\\"y"' };
    expect(fillBody('{"v":{value},"t":"is {value}","w":{1},"\\"{1}":0}', 'auto', parts)).toBe(
      '{"v":"x\\"y","t":"is x\\"y","w":"a\\"b","\\"a\\"b":0}',
    );
    expect(fillBody('{value}', 'auto', parts)).toBe('x"y');
    expect(fillBody('{value}', 'json', parts)).toBe('"x\\"y"');
    expect(fillBody('[{value}]', 'text', parts)).toBe('[x"y]');
  });
});
