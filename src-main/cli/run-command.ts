import process from 'node:process';
import { AppError, messageOf } from '../contract/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { exitCode, type CommandIo } from './command-io.ts';

const usage = `flyrail ${packageJson.version}: show and device routing

  flyrail serve        run the router and its bridges; see flyrail serve --help
  flyrail show         export and import show files; see flyrail show --help
  flyrail --version    print the version
  flyrail --help       print this

Exit codes: 0 done, 1 failed, 2 refused (a bad flag, an unreadable file, a port or a folder in use).
`;

/** Runs one command line and gives its exit code; never throws. */
export async function runCommand(args: readonly string[], io: CommandIo = process): Promise<number> {
  try {
    return await run(args, io);
  } catch (error) {
    io.stderr.write(`flyrail: ${oneLine(messageOf(error))}\n`);
    const refused = error instanceof AppError && error.kind !== 'bug';
    if (!refused && error instanceof Error) io.stderr.write(`${error.stack ?? ''}\n`);
    return refused ? exitCode.refused : exitCode.failed;
  }
}

async function run([command, ...rest]: readonly string[], io: CommandIo): Promise<number> {
  if (command === '--version' || command === '-v' || rest.includes('--version')) {
    io.stdout.write(`${packageJson.version}\n`);
    return exitCode.ok;
  }
  switch (command) {
    case 'serve':
      return (await import('./serve-command.ts')).runServeCommand(rest, io);
    case 'show':
      return (await import('./show-command.ts')).runShowCommand(rest, io);
    case '--help':
    case '-h':
      io.stdout.write(usage);
      return exitCode.ok;
    default: {
      const fault = command === undefined ? 'name a command' : `there is no command ${oneLine(command)}`;
      io.stderr.write(`flyrail: ${fault}. flyrail --help lists them.\n`);
      return exitCode.refused;
    }
  }
}

/** A path or a flag may hold line breaks; whoever reads stderr counts on one line. */
function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}
