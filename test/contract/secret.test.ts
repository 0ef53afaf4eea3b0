import { describe, expect, it } from 'vitest';
import { commandArguments } from '../../src-main/contract/command-arguments.ts';
import { secretBytesMax } from '../../src-main/contract/secret.ts';

describe('a secret that is set by a page', () => {
  it('[SC12] is refused without being repeated where its name or size cannot be', () => {
    const refused = [
      { name: 'a/b', value: 'hush' },
      { name: 'a', value: '' },
      { name: 'a', value: 'hush', more: 'hush' },
    ];
    for (const args of [...refused, { name: 'a', value: 'hush'.repeat(secretBytesMax) }]) {
      const { success, error } = commandArguments.setSecret.safeParse(args);
      expect(success).toBe(false);
      expect(JSON.stringify(error)).not.toContain('hush');
    }
    expect(commandArguments.setSecret.safeParse({ name: 'a', value: 'x'.repeat(secretBytesMax) }).success).toBe(true);
  });
});
