import process from 'node:process';
import { AppError, messageOf } from '../contract/errors.ts';
import { visibleText } from '../platform/visible-text.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';

const usage = `flyrail ${packageJson.version}: show and device routing

  flyrail serve        run the router and its bridges; see flyrail serve --help
  flyrail devices      how the bridges of the show stand; see flyrail devices --help
  flyrail midi         list the MIDI ports of this machine; see flyrail midi --help
  flyrail ports        the serial ports of this machine; see flyrail ports --help
  flyrail hid          game pads, foot switches, shuttles and other HID devices; see flyrail hid --help
  flyrail show         export and import show files; see flyrail show --help
  flyrail dmx          what leaves on DMX, and the hands on it; see flyrail dmx --help
  flyrail fixture      profiles of fixtures in a show; see flyrail fixture --help
  flyrail cert         certificates for TLS; see flyrail cert --help
  flyrail audit        who came and what was edited; see flyrail audit --help
  flyrail token        who may connect; see flyrail token --help
  flyrail secret       tokens that this machine shows to others; see flyrail secret --help
  flyrail rendezvous   run a server where devices find each other by HTTP; see flyrail rendezvous --help
  flyrail discover     list what is on the network, or at a rendezvous; see flyrail discover --help
  flyrail access       PINs and paired pages of the interface; see flyrail access --help
  flyrail pair         let a page or a client in by a code; see flyrail pair --help
  flyrail pub          send a signal to a router; see flyrail pub --help
  flyrail sub          print what a router sends; see flyrail sub --help
  flyrail replay       print what a router has kept; see flyrail replay --help
  flyrail get          print the value of a param; see flyrail get --help
  flyrail top          watch what is sent how often; see flyrail top --help
  flyrail --version    print the version
  flyrail --help       print this

Exit codes: 0 done, 1 failed (by a fault inside, or the router refused it or did not answer),
2 refused (a bad flag, an unreadable file, a port or a folder in use, no router), 3 unknown address (get).
`;

/** Runs one command line and gives its exit code; never throws. */
export async function runCommand(args: readonly string[], io: CommandIo = process): Promise<number> {
  // Whoever read the words has gone, or the disk they go to is full: the exit code still says it.
  io.stderr.on?.('error', () => undefined);
  try {
    return await run(args, io);
  } catch (error) {
    io.stderr.write(`flyrail: ${visibleText(messageOf(error))}\n`);
    const refused = error instanceof AppError && error.kind !== 'bug';
    if (!refused && error instanceof Error) io.stderr.write(`${visibleLines(error.stack ?? '')}\n`);
    return refused ? exitCode.refused : exitCode.failed;
  }
}

async function run([command, ...rest]: readonly string[], io: CommandIo): Promise<number> {
  if (command === '--version' || command === '-v' || flagsOf(rest).includes('--version')) {
    await print(io.stdout, `${packageJson.version}\n`);
    return exitCode.ok;
  }
  switch (command) {
    case 'serve':
      return (await import('./serve-command.ts')).runServeCommand(rest, io);
    case 'devices':
      return (await import('./devices-command.ts')).runDevicesCommand(rest, io);
    case 'midi':
      return (await import('./midi-command.ts')).runMidiCommand(rest, io);
    case 'ports':
      return (await import('./ports-command.ts')).runPortsCommand(rest, io);
    case 'hid':
      return (await import('./hid-command.ts')).runHidCommand(rest, io);
    case 'show':
      return (await import('./show-command.ts')).runShowCommand(rest, io);
    case 'dmx':
      return (await import('./dmx-command.ts')).runDmxCommand(rest, io);
    case 'fixture':
      return (await import('./fixture-command.ts')).runFixtureCommand(rest, io);
    case 'cert':
      return (await import('./cert-command.ts')).runCertCommand(rest, io);
    case 'audit':
      return (await import('./audit-command.ts')).runAuditCommand(rest, io);
    case 'token':
      return (await import('./token-command.ts')).runTokenCommand(rest, io);
    case 'secret':
      return (await import('./secret-command.ts')).runSecretCommand(rest, io);
    case 'rendezvous':
      return (await import('./rendezvous-command.ts')).runRendezvousCommand(rest, io);
    case 'discover':
      return (await import('./discover-command.ts')).runDiscoverCommand(rest, io);
    case 'access':
      return (await import('./access-command.ts')).runAccessCommand(rest, io);
    case 'pair':
      return (await import('./pair-command.ts')).runPairCommand(rest, io);
    case 'pub':
      return (await import('./pub-command.ts')).runPubCommand(rest, io);
    case 'sub':
      return (await import('./sub-command.ts')).runSubCommand(rest, io);
    case 'replay':
      return (await import('./replay-command.ts')).runReplayCommand(rest, io);
    case 'get':
      return (await import('./get-command.ts')).runGetCommand(rest, io);
    case 'top':
      return (await import('./top-command.ts')).runTopCommand(rest, io);
    case '--help':
    case '-h':
      await print(io.stdout, usage);
      return exitCode.ok;
    default: {
      const fault = command === undefined ? 'name a command' : `there is no command ${visibleText(command)}`;
      io.stderr.write(`flyrail: ${fault}. flyrail --help lists them.\n`);
      return exitCode.refused;
    }
  }
}

/** Behind `--` there are none. */
function flagsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}
