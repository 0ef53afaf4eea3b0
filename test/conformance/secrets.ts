import { describe, expect, it } from 'vitest';
import { secretBytesMax } from '../../src-main/contract/secret.ts';
import type { Secrets } from '../../src-main/ports/secrets.ts';

/** The promises of ports/secrets.ts: every keeper of secrets runs this suite. */
export function describeSecrets(
  name: string,
  open: () => { readonly secrets: Secrets; readonly reopened: () => Secrets },
): void {
  describe(`${name} as a keeper of secrets`, () => {
    it('[SC1] gives back what was set last under a name, also after it was opened anew, and nothing for other names', async () => {
      const { secrets, reopened } = open();
      expect(await secrets.get('desk')).toBeUndefined();
      await secrets.set('desk', 'first');
      await secrets.set('desk', 'Zweites „ß“ 🎭\n');
      await secrets.set('toString', 'x');
      for (const each of [secrets, reopened()]) {
        expect(await each.get('desk')).toBe('Zweites „ß“ 🎭\n');
        expect(await each.get('constructor')).toBeUndefined();
        expect(await each.names()).toEqual(['desk', 'toString']);
      }
    });

    it('[SC2] forgets what is deleted, and says whether there was any', async () => {
      const { secrets, reopened } = open();
      await secrets.set('desk', 'a');
      expect([await secrets.delete('desk'), await secrets.delete('desk')]).toEqual([true, false]);
      expect(await reopened().get('desk')).toBeUndefined();
      expect(await secrets.names()).toEqual([]);
    });

    it('[SC3] refuses names and values that cannot be, in words without the value, and keeps what was there', async () => {
      const { secrets } = open();
      await secrets.set('desk', 'kept');
      const long = 'ß'.repeat(secretBytesMax / 2 + 1);
      for (const [bad, value] of [
        ['', 'hush-hush'],
        ['a/b', 'hush-hush'],
        ['a'.repeat(65), 'hush-hush'],
        ['desk', ''],
        ['desk', long],
      ] as const) {
        const error = await secrets.set(bad, value).catch((cause: unknown) => cause);
        expect(error).toMatchObject({ code: 'bad-arguments' });
        expect((error as Error).message).not.toMatch(/hush|ßß/);
      }
      await secrets.set('largest', 'a'.repeat(secretBytesMax));
      expect([await secrets.get('desk'), (await secrets.get('largest'))?.length]).toEqual(['kept', secretBytesMax]);
    });

    it('[SC4] keeps all of many that are set at once', async () => {
      const { secrets, reopened } = open();
      const names = Array.from({ length: 20 }, (_, i) => `n${String(i).padStart(2, '0')}`);
      await Promise.all(names.map((each, i) => (i % 2 ? secrets : reopened()).set(each, `value of ${each}`)));
      expect(await secrets.names()).toEqual(names);
      expect(await secrets.get('n07')).toBe('value of n07');
    });
  });
}
