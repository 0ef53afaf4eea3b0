import { resolve } from 'node:path';
import { InputError } from '../contract/errors.ts';
import { hidNameSchema } from '../contract/hid-control.ts';
import { builtFiles } from './built-files.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { chooseLayout } from '../platform/hid/choose-layout.ts';
import { createHidAccess } from '../platform/hid/hid-access.ts';
import { tryHidName } from '../platform/hid/hid-identity.ts';
import { listHidDevices, type HidDeviceEntry } from '../platform/hid/list-hid-devices.ts';
import { createSystemClock } from '../platform/system-clock.ts';
import { visibleJson, visibleText } from '../platform/visible-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { HidAccess, NamedLayout } from '../ports/hid-ports.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { learnHidControl, watchHidDevice } from './hid-watch.ts';
import { print } from './print.ts';
import { writeHidLayout } from './write-hid-layout.ts';

const usage = `flyrail hid: game pads, foot switches, shuttles, 3D mice and other HID devices of this machine

  flyrail hid list [--json]
      what is plugged in, by what a HID bridge finds it by (its setting "device")
  flyrail hid layouts [--json]
      what is known of which devices: layouts that come with Flyrail, and those of the folder hid in the data folder
  flyrail hid watch DEVICE [--part PAGE/USAGE] [--all] [--json]
      print each report in which something changed: its bytes, the bits, and what the controls of its layout say; leave the
      device alone for the first second, then what changes by itself is left out (--all: it is not)
  flyrail hid learn DEVICE NAME [--part PAGE/USAGE] [--write LAYOUT]
      leave the device alone for a second, then press or move one control a few times: it is printed as JSON, as the settings of
      a bridge have it ("controls"); --write puts it into LAYOUT.json in the folder hid of the data folder instead

  --data DIR   the data folder of the Flyrail that is meant

Exit codes: 0 done, 1 this machine has no HID, or nothing was pressed within 20 s, 2 a bad flag or no such device.
`;

const options = {
  json: { type: 'boolean' },
  all: { type: 'boolean' },
  part: { type: 'string' },
  write: { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export interface HidSurroundings {
  readonly clock: Clock;
  /** @param own folder of the operator's layouts */
  readonly access: (own: string) => HidAccess;
}

const machine: HidSurroundings = {
  clock: createSystemClock(),
  access: (own) => createHidAccess(createSystemClock(), { builtIn: builtFiles().hidLayouts, own }),
};

/** Runs `flyrail hid …`. It needs no Flyrail that runs, and disturbs none.
 *  @throws AppError with one sentence */
export async function runHidCommand(args: readonly string[], io: CommandIo, around = machine): Promise<number> {
  const { values, positionals } = parseCommandArgs('hid', args, options);
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  const [verb, device, name, ...more] = positionals;
  const words = [device, name, ...more].filter((word) => word !== undefined).length;
  const own = dataPaths(resolve(values.data ?? defaultDataFolder())).hidLayouts;
  const access = around.access(own);
  const { json = false, all = false, part = '', write } = values;
  if (verb === 'list' && words === 0) return list(access, io, json);
  if (verb === 'layouts' && words === 0) return listLayouts(access, io, json);
  const wanted = { device: requireDevice(device, verb), part: requirePart(part), access, clock: around.clock };
  if (verb === 'watch' && words === 1) return watchHidDevice(wanted, io, { json, all });
  if (verb !== 'learn' || words !== 2)
    throw badFlag('hid', 'expected list, layouts, watch DEVICE or learn DEVICE NAME');
  const parsed = hidNameSchema.safeParse(name);
  if (!parsed.success) throw badFlag('hid', `expected a name such as go or left/x, found ${visibleText(String(name))}`);
  if (write !== undefined && !/^[A-Za-z0-9._-]{1,100}$/.test(write))
    throw badFlag(
      'hid',
      `expected the name of a layout in letters, digits, dots, - and _, found ${visibleText(write)}`,
    );
  const control = await learnHidControl(wanted, io, parsed.data);
  if (!control) return exitCode.failed;
  if (write === undefined) await print(io.stdout, `${JSON.stringify(control)}\n`);
  else
    await print(
      io.stdout,
      `${visibleText(await writeHidLayout(control, { folder: own, id: write, device: wanted.device }))}\n`,
    );
  return exitCode.ok;
}

function requireDevice(device: string | undefined, verb: string | undefined): string {
  if (verb !== 'watch' && verb !== 'learn')
    throw badFlag('hid', 'expected list, layouts, watch DEVICE or learn DEVICE NAME');
  if (device !== undefined && tryHidName(device)) return device;
  throw new InputError(
    'bad-flag',
    `expected a device as flyrail hid list prints it, as in hid=0b33:0020, found ${visibleText(device ?? 'nothing')}.`,
  );
}

function requirePart(part: string): string {
  if (/^([0-9a-f]{1,4}\/[0-9a-f]{1,4})?$/.test(part)) return part;
  throw badFlag('hid', `--part: expected page and usage in hexadecimal, as in 1/5, found ${visibleText(part)}`);
}

async function list(access: HidAccess, io: CommandIo, json: boolean): Promise<number> {
  const [{ devices, problem }, { layouts }] = await Promise.all([listHidDevices(access.ports), access.layouts()]);
  if (problem !== null) {
    io.stderr.write(`flyrail: ${visibleText(problem)}\n`);
    return exitCode.failed;
  }
  const known = devices.map((entry) => ({ entry, layout: layoutFor(layouts, entry) }));
  if (json) await print(io.stdout, known.map((each) => `${visibleJson(JSON.stringify(jsonOf(each)))}\n`).join(''));
  else if (known.length === 0) await print(io.stdout, 'No HID device is plugged in.\n');
  else
    await print(
      io.stdout,
      known
        .map(({ entry, layout }) => [
          entry.device,
          entry.words,
          entry.parts.join(','),
          layout ? `layout ${layout.id}` : '',
        ])
        .map((parts) => `${visibleText(parts.filter(Boolean).join('  '))}\n`)
        .join(''),
    );
  return exitCode.ok;
}

function jsonOf({ entry, layout }: { entry: HidDeviceEntry; layout: NamedLayout | undefined }) {
  const { device, words, serialNumber, path, part, parts } = entry;
  return { device, words, serialNumber, path, part, parts, layout: layout?.id ?? null };
}

function layoutFor(layouts: readonly NamedLayout[], { info }: HidDeviceEntry): NamedLayout | undefined {
  return chooseLayout(layouts, info, '');
}

async function listLayouts(access: HidAccess, io: CommandIo, json: boolean): Promise<number> {
  const { layouts, faults } = await access.layouts();
  const lines = layouts.map(({ id, isOwn, layout: { name, devices } }) => {
    const ids = devices.map(({ vendor, product }) => `${vendor}:${product}`.toLowerCase());
    if (json) return visibleJson(JSON.stringify({ id, name, own: isOwn, devices: ids }));
    return visibleText(`${id}  ${name}  ${ids.join(' ')}${isOwn ? '  (own)' : ''}`);
  });
  await print(io.stdout, lines.map((line) => `${line}\n`).join(''));
  for (const fault of faults) io.stderr.write(`flyrail: ${visibleText(fault)}\n`);
  return faults.length > 0 ? exitCode.failed : exitCode.ok;
}
