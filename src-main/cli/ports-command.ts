import type { SerialPortEntry } from '../contract/device.ts';
import { listSerialPorts } from '../platform/serial/list-serial-ports.ts';
import { visibleJson, visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';

const usage = `flyrail ports: the serial ports of this machine, and who has them open

  flyrail ports [--json]

  --json   a line of JSON for each: path, device (what a bridge finds it by), words, vendorId, productId, serialNumber, usedBy
`;

/** Runs `flyrail ports`. @param list what is plugged in
 *  @throws AppError with one sentence */
export async function runPortsCommand(
  args: readonly string[],
  io: CommandIo,
  list: () => Promise<readonly SerialPortEntry[]> = listSerialPorts,
): Promise<number> {
  const { values, positionals } = parseCommandArgs('ports', args, {
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  if (positionals.length > 0)
    throw badFlag('ports', `expected flags only, found ${visibleText(positionals.join(' '))}`);
  const ports = await list();
  if (values.json) await print(io.stdout, ports.map((port) => `${visibleJson(JSON.stringify(port))}\n`).join(''));
  else await print(io.stdout, ports.length === 0 ? 'No serial port is plugged in.\n' : ports.map(wordLine).join(''));
  return exitCode.ok;
}

function wordLine({ path, device, words, usedBy }: SerialPortEntry): string {
  const parts = [
    path,
    device === path ? '' : device,
    words,
    usedBy ? `in use by ${usedBy.program} (${usedBy.pid})` : '',
  ];
  return `${visibleText(parts.filter(Boolean).join('  '))}\n`;
}
