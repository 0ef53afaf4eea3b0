import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { runSecretCommand } from '../../src-main/cli/secret-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let folder = temporaryFolder();
beforeEach(() => {
  folder = temporaryFolder();
});

async function run(args: readonly string[], input: readonly (string | Buffer)[] = []) {
  const out: string[] = [];
  const write = (text: string, done?: (error?: Error | null) => void): void => {
    out.push(text);
    done?.();
  };
  const io = { stdout: { write }, stderr: { write } };
  const code = await runSecretCommand([...args, '--data', folder], io, Readable.from(input)).catch(
    (error: unknown) => error,
  );
  return { code, out: out.join('') };
}

const kept = (): string => readFileSync(join(folder, 'secrets.json'), 'utf8');

describe('flyrail secret', () => {
  it('[SC9] keeps what comes on standard input, without the line feed at its end', async () => {
    expect(await run(['set', 'desk'], ['two ', 'words\n'])).toEqual({ code: 0, out: '' });
    expect(JSON.parse(kept())).toMatchObject({ secrets: { desk: { plain: 'two words' } } });
    await run(['set', 'desk'], [Buffer.from([0xc3]), Buffer.from([0x9f])]);
    expect(JSON.parse(kept())).toMatchObject({ secrets: { desk: { plain: 'ß' } } });
  });

  it('[SC9] refuses a secret among its arguments without repeating it, too much, nothing, and what is no text', async () => {
    await run(['set', 'desk'], ['kept']);
    const before = kept();
    const { code } = await run(['set', 'desk', 'hush-hush']);
    expect(code).toMatchObject({ code: 'bad-flag' });
    expect((code as Error).message).not.toContain('hush');
    for (const input of [['x'.repeat(65_537)], ['x'.repeat(70_000)], [], ['\n'], [Buffer.from([0xff])]])
      expect((await run(['set', 'desk'], input)).code).toMatchObject({ code: 'bad-arguments' });
    expect((await run(['set', 'a b'], ['x'])).code).toMatchObject({ code: 'bad-arguments' });
    for (const args of [[], ['set'], ['get', 'desk'], ['list', 'desk'], ['delete']])
      expect((await run(args)).code).toMatchObject({ code: 'bad-flag' });
    expect(kept()).toBe(before);
  });

  it('[SC10] lists names alone, and deletes', async () => {
    await run(['set', 'zeta'], ['hush-1']);
    await run(['set', 'alpha'], ['hush-2']);
    expect(await run(['list'])).toEqual({ code: 0, out: 'alpha\nzeta\n' });
    expect((await run(['delete', 'alpha'])).code).toBe(0);
    expect(await run(['delete', 'alpha'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('no secret alpha') as string,
    });
    expect((await run(['list'])).out).toBe('zeta\n');
  });
});
