import { describe, expect, it } from 'vitest';
import { serialReceiveSchema } from '../../../src-main/contract/bridges/serial-receive.ts';

describe('a rule for what a serial device says', () => {
  it.each<[Record<string, unknown>, string, RegExp]>([
    [{ pattern: '' }, 'pattern', /expected a message/],
    [{ pattern: '{a:zz}' }, 'pattern', /no such form/],
    [{ how: 'regex', pattern: '(a+)+\\1' }, 'pattern', /is not in it/],
    [{ pattern: '{a}', to: '/x/{b}' }, 'to', /name of a value in place of \{b\}/],
    [{ pattern: 'READY' }, 'to', /without \{field\}/],
    [{ how: 'layout' }, 'to', /without \{field\}/],
    [{ how: 'layout', begins: '1', fields: [{ name: 'a', at: 0 }] }, 'begins', /hexadecimal/],
    [{ how: 'layout', fields: [0, 1].map((at) => ({ name: 'a', at })) }, 'fields', /each name once/],
  ])('[SL26] says what to repair: %j', (rule, path, words) => {
    const { error } = serialReceiveSchema.safeParse(rule);
    expect((error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [path, expect.stringMatching(words)],
    ]);
  });
});
