import { listMidiPorts } from '../bridges/midi/list-midi-ports.ts';
import type { MidiPortList } from '../contract/device.ts';
import { visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';

const usage = `flyrail midi: the MIDI ports of this machine

  flyrail midi ports [--json]
      list inputs and outputs by the names that a MIDI bridge finds them by (settings "input" and "output")

Exit codes: 0 listed, 1 this machine has no MIDI; why stands there.
`;

const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

/** Runs `flyrail midi …`. It needs no Flyrail that runs.
 *  @throws AppError with one sentence */
export async function runMidiCommand(
  args: readonly string[],
  io: CommandIo,
  list: () => Promise<MidiPortList> = listMidiPorts,
): Promise<number> {
  const { values, positionals } = parseCommandArgs('midi', args, options);
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  if (positionals.length !== 1 || positionals[0] !== 'ports')
    throw badFlag('midi', `expected ports, found ${visibleText(positionals.join(' ')) || 'nothing'}`);
  const ports = await list();
  await print(io.stdout, values.json ? `${JSON.stringify(ports)}\n` : wordsOf(ports));
  return ports.problem === null ? exitCode.ok : exitCode.failed;
}

function wordsOf({ inputs, outputs, problem }: MidiPortList): string {
  if (problem !== null) return `${visibleText(problem)}\n`;
  return linesOf('inputs', inputs) + linesOf('outputs', outputs);
}

function linesOf(word: string, names: readonly string[]): string {
  if (names.length === 0) return `${word}: none\n`;
  return `${word}:\n${names.map((name) => `  ${visibleText(name)}\n`).join('')}`;
}
