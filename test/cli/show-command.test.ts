import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src-main/cli/run-command.ts';
import { formatShow } from '../../src-main/contract/parse-show.ts';
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { markerPath } from '../../src-main/platform/show-marker.ts';
import { arbitraryShow } from '../arbitrary-show.ts';
import { sampleShow } from '../show-samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const show = sampleShow('one', 3);

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const into = (name: keyof typeof written) => ({
    write: (text: string, done?: () => void) => {
      written[name] += text;
      done?.();
    },
  });
  const code = await runCommand(['show', ...args], { stdout: into('stdout'), stderr: into('stderr') });
  return { code, ...written };
}

function folderWith(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

describe('flyrail show', () => {
  it('[SX7] exports to standard output, or to a file, and nothing else', async () => {
    const folder = folderWith({ 'a.flyrail': formatShowFile(show) });
    expect(await run('export', join(folder, 'a.flyrail'))).toEqual({ code: 0, stdout: formatShow(show), stderr: '' });
    const out = join(folder, 'a.json');
    expect(await run('export', join(folder, 'a.flyrail'), '--out', out)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(out, 'utf8')).toBe(formatShow(show));
  });

  it('[SX7] is lossless both ways: what was imported is exported letter for letter', async () => {
    const folder = temporaryFolder();
    const [json, file] = [join(folder, 'x.json'), join(folder, 'x.flyrail')];
    await fc.assert(
      fc.asyncProperty(arbitraryShow, async (document) => {
        const text = formatShow(document);
        writeFileSync(json, text);
        expect(await run('import', json, '--out', file, '--force')).toEqual({ code: 0, stdout: '', stderr: '' });
        const first = readFileSync(file);
        expect((await run('export', file)).stdout).toBe(text);
        await run('export', file, '--out', json, '--force');
        await run('import', json, '--out', file, '--force');
        expect(readFileSync(file)).toEqual(first);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it.each([
    ['no JSON', 'nonsense', /^flyrail: .*bad\.json is not JSON: .*\n$/],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /^flyrail: .*bad\.json is not JSON: .*\n$/],
    ['no show', '[]', /^flyrail: .*bad\.json: expected a show as a JSON object\.\n$/],
    [
      'a newer show',
      JSON.stringify({ ...show, format: 9 }),
      /^flyrail: .*bad\.json: It was made by a newer Flyrail: it has format 9, .* format \d\..*\n$/,
    ],
    [
      'a fault inside',
      JSON.stringify({ ...show, mappings: [{ ...show.mappings[0], source: {} }] }),
      /^flyrail: .*bad\.json: mappings\[0\]\.source\.pattern: expected string, found nothing\.\n$/,
    ],
  ])(
    '[SX8] refuses to import %s with one line that names the file, the path and what was expected',
    async (_, content, line) => {
      const folder = folderWith({ 'bad.json': content });
      const { code, stdout, stderr } = await run(
        'import',
        join(folder, 'bad.json'),
        '--out',
        join(folder, 'x.flyrail'),
      );
      expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 2, stdout: '', lines: 2 });
      expect(stderr).toMatch(line);
      expect(readdirSync(folder)).toEqual(['bad.json']);
    },
  );

  it('[SX8] refuses to export what is no show, and leaves it untouched', async () => {
    const whole = formatShowFile(show);
    const folder = folderWith({ 'text.flyrail': 'hello', 'cut.flyrail': whole.subarray(0, 5000), 'out.json': 'stays' });
    for (const [name, words] of [
      ['text.flyrail', /^flyrail: .*text\.flyrail is not a Flyrail show: it holds something else\.\n$/],
      ['cut.flyrail', /^flyrail: .*cut\.flyrail is damaged: .*\n$/],
      ['nowhere.flyrail', /^flyrail: Cannot read .*nowhere\.flyrail: it is not there\.\n$/],
    ] as const) {
      const path = join(folder, name);
      const before = existsSync(path) ? [readFileSync(path), statSync(path).mtimeMs] : [];
      const { code, stdout, stderr } = await run('export', path, '--out', join(folder, 'out.json'));
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(words);
      expect(existsSync(path) ? [readFileSync(path), statSync(path).mtimeMs] : []).toEqual(before);
    }
    expect(readFileSync(join(folder, 'out.json'), 'utf8')).toBe('stays');
    expect(readdirSync(folder).toSorted()).toEqual(['cut.flyrail', 'out.json', 'text.flyrail']);
  });

  it('[SX17] checks a JSON show without making anything: all that wants a repair, one line each, exit code 2', async () => {
    const bad = {
      ...show,
      bridges: [{ kind: 'clasp', id: 'a', number: 0, name: 'x', settings: { url: 'x', prefix: '/x' } }],
    };
    const folder = folderWith({ 'good.json': formatShow(show), 'bad.json': JSON.stringify(bad) });
    expect(await run('check', join(folder, 'good.json'))).toEqual({
      code: 0,
      stdout: 'Nothing wants a repair.\n',
      stderr: '',
    });
    const { code, stdout, stderr } = await run('check', join(folder, 'bad.json'));
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/^bridges\[0\]\.number: expected .*\n/m);
    expect(stdout).toMatch(/^bridges\[0\]\.settings\.url: expected a URL .*A URL such as .* place\.\n/m);
    expect(readdirSync(folder).toSorted()).toEqual(['bad.json', 'good.json']);
  });

  it('[SX9] imports over a file only when forced', async () => {
    const folder = folderWith({ 'a.json': formatShow(show), 'a.flyrail': 'stays' });
    const args = ['import', join(folder, 'a.json'), '--out', join(folder, 'a.flyrail')];
    expect(await run(...args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is there already\. Add --force/) as string,
    });
    expect(readFileSync(join(folder, 'a.flyrail'), 'utf8')).toBe('stays');
    expect((await run(...args, '--force')).code).toBe(0);
    expect(readFileSync(join(folder, 'a.flyrail'))).toEqual(formatShowFile(show));
  });

  it('[SX15] never exports over the show, by whatever name, nor over another file unless forced', async () => {
    const whole = formatShowFile(show);
    const folder = folderWith({ 'a.flyrail': whole, plain: whole, 'there.json': 'stays' });
    symlinkSync(join(folder, 'a.flyrail'), join(folder, 'link.json'));
    linkSync(join(folder, 'a.flyrail'), join(folder, 'twin.json'));
    for (const [file, out, words] of [
      ['a.flyrail', 'a.flyrail', /An export is text: name it \.json/],
      ['a.flyrail', 'b.FLYRAIL', /An export is text: name it \.json/],
      ['a.flyrail', 'link.json', /expected another file than the show itself/],
      ['a.flyrail', 'twin.json', /expected another file than the show itself/],
      ['plain', 'plain', /expected another file than the show itself/],
    ] as const) {
      for (const force of [[], ['--force']]) {
        const refused = await run('export', join(folder, file), '--out', join(folder, out), ...force);
        expect({ out, code: refused.code, stdout: refused.stdout }).toEqual({ out, code: 2, stdout: '' });
        expect(refused.stderr).toMatch(/^flyrail: .+\n$/);
        expect(refused.stderr).toMatch(words);
      }
    }
    const args = ['export', join(folder, 'a.flyrail'), '--out', join(folder, 'there.json')];
    expect(await run(...args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is there already\. Add --force/) as string,
    });
    expect(readFileSync(join(folder, 'there.json'), 'utf8')).toBe('stays');
    expect((await run(...args, '--force')).code).toBe(0);
    expect(readFileSync(join(folder, 'there.json'), 'utf8')).toBe(formatShow(show));
    for (const name of ['a.flyrail', 'plain']) expect(readFileSync(join(folder, name))).toEqual(whole);
    expect(readdirSync(folder).toSorted()).toEqual(['a.flyrail', 'link.json', 'plain', 'there.json', 'twin.json']);
  });

  it.each([
    ['a number beyond a double', '"cues": [{ "id": "a", "x": [0, 1e400] }]', 'cues[0].x[1]: expected a number up to'],
    [
      'a whole number that would be rounded',
      '"cues": [{ "id": "a" }, { "id": "b", "\\u0041": -9007199254740993 }]',
      'cues[1].A: expected a whole number within',
    ],
    ['a name twice', '"cues": [{ "id": "a", "x": 1, "x": 2 }]', 'cues[0].x: expected it once'],
    ['a list twice', '"cues": [], "cues": []', 'cues: expected it once'],
  ])('[SX16] refuses to import %s, which would change in silence', async (_, member, words) => {
    const text = formatShow(show).replace('"cues": []', member);
    const folder = folderWith({ 'bad.json': text });
    const { code, stderr } = await run('import', join(folder, 'bad.json'), '--out', join(folder, 'x.flyrail'));
    expect(code).toBe(2);
    expect(stderr).toContain(`bad.json: ${words}`);
    expect(stderr).toMatch(/^flyrail: .+\n$/);
    expect(readdirSync(folder)).toEqual(['bad.json']);
  });

  it('[SX16] takes every number that stays what it is', async () => {
    const numbers = [2 ** 53, 2 ** 63, 1e20, 1e22, 1e300, -0.1, 5e-324, Number.MAX_VALUE, -Number.MAX_SAFE_INTEGER];
    const kept = { ...show, cues: [{ id: 'a', numbers, text: 'a "1e400" \\' }] };
    const folder = folderWith({ 'a.json': formatShow(kept) });
    const file = join(folder, 'a.flyrail');
    expect(await run('import', join(folder, 'a.json'), '--out', file)).toMatchObject({ code: 0, stderr: '' });
    expect((await run('export', file)).stdout).toBe(formatShow(kept));
  });

  it('[SX10] exports a show that is open in a living Flyrail, and refuses to import over it, also when forced', async () => {
    const folder = folderWith({ 'a.json': formatShow(show), 'a.flyrail': formatShowFile(sampleShow('old')) });
    const target = join(folder, 'a.flyrail');
    const living = spawn('sleep', ['60']);
    const gone = once(living, 'exit');
    writeFileSync(await markerPath(target), JSON.stringify({ pid: living.pid, host: hostname() }));
    expect((await run('export', target)).stdout).toBe(formatShow(sampleShow('old')));
    const refused = await run('import', join(folder, 'a.json'), '--out', target, '--force');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`is open in a running Flyrail (process ${living.pid} on ${hostname()})`);
    living.kill('SIGKILL');
    await gone;
    expect((await run('import', join(folder, 'a.json'), '--out', target, '--force')).code).toBe(0);
  });

  it('[SX10] refuses to import over an open show by any link to it, and leaves the link', async () => {
    const folder = folderWith({ 'a.json': formatShow(show), 'real.flyrail': formatShowFile(sampleShow('old')) });
    const [real, link] = [join(folder, 'real.flyrail'), join(folder, 'links', 's.flyrail')];
    mkdirSync(join(folder, 'links'));
    symlinkSync(real, link);
    const living = spawn('sleep', ['60']);
    const gone = once(living, 'exit');
    writeFileSync(await markerPath(link), JSON.stringify({ pid: living.pid, host: hostname() }));
    for (const out of [real, link]) {
      const refused = await run('import', join(folder, 'a.json'), '--out', out, '--force');
      expect(refused).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('is open in a running Flyrail') as string,
      });
    }
    expect(readFileSync(real)).toEqual(formatShowFile(sampleShow('old')));
    living.kill('SIGKILL');
    await gone;
    expect((await run('import', join(folder, 'a.json'), '--out', link, '--force')).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(real)).toEqual(formatShowFile(show));
  });

  it('[SX10] through a hard link never touches the open show: the other name gets a file of its own', async () => {
    const folder = folderWith({ 'a.json': formatShow(show), 'real.flyrail': formatShowFile(sampleShow('old')) });
    linkSync(join(folder, 'real.flyrail'), join(folder, 'hard.flyrail'));
    expect((await run('import', join(folder, 'a.json'), '--out', join(folder, 'hard.flyrail'), '--force')).code).toBe(
      0,
    );
    expect(readFileSync(join(folder, 'real.flyrail'))).toEqual(formatShowFile(sampleShow('old')));
  });

  it('[SX8] refuses pipes and devices at once, and leaves them', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no pipes among its files');
    const folder = folderWith({ 'a.json': formatShow(show), 'a.flyrail': formatShowFile(show) });
    const pipe = join(folder, 'pipe.flyrail');
    execFileSync('mkfifo', [pipe]);
    for (const args of [
      ['export', pipe],
      ['export', join(folder, 'a.flyrail'), '--out', '/dev/null', '--force'],
      ['import', pipe, '--out', join(folder, 'b.flyrail')],
      ['import', join(folder, 'a.json'), '--out', pipe],
      ['import', join(folder, 'a.json'), '--out', pipe, '--force'],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toMatch(/^flyrail: Cannot (read|write) .*: it is not a file\.\n$/);
    }
    expect(statSync(pipe).isFIFO()).toBe(true);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('[CL18] names a path with line breaks and escapes in one visible line', async () => {
    const { code, stderr } = await run('export', '/nowhere/x\nflyrail: all is well\u001b[31m.flyrail');
    expect(code).toBe(2);
    expect(stderr).toBe('flyrail: Cannot read /nowhere/x\\nflyrail: all is well\\x1b[31m.flyrail: it is not there.\n');
  });

  it('[SX11] says how it is used', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('show export FILE.flyrail') as string,
      stderr: '',
    });
    const folder = folderWith({ 'a.json': formatShow(show) });
    mkdirSync(join(folder, 'd'));
    for (const args of [
      [],
      ['sing'],
      ['export'],
      ['export', 'a', 'b'],
      ['export', 'a', '--force'],
      ['export', 'a', '--colour'],
      ['import', join(folder, 'a.json')],
      ['import', join(folder, 'a.json'), '--out', join(folder, 'a.json')],
      ['import', join(folder, 'd'), '--out', join(folder, 'a.flyrail')],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toMatch(/^flyrail: .+\n$/);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['a.json', 'd']);
  });
});
