import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repositoryFiles } from '../tidy/source-file.ts';
import { runCli } from './run-cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = repositoryFiles(root).filter(({ path }) => /^(README|docs\/.*)\.md$/.test(path));
const guide = documents.find(({ path }) => path === 'docs/command-line.md')?.text ?? '';
const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { scripts: Record<string, string> };

/** Texts on the wire that begin as a command does. */
const texts = ['flyrail version 1.0.0', 'flyrail capability proof 1'];

/** What of a document is typed into a shell: code spans, blocks, and lines that are indented. */
function codeOf(text: string): string {
  const pieces = text.matchAll(/^```sh\n([^]*?)^```$|^ {4}(.*)$|`([^`\n]+)`/gm);
  return [...pieces]
    .map(([, block, line, span]) => block ?? line ?? span ?? '')
    .filter((piece) => !texts.includes(piece))
    .join('\n');
}

/** `flyrail` and `npm start --silent --` with a command behind them, and its flags up to the end of the line or of the
 *  command. */
function commandsIn(text: string): { command: string; flags: string[] }[] {
  const lines = codeOf(text).matchAll(/(?:\bflyrail|npm start (?:--silent )?--) ([a-z]+)\b([^\n|#]*)/g);
  return [...lines].map(([, command = '', rest = '']) => ({
    command,
    flags: [...rest.matchAll(/(?<= )--(?!help\b|version\b)[a-z][a-z-]*/g)].map(([flag]) => flag),
  }));
}

async function helpOf(...command: readonly string[]): Promise<string> {
  const { code, stdout } = await runCli(...command, '--help');
  expect(code).toBe(0);
  return stdout;
}

const flagsOf = (help: string): string[] => [...new Set(help.match(/(?<=[\s[])--(?!help\b|version\b)[a-z][a-z-]*/g))];
/** Without those of other commands that its sentences name. */
const ownFlagsOf = (help: string): string[] =>
  flagsOf(
    help
      .split('\n')
      .filter((line) => /^ {2}(--|flyrail )/.test(line))
      .join('\n'),
  );
const commandsOf = (help: string): string[] =>
  [...help.matchAll(/^ {2}flyrail ([a-z]+) /gm)].map(([, command = '']) => command);

describe('commands that documents name', () => {
  it('[RP35] are commands of flyrail, with flags that these have', async () => {
    const named = documents.flatMap(({ path, text }) => commandsIn(text).map((each) => ({ path, ...each })));
    expect(named.length).toBeGreaterThan(100);
    const known = commandsOf(await helpOf());
    const unknown = named.filter(({ command }) => !known.includes(command));
    expect(unknown.map(({ path, command }) => `${path}: flyrail ${command}`)).toEqual([]);
    const flags = new Map<string, string[]>();
    for (const command of known) flags.set(command, flagsOf(await helpOf(command)));
    const strange = named.flatMap(({ path, command, flags: used }) =>
      used.filter((flag) => !flags.get(command)?.includes(flag)).map((flag) => `${path}: flyrail ${command} ${flag}`),
    );
    expect(strange).toEqual([]);
  });

  it('[RP35] are scripts of package.json', () => {
    const named = documents.flatMap(({ text }) =>
      [...text.matchAll(/npm run ([a-z-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('[RP35] stand all in docs/command-line.md, with every flag that their help names', async () => {
    const chapters = new Map(guide.split(/^## /m).map((chapter) => [chapter.split('\n', 1)[0], chapter]));
    const missing: string[] = [];
    for (const command of commandsOf(await helpOf())) {
      const chapter = chapters.get(`flyrail ${command}`) ?? '';
      const flags = ownFlagsOf(await helpOf(command));
      missing.push(...flags.filter((flag) => !chapter.includes(flag)).map((flag) => `flyrail ${command} ${flag}`));
    }
    expect(missing).toEqual([]);
  });
});
