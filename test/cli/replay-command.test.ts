import { describe, expect, it } from 'vitest';
import { runReplayCommand } from '../../src-main/cli/replay-command.ts';
import type { CommandIo } from '../../src-main/cli/command-io.ts';
import { publish, set } from '../core/router/router-fixture.ts';
import type { SetMessage } from '../../src-main/core/protocol/messages.ts';
import { openKeptPast, type KeptSignal } from './kept-past.ts';
import { openOldRouter } from './old-router.ts';
import { runCli } from './run-cli.ts';

const startedAt = 1_795_301_420_000_000;

function many(count: number): KeptSignal[] {
  return Array.from({ length: count }, (_, n) => ({ message: publish('event', '/cue', n), at: startedAt + n }));
}

/** Standard output that takes a line when the test says so. */
class SlowReader {
  readonly lines: string[] = [];
  writableLength = 0;
  readonly #waiting: (() => void)[] = [];

  readonly write = (text: string, done?: (error?: Error | null) => void): void => {
    this.writableLength += text.length;
    this.#waiting.push(() => {
      this.writableLength -= text.length;
      if (text !== '') this.lines.push(text);
      done?.();
    });
  };

  take(): void {
    for (const run of this.#waiting.splice(0)) run();
  }
}

describe('flyrail replay', () => {
  it('[CL137] prints what was kept from a time to a time, in the lines of sub', async () => {
    const setMessage = set('/desk/a', 0.5, { revision: 4n }) as SetMessage;
    const kept: KeptSignal[] = [
      { message: setMessage, at: startedAt + 1 },
      { message: publish('event', '/desk/go', { type: 'string', value: 'now' }), at: startedAt + 2 },
      { message: publish('stream', '/desk/late'), at: startedAt + 9 },
    ];
    const { url, asked } = await openKeptPast(kept);
    const times = ['--from', String(startedAt), '--to', new Date(startedAt / 1000).toISOString().replace('Z', '008Z')];
    expect(await runCli('replay', '/desk/**', ...times, '--url', url)).toEqual({
      code: 0,
      stdout: '/desk/a\tparam\t0.5\n/desk/go\tevent\t"now"\n',
      stderr: '',
    });
    expect(asked[0]).toMatchObject({ pattern: '/desk/**', from: startedAt, to: startedAt + 8 });
    const { stdout } = await runCli('replay', '/desk/**', '--json', '--limit', '1', '--url', url);
    expect(JSON.parse(stdout)).toEqual({
      address: '/desk/a',
      kind: 'param',
      value: 0.5,
      revision: 4,
      timestamp: startedAt + 1,
      at: expect.any(String) as unknown,
      snapshot: false,
      past: true,
    });
  });

  it('[CL137] goes on over pages to the last, each once', async () => {
    const { url, asked } = await openKeptPast(many(2500));
    const { code, stdout } = await runCli('replay', '/**', '--url', url);
    expect(code).toBe(0);
    expect(stdout).toBe(Array.from({ length: 2500 }, (_, n) => `/cue\tevent\t${n}\n`).join(''));
    expect(asked.length).toBeGreaterThan(2);
  });

  it('[CL138] counts back from the router’s now', async () => {
    const { url, asked } = await openKeptPast([]);
    const before = Date.now() * 1000;
    expect(await runCli('replay', '/**', '--from', '-10m', '--to=-1s', '--url', url)).toMatchObject({ code: 0 });
    const [{ from, to } = { from: 0, to: 0 }] = asked;
    expect(to - from).toBe(599_000_000);
    expect(Math.abs(from - (before - 600_000_000))).toBeLessThan(60_000_000);
    const { code, stderr } = await runCli('replay', '/**', '--from', '-1s', '--to', '-1h', '--url', url);
    expect([code, stderr]).toEqual([2, expect.stringContaining('from a time to a later one')]);
  });

  it('[CL139] ends with 1 where nothing is kept, and says how to keep it', async () => {
    const { url } = await openKeptPast();
    expect(await runCli('replay', '/**', '--url', url)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'flyrail: the router answered with ERROR 501: This router keeps no full journal to replay; flyrail serve --journal full does.\n',
    });
  });

  it('[CL139] asks nothing of a router that does not tell its end', async () => {
    const { url, heard } = await openOldRouter();
    const { code, stdout, stderr } = await runCli('replay', '/**', '--url', url);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('does not tell when a replay ends');
    expect(heard).toEqual([]);
  });

  it('[CL140] waits for a reader that stands still, and leaves nothing out', async () => {
    const text = 'x'.repeat(1000);
    const kept = Array.from({ length: 3000 }, (_, n) => ({
      message: publish('event', '/cue', { type: 'string', value: `${n} ${text}` }),
      at: startedAt + n,
    }));
    const { url, asked } = await openKeptPast(kept);
    const reader = new SlowReader();
    const io: CommandIo = { stdout: reader, stderr: reader };
    let code: number | undefined;
    const done = runReplayCommand(['/**', '--url', url], io).then((ended) => (code = ended));
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    while (reader.writableLength <= 1024 * 1024) await turn();
    for (let n = 0; n < 50; n++) await turn();
    // Not the end of what there is: no more is asked for than the reader takes.
    expect([code, asked.length]).toEqual([undefined, 2]);
    while (code === undefined) {
      reader.take();
      await turn();
    }
    await done;
    expect(code).toBe(0);
    expect(reader.lines).toHaveLength(3000);
  });

  it.each([
    ['EPIPE', 0, ''],
    ['ENOSPC', 2, 'flyrail: Cannot write to standard output: '],
  ])('[CL140] a reader that ends with %s ends it with %i', async (fault, expected, words) => {
    const { url, asked } = await openKeptPast(many(5000));
    let stderr = '';
    const error = Object.assign(new Error(fault), { code: fault });
    const io: CommandIo = {
      stdout: { write: (_text, done) => done?.(error) },
      stderr: { write: (text) => (stderr += text) },
    };
    const { runCommand } = await import('../../src-main/cli/run-command.ts');
    expect(await runCommand(['replay', '/**', '--url', url], io)).toBe(expected);
    expect(stderr.startsWith(words)).toBe(true);
    expect(asked).toHaveLength(1);
  });
});
